import type { Origin } from "../ids/origin.ts";
import type { FailoverRecord } from "./record.ts";

/**
 * What was done last about a region, by whichever region: for people to look at. Of several that have begun the one that was
 * touched last, by their own clocks.
 */
export function lastRun(records: readonly FailoverRecord[], target: Origin): FailoverRecord | undefined {
  return records
    .filter((record) => record.target === target && record.attempt > 0)
    .reduce<FailoverRecord | undefined>(
      (last, record) => (last === undefined || record.touchedAtMs > last.touchedAtMs ? record : last),
      undefined,
    );
}
