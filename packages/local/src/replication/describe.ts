import { formatMs } from "../faults/describe.ts";
import type { LaneStatus } from "./lane-types.ts";

/** One line for each table and pair of regions that has carried or holds something, for people. */
export function describeReplication(lanes: readonly LaneStatus[]): readonly string[] {
  return lanes.filter((lane) => lane.pending > 0 || lane.delivered > 0).map(describeLane);
}

export function describeLane(lane: LaneStatus): string {
  const { pending, blocked, oldestPendingMs, delivered, resent, lastError, lag } = lane;
  const parts = [
    pending > 0 && `${pending} pending, oldest ${formatMs(oldestPendingMs)}${blocked ? ` (${blocked})` : ""}`,
    `${delivered} delivered`,
    resent > 0 && `${resent} resent`,
    lag.count > 0 && `lag p50 ${formatMs(lag.p50Ms)}, p95 ${formatMs(lag.p95Ms)}, max ${formatMs(lag.maxMs)}`,
    lastError !== undefined && `last error: ${lastError}`,
  ];
  return `${lane.table} ${lane.from} → ${lane.to}: ${parts.filter((part) => typeof part === "string").join("; ")}`;
}
