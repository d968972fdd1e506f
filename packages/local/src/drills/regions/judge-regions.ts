import type { RegionsHistory, SentRequest } from "./history.ts";
import { allVote, phasesOf } from "./phases.ts";
import { seconds } from "./world-time.ts";

/** What a drill promises of the regions; what is left out is not judged. */
export interface RegionPromises {
  /** ms from the failure until every shopper who was led to the region is served elsewhere. */
  readonly shiftWithinMs?: number;
  /** ms from the mending until shoppers are back. */
  readonly recoverWithinMs?: number;
  /** Regions that stay open to shoppers. */
  readonly activeMin: number;
  /** How often each region is drained at most; 0 where it is not named. */
  readonly drainsMax?: Readonly<Record<string, number>>;
  /** Regions that must be drained once at least. */
  readonly drained?: readonly string[];
  /** How often those near each region are led away from it at most; 0 where it is not named. */
  readonly awaysMax?: Readonly<Record<string, number>>;
  /** Those near a region are led elsewhere all the time. */
  readonly keptAway?: readonly KeptAway[];
  /** Requests that may fail at all. */
  readonly failedMax?: number;
  /** Requests that may fail once shoppers have shifted. */
  readonly failedAfterShiftMax?: number;
  /** What a drill has judged by itself, line by line. */
  readonly alsoBroken?: readonly string[];
}

export interface KeptAway {
  readonly near: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Why, for people. */
  readonly while: string;
}

export interface RegionsVerdict {
  readonly activeMin: number;
  readonly drains: number;
  readonly drainsInHalves: number;
  readonly failed: number;
  readonly failedAfterShift: number;
  readonly broken: readonly string[];
}

export function judgeRegions(history: RegionsHistory, promises: RegionPromises): RegionsVerdict {
  const phases = phasesOf(history);
  const drains = drainsOf(history);
  const activeMin = fewestActive(history);
  const inHalves = drains.filter(({ atMs }) => isInHalves(history, atMs));
  const failed = history.requests.filter(({ end }) => end === "failed");
  const failedLate = failed.filter((request) => isLate(history, request, promises.shiftWithinMs ?? 0));
  return {
    activeMin,
    drains: drains.length,
    drainsInHalves: inHalves.length,
    failed: failed.length,
    failedAfterShift: failedLate.length,
    broken: [
      ...late("shoppers were served elsewhere", phases.shiftedMs, promises.shiftWithinMs),
      ...late("shoppers were back", phases.recoveredMs, promises.recoverWithinMs),
      ...(activeMin < promises.activeMin
        ? [`${activeMin} regions were open at one time, where ${promises.activeMin} stay open`]
        : []),
      ...inHalves.map(({ region }) => `${region} was drained while the regions were in halves`),
      ...wrongDrains(history, drains, promises),
      ...wrongAways(history, promises),
      ...ledBackTooSoon(history, promises),
      ...(promises.alsoBroken ?? []),
      ...tooMany(failed, promises.failedMax, "failed"),
      ...tooMany(
        failedLate,
        promises.failedAfterShiftMax,
        "failed when shoppers had to be served elsewhere already",
      ),
    ],
  };
}

function late(what: string, ms: number | undefined, withinMs: number | undefined): readonly string[] {
  if (withinMs === undefined) return [];
  if (ms === undefined) return [`never: ${what}`];
  return ms <= withinMs ? [] : [`${what} after ${seconds(ms)}, where ${seconds(withinMs)} are promised`];
}

export interface SeenDrain {
  readonly region: string;
  readonly atMs: number;
}

/**
 * Looks in a row without all votes, after which a drain has ended. A region's answers are up to five seconds old, each
 * instance of its function has its own, and looks are three seconds apart: two may leave out a vote that stands. A drain that
 * ended and began anew within so few looks would be taken for the same one; names and shoppers hardly notice that. Counted
 * and not timed, since a look at a silent region takes long, and a machine that hangs sees nothing meanwhile.
 */
const looksToEnd = 3;

/** Each time at which all others began to vote against a region. */
export function drainsOf({ regions, looks }: RegionsHistory): readonly SeenDrain[] {
  return regions.flatMap((region) => {
    const drains: SeenDrain[] = [];
    let without = looksToEnd;
    for (const look of looks) {
      if (look.region !== region) continue;
      if (!allVote(look, regions)) {
        without += 1;
        continue;
      }
      if (without >= looksToEnd) drains.push({ region, atMs: look.atMs });
      without = 0;
    }
    return drains;
  });
}

