import type { Mark, NameSight, RegionLook, RegionsHistory, SentRequest } from "../history.ts";

export const regions = ["us-east-1", "eu-west-1", "ap-south-1", "ap-east-1"];

/** What happens to one region in a forged run; times are ms from the run's beginning. */
export interface ForgedLoss {
  readonly region: string;
  readonly brokenMs: number;
  readonly mendedMs: number;
  /** Each other region votes from its time on, until its other one. */
  readonly votes: Readonly<Record<string, readonly [fromMs: number, toMs: number]>>;
  /** Spans in which those near the region are led to another one. */
  readonly away: readonly (readonly [fromMs: number, toMs: number])[];
  /** ms at which shoppers near it are first served elsewhere. */
  readonly servedMs: number;
}

export const lost = "eu-west-1";
export const others = regions.filter((region) => region !== lost);
const second = 1_000;

/** A region falls silent after 30 s, is out after half a minute, comes back at 120 s, and is led to again at 230 s. */
export const usualLoss: ForgedLoss = {
  region: lost,
  brokenMs: 30 * second,
  mendedMs: 120 * second,
  votes: Object.fromEntries(others.map((other, at) => [other, [(55 + at) * second, 200 * second]])),
  away: [[58 * second, 230 * second]],
  servedMs: 66 * second,
};

const runMs = 300 * second;
const everyMs = 2 * second;
const ticks = Array.from({ length: runMs / everyMs }, (_, tick) => tick * everyMs);
const within = (atMs: number, [fromMs, toMs]: readonly [number, number]) => atMs >= fromMs && atMs < toMs;

/** A run as its observer would have seen it, of a world that behaves as told. */
export function forgeHistory(loss: ForgedLoss = usualLoss): RegionsHistory {
  const marks: Mark[] = [
    { atMs: loss.brokenMs, type: "broken", region: loss.region },
    { atMs: loss.mendedMs, type: "mended", region: loss.region },
  ];
  const isAway = (atMs: number) => loss.away.some((span) => within(atMs, span));
  const isSilent = (atMs: number) => within(atMs, [loss.brokenMs, loss.mendedMs]);
  const names = ticks.flatMap((atMs) =>
    regions.map(
      (near): NameSight => ({ atMs, near, to: near === loss.region && isAway(atMs) ? "us-east-1" : near }),
    ),
  );
  const looks = ticks.flatMap((atMs) =>
    regions.map((region): RegionLook => {
      const isLost = region === loss.region;
      const against = isLost
        ? regions.filter((other) => within(atMs, loss.votes[other] ?? [Number.POSITIVE_INFINITY, 0]))
        : [];
      return { atMs, region, health: isLost && isSilent(atMs) ? undefined : 200, against };
    }),
  );
  const requests = ticks.flatMap((sentMs) =>
    regions.map((near): SentRequest => {
      const common = { shopper: `shopper near ${near}`, near, sentMs, endedMs: sentMs + 100 };
      if (near !== loss.region) return { ...common, to: near, end: "done" };
      const isMoved = sentMs >= loss.servedMs && isAway(sentMs);
      const to = isMoved ? "us-east-1" : near;
      return { ...common, to, end: to === near && isSilent(sentMs) ? "failed" : "done" };
    }),
  );
  return { regions, marks, names, looks, requests };
}
