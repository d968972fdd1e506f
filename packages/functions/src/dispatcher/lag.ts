import { originRegion, touchedAtAttribute } from "@antipode/core";
import type { Deployment } from "../platform/deployment.ts";
import type { StreamChange } from "./record.ts";

/** Streams round a record's time down to the second: the change came at some point of that second. */
const arrivalRoundingMs = 999;

/**
 * From the write in its region until this region's stream shows it, in ms by both regions' clocks; nothing for own
 * writes and for items that do not say when they were written. A record that is read late (a retry, a replay, a
 * backlog) counts until it arrived, not until it was read.
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
  const seenAtMs =
    change.arrivedAtMs === undefined ? nowMs : Math.min(nowMs, change.arrivedAtMs + arrivalRoundingMs);
  return { peer: originRegion(writer), lagMs: Math.max(0, seenAtMs - touchedAt) };
}