function isInHalves({ marks }: RegionsHistory, atMs: number): boolean {
  return (
    marks.findLast((mark) => mark.atMs <= atMs && (mark.type === "halves" || mark.type === "whole"))?.type ===
    "halves"
  );
}

/**
 * Answers in a row that led elsewhere, after which a region counts as closed: while it takes a quarter of its shoppers, so
 * many come by chance once in thousands of drills. Counted and not timed, since a machine that hangs sees nothing meanwhile.
 */
const elsewhereMax = 45;

/** The least number of regions at any time to which those near them are led and against which not all others vote. */
export function fewestActive({ regions, names, looks }: RegionsHistory): number {
  const elsewhere = new Map(regions.map((region) => [region, 0]));
  const drained = new Map<string, boolean>();
  const sights = [
    ...names.map((sight) => ({ atMs: sight.atMs, sight })),
    ...looks.map((look) => ({ atMs: look.atMs, look })),
  ].toSorted((left, right) => left.atMs - right.atMs);
  let fewest = regions.length;
  for (const entry of sights) {
    if ("look" in entry) drained.set(entry.look.region, allVote(entry.look, regions));
    else if (entry.sight.to === entry.sight.near) elsewhere.set(entry.sight.near, 0);
    else if (entry.sight.to !== undefined)
      elsewhere.set(entry.sight.near, (elsewhere.get(entry.sight.near) ?? 0) + 1);
    const active = regions.filter(
      (region) => (elsewhere.get(region) ?? 0) < elsewhereMax && drained.get(region) !== true,
    );
    fewest = Math.min(fewest, active.length);
  }
  return fewest;
}

/** Whether it was sent when everybody had to be served elsewhere already, as counted from the last failure before it. */
function isLate({ marks }: RegionsHistory, { sentMs }: SentRequest, shiftWithinMs: number): boolean {
  const broken = marks.findLast(({ type, atMs }) => type === "broken" && atMs <= sentMs);
  return broken !== undefined && sentMs > broken.atMs + shiftWithinMs;
}

function wrongDrains(
  { regions }: RegionsHistory,
  drains: readonly SeenDrain[],
  { drainsMax = {}, drained = [] }: RegionPromises,
): readonly string[] {
  return regions.flatMap((region) => {
    const count = drains.filter((drain) => drain.region === region).length;
    const most = drainsMax[region] ?? 0;
    if (count > most) return [`${region} was drained ${count} times, where ${most} is the most`];
    return count === 0 && drained.includes(region) ? [`${region} was never drained`] : [];
  });
}

/** A neighbourhood is back when its own region is all that it has been led to for so long: ms. */
const steadyMs = 60_000;

/** How often those near a region were led away from it. */
export function awaysOf({ names }: RegionsHistory, near: string): number {
  let aways = 0;
  let lastElsewhereMs = Number.NEGATIVE_INFINITY;
  for (const sight of names) {
    if (sight.near !== near || sight.to === undefined || sight.to === near) continue;
    if (sight.atMs - lastElsewhereMs > steadyMs) aways += 1;
    lastElsewhereMs = sight.atMs;
  }
  return aways;
}

function wrongAways(history: RegionsHistory, { awaysMax = {} }: RegionPromises): readonly string[] {
  return history.regions.flatMap((near) => {
    const count = awaysOf(history, near);
    const most = awaysMax[near] ?? 0;
    return count > most ? [`those near ${near} were led away ${count} times, where ${most} is the most`] : [];
  });
}

function tooMany(failed: readonly SentRequest[], most: number | undefined, what: string): readonly string[] {
  if (most === undefined || failed.length <= most) return [];
  const byRegion = [...Map.groupBy(failed, ({ to }) => to)].map(([to, ones]) => `${ones.length} in ${to}`);
  return [`${failed.length} requests ${what}: ${byRegion.join(", ")}`];
}

function ledBackTooSoon({ names }: RegionsHistory, { keptAway = [] }: RegionPromises): readonly string[] {
  return keptAway.flatMap(({ near, fromMs, toMs, while: why }) => {
    const back = names.find(
      (sight) => sight.near === near && sight.to === near && sight.atMs >= fromMs && sight.atMs < toMs,
    );
    return back === undefined ? [] : [`those near ${near} were led back to it while ${why}`];
  });
}
