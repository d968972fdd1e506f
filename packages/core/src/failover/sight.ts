import { isOrigin, type Origin } from "../ids/origin.ts";
import { type ItemNotUnderstood, isCounter, type StoredItem } from "../items/item.ts";
import { type Drain, drainedRegions } from "../votes/drained.ts";
import { isFresh } from "../votes/freshness.ts";
import type { VoteSettings } from "../votes/settings.ts";
import { type ControlSight, readControlSight, saidBy } from "../votes/vote-view.ts";
import type { FailoverKind, FailoverRecord } from "./record.ts";
import { failoverKey, failoverSubject, itemToFailover } from "./record-item.ts";
import type { FailoverSettings } from "./settings.ts";

/** All that failover and recovery go by: what one region sees of Control, the time, and the settings. */
export interface FailoverView extends ControlSight {
  readonly me: Origin;
  readonly configured: readonly Origin[];
  /** Every region's. */
  readonly records: readonly FailoverRecord[];
  /** The `v` of the own records as they stand, understood or not, by sort key. */
  readonly recordCounters: ReadonlyMap<string, number>;
  /** The newest round of each region that is in sight, whether its `VOTES` are understood or not. */
  readonly rounds: ReadonlyMap<Origin, number>;
  readonly nowMs: number;
  readonly settings: FailoverSettings;
  readonly voteSettings: VoteSettings;
}

/** What a run is about. */
export interface FailoverTask {
  readonly kind: FailoverKind;
  readonly target: Origin;
}

export type FailoverSight = ControlSight & Pick<FailoverView, "records" | "recordCounters" | "rounds">;

/** Reads the items of Control, in any order. */
export function readFailoverSight(me: Origin, items: readonly StoredItem[]): FailoverSight {
  const control = readControlSight(me, items);
  const records: FailoverRecord[] = [];
  const passed: ItemNotUnderstood[] = [];
  const recordCounters = new Map<string, number>();
  const rounds = new Map<Origin, number>();
  for (const item of items) {
    const writer = item.pk.slice("REGION#".length);
    const counter = item["v"];
    if (isOrigin(writer) && item.sk === "VOTES" && isCounter(counter)) {
      rounds.set(writer, counter);
    }
    if (!isOrigin(writer) || failoverSubject(item.sk) === undefined) {
      continue;
    }
    if (writer === me && isCounter(counter)) {
      recordCounters.set(item.sk, counter);
    }
    const read = itemToFailover(item);
    if (read.ok) {
      records.push(read.value);
    } else {
      passed.push(read.error);
    }
  }
  return {
    ...control,
    records,
    recordCounters,
    rounds,
    notUnderstood: [...control.notUnderstood, ...passed],
  };
}

export function recordOf(
  { records }: Pick<FailoverView, "records">,
  { kind, target }: FailoverTask,
  origin: Origin,
): FailoverRecord | undefined {
  return records.find((one) => one.origin === origin && one.kind === kind && one.target === target);
}

export function counterOf(view: FailoverView, { kind, target }: FailoverTask): number | undefined {
  return view.recordCounters.get(failoverKey(view.me, kind, target).sk);
}

export function drainsOf(view: FailoverView): ReadonlyMap<Origin, Drain> {
  return drainedRegions(view, view.voteSettings);
}

/**
 * Whether a region is there, as far as this one knows: it has lately echoed a round of this one, so what is in sight of
 * it is new too. All by the own clock.
 */
function isThere(view: FailoverView, origin: Origin): boolean {
  if (origin === view.me) {
    return true;
  }
  const echoed = saidBy(view, origin)?.heard.get(view.me);
  const echoedMs = echoed === undefined ? undefined : saidBy(view, view.me)?.atMsByRound.get(echoed);
  return echoedMs !== undefined && isFresh(echoedMs, view.voteSettings.echoMaxMs, view.nowMs);
}

/**
 * The regions that may run, the first to do so first: in the order of the list from the target on, the target last. None
 * that is drained, none that is silent.
 */
export function runnersOf(view: FailoverView, target: Origin): readonly Origin[] {
  const drains = drainsOf(view);
  const at = view.configured.indexOf(target);
  const ordered = [...view.configured.slice(at + 1), ...view.configured.slice(0, at + 1)];
  return ordered.filter((origin) => !drains.has(origin) && isThere(view, origin));
}

/**
 * Whether this region may run at all. It is not drained, and it has lately been heard by another one than the target, where
 * there is one, drained or not: who hears nobody goes by old words.
 */
export function mayRun(view: FailoverView, target: Origin): boolean {
  const thirds = view.configured.filter((origin) => origin !== view.me && origin !== target);
  const isHeard = thirds.length === 0 || thirds.some((origin) => isThere(view, origin));
  return isHeard && runnersOf(view, target).includes(view.me);
}

/** Whether it is this region's turn, who has known of it since then. A clock that was set back does not make it wait. */
export function isTurn(view: FailoverView, target: Origin, seenAtMs: number): boolean {
  const rank = runnersOf(view, target).indexOf(view.me);
  const waitMs = rank * view.settings.takeOverMs;
  return rank >= 0 && !isWithin(seenAtMs + waitMs, waitMs, view.nowMs);
}

/** Whether a time that was set at most so far ahead has not come. Further ahead the clock was set back meanwhile. */
export function isWithin(untilMs: number, aheadMaxMs: number, nowMs: number): boolean {
  return untilMs > nowMs && untilMs - nowMs <= aheadMaxMs;
}
