import type { Origin } from "../ids/origin.ts";
import type { RegionVotes } from "../votes/votes-item.ts";
import { type LagDay, lagDaysMax, type MeasuredLag } from "./lag-item.ts";
import { mergeLags, summarizeLags } from "./lag-summary.ts";

/** A region's `VOTES` as another one's stream showed it. */
export interface Arrival {
  readonly votes: Pick<RegionVotes, "counter" | "atMsByRound">;
  /** By the clock of the region where it arrived. */
  readonly arrivedAtMs: number;
}

const dayMs = 24 * 60 * 60 * 1_000;

const latest = (one: number | undefined, other: number | undefined) =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);

const dayOf = (ms: number) => Math.floor(ms / dayMs);

/**
 * ms that each round took which is in sight since this arrival and was not before. A round that a later one overtook on
 * the way, as it happens when a link was cut, took until that one arrived: a reader saw no more of it before. Of the first
 * arrival the last round alone counts, since nobody knows when the others came.
 */
function lagsOf({ votes, arrivedAtMs }: Arrival, counted: number | undefined): readonly number[] {
  const before = counted ?? votes.counter - 1;
  return [...votes.atMsByRound]
    .filter(([round]) => round > before && round <= votes.counter)
    .map(([, atMs]) => arrivedAtMs - atMs);
}

/** The day of the newest samples goes on for as long as a clock that was set back says an earlier one. */
function addToDays(
  days: readonly LagDay[],
  lagsMs: readonly number[],
  arrivedAtMs: number,
): readonly LagDay[] {
  const lags = summarizeLags(lagsMs);
  const [newest, ...earlier] = days;
  if (newest === undefined || dayOf(arrivedAtMs) > dayOf(newest.lastMs)) {
    return [{ lags, firstMs: arrivedAtMs, lastMs: arrivedAtMs }, ...days].slice(0, lagDaysMax);
  }
  const lastMs = Math.max(newest.lastMs, arrivedAtMs);
  return [{ ...newest, lags: mergeLags(newest.lags, lags), lastMs }, ...earlier];
}

export interface ArrivalStep {
  readonly to: Origin;
  readonly from: Origin;
  /** A round that is known to have arrived, counted or not: none up to it counts any more. */
  readonly arrivedRound?: number;
}

/**
 * What is known of the way between two regions after some arrivals, in the order in which they came; nothing where all of
 * them were counted before, so a record that comes twice counts once.
 */
export function countArrivals(
  known: MeasuredLag | undefined,
  arrivals: readonly Arrival[],
  { to, from, arrivedRound }: ArrivalStep,
): MeasuredLag | undefined {
  let round = latest(known?.round, arrivedRound);
  let days = known?.days;
  for (const arrival of arrivals) {
    const lagsMs = lagsOf(arrival, round);
    round = latest(round, arrival.votes.counter);
    if (lagsMs.length > 0) {
      days = addToDays(days ?? [], lagsMs, arrival.arrivedAtMs);
    }
  }
  return round === undefined || days === undefined || days === known?.days
    ? undefined
    : { to, from, counter: (known?.counter ?? 0) + 1, round, days };
}
