import { originRegion, touchedAtAttribute } from "@antipode/core";
import type { Deployment } from "../platform/deployment.ts";
import type { StreamChange } from "./record.ts";

/** Streams round a record's time down to the second: the change came at some point of that second. */
const arrivalRoundingMs = 999;

/**
 * When this region's stream showed a change, by its clock. A record that is read late (a retry, a replay, a backlog)
 * counts until it arrived, not until it was read.
 */
export function shownAtMs({ arrivedAtMs }: Pick<StreamChange, "arrivedAtMs">, nowMs: number): number {
  return arrivedAtMs === undefined ? nowMs : Math.min(nowMs, arrivedAtMs + arrivalRoundingMs);
}

/**
 * From the write in its region until this region's stream shows it, in ms by both regions' clocks; nothing for own
 * writes and for items that do not say when they were written.
 */
export function replicationLag(
  change: StreamChange,
  deployment: Deployment,
  nowMs: number,
): { readonly peer: string; readonly lagMs: number } | undefined {
  const writer = change.parsed.writer;
  const touchedAt = change.item?.[touchedAtAttribute];
  if (originRegion(writer) === deployment.region || typeof touchedAt !== "number") {
    return undefined;
  }
  return { peer: originRegion(writer), lagMs: Math.max(0, shownAtMs(change, nowMs) - touchedAt) };
}
