import { controlPartition } from "../control/heartbeat-item.ts";
import type { Origin } from "../ids/origin.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  isCounter,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import type { Update } from "../ports/items.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { RegionVotes } from "./votes-item.ts";

/*
 * How far behind its stream a region's dispatcher is. The prober writes a round, the stream shows it, the dispatcher writes
 * down that it was there: all in one region, by one clock.
 */

/** The newest own round that the region's own dispatcher has met in the stream. */
export function seenKey(origin: Origin): ItemKey {
  return { pk: controlPartition(origin), sk: "SEEN" };
}

/** Refused where a newer round was met before: a batch that is repeated, or late. */
export function planSeen(round: number, nowMs: number): Update {
  return {
    set: { round, touchedAt: nowMs },
    add: { v: 1 },
    onlyIf: [{ type: "below", attribute: "round", limit: round }],
  };
}

/** Reads a region's `SEEN`: the round. */
export function itemToSeenRound(item: StoredItem): Result<number, ItemNotUnderstood> {
  const { round } = item;
  return isCounter(round) && round > 0 ? ok(round) : err(notUnderstood(item, "round", "not a round"));
}

/**
 * ms for which the oldest own round has waited that the dispatcher has not met; 0 when there is none. Of rounds whose times are
 * forgotten the oldest one that is not.
 */
export function backlogOf(own: RegionVotes | undefined, seenRound: number, nowMs: number): number {
  const waiting = [...(own?.atMsByRound ?? [])].filter(([round]) => round > seenRound);
  return waiting.length === 0 ? 0 : Math.max(0, nowMs - Math.min(...waiting.map(([, atMs]) => atMs)));
}
