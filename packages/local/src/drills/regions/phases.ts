import type { RegionLook, RegionsHistory } from "./history.ts";

/** What happened to a region from when it was broken, each in ms from then; nothing for what did not happen. */
export interface Phases {
  /** The first other region votes against it. */
  readonly detectedMs?: number;
  /** All others do: by what they have seen, or by an operator's word. */
  readonly decidedMs?: number;
  /** Every shopper who was led to it has been served by another region, through the name. */
  readonly shiftedMs?: number;
  /** From when it was mended: the name leads those near it there again, and it serves them. */
  readonly recoveredMs?: number;
  /** From the first vote to all votes. */
  readonly votesAgreeMs?: number;
}

export const allVote = (look: RegionLook, regions: readonly string[]): boolean =>
  look.against.length === regions.length - 1;

/** Of the first region that was broken, or of the one that is named. */
export function phasesOf(history: RegionsHistory, of?: string): Phases {
  const { marks, looks, regions } = history;
  const broken = marks.find((mark) => mark.type === "broken" && (of === undefined || mark.region === of));
  if (broken?.region === undefined) return {};
  const { region, atMs: brokenMs } = broken;
  const after = looks.filter((look) => look.region === region && look.atMs >= brokenMs);
  const since = (atMs: number | undefined) => (atMs === undefined ? undefined : atMs - brokenMs);
  const firstVoteMs = after.find(({ against }) => against.length > 0)?.atMs;
  const allVoteMs = after.find((look) => allVote(look, regions))?.atMs;
  return withoutNothing({
    detectedMs: since(firstVoteMs),
    decidedMs: since(allVoteMs),
    shiftedMs: since(shiftedAtMs(history, region, brokenMs)),
    recoveredMs: recoveredMs(history, region, brokenMs),
    votesAgreeMs: firstVoteMs === undefined || allVoteMs === undefined ? undefined : allVoteMs - firstVoteMs,
  });
}

/** When the last of the shoppers who had been led to the region was first served elsewhere. */
function shiftedAtMs(history: RegionsHistory, region: string, brokenMs: number): number | undefined {
  const served: number[] = [];
  for (const requests of Map.groupBy(history.requests, ({ shopper }) => shopper).values()) {
    const before = requests.findLast(({ sentMs }) => sentMs < brokenMs);
    if (before?.to !== region) continue;
    const elsewhere = requests.find(
      ({ sentMs, to, end }) => sentMs >= brokenMs && to !== region && end === "done",
    );
    if (elsewhere === undefined) return undefined;
    served.push(elsewhere.endedMs);
  }
  return served.length === 0 ? undefined : Math.max(...served);
}

/**
 * When the name led those near the region to it again. It counts once one of them was served there, which takes as long as
 * chance wants while the region is led a share of its shoppers.
 */
function recoveredMs(
  { marks, names, requests }: RegionsHistory,
  region: string,
  brokenMs: number,
): number | undefined {
  const mended = marks.find(
    (mark) => mark.type === "mended" && mark.region === region && mark.atMs > brokenMs,
  );
  if (mended === undefined) return undefined;
  const away = names.findLast(
    ({ near, to, atMs }) => near === region && to !== region && atMs <= mended.atMs,
  );
  const led = names.find(
    ({ near, to, atMs }) => near === region && to === region && atMs > Math.max(mended.atMs, away?.atMs ?? 0),
  );
  const served = requests.find(
    ({ near, to, end, sentMs }) =>
      near === region && to === region && end === "done" && sentMs >= (led?.atMs ?? Number.POSITIVE_INFINITY),
  );
  return led === undefined || served === undefined ? undefined : led.atMs - mended.atMs;
}

const withoutNothing = (phases: { readonly [K in keyof Phases]: Phases[K] | undefined }): Phases =>
  Object.fromEntries(Object.entries(phases).filter(([, ms]) => ms !== undefined));
