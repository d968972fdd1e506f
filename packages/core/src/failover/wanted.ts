import type { Origin } from "../ids/origin.ts";
import { type OriginOrder, originOrder } from "./desired.ts";
import { drainIdOf } from "./drain-id.ts";
import type { FailoverRecord } from "./record.ts";
import { timesResumed } from "./resumed.ts";
import { isAsNewAs } from "./rounds.ts";
import { drainsOf, type FailoverTask, type FailoverView, recordOf } from "./sight.ts";

/** What is to be done about a region: about which drain, with which regions drained, and with the CDN's origins in which order. */
export interface Wanted {
  readonly drainId: string;
  readonly drained: readonly Origin[];
  readonly order: OriginOrder;
}

/** Failover records of a region that did something. */
export function failoversOf(view: FailoverView, target: Origin): readonly FailoverRecord[] {
  return view.records.filter((one) => one.kind === "failover" && one.target === target && one.attempt > 0);
}

/** Whether a recovery in sight has ended what a failover record says. */
export function isRecovered(view: FailoverView, record: FailoverRecord): boolean {
  return view.records.some(
    ({ kind, target, outcome, drainId, covered }) =>
      kind === "recovery" &&
      target === record.target &&
      ((outcome === "completed" && drainId === record.drainId) ||
        record.counter <= (covered.get(record.origin) ?? 0)),
  );
}

/** Those that no recovery in sight has ended: for the end of their drain there will be one. */
export function unrecovered(view: FailoverView, target: Origin): readonly FailoverRecord[] {
  return failoversOf(view, target).filter((record) => !isRecovered(view, record));
}

/**
 * Of the last time that a drain stood what the own record says first; else whoever comes first in the list. Regions that
 * choose differently, for want of the same sight, announce one end twice and change nothing twice. Nothing for who sees less
 * of the configured regions than one of the records went by; one that has left the list has no say any more.
 */
function recoveredDrain(view: FailoverView, target: Origin): string | undefined {
  const open = unrecovered(view, target);
  if (!open.every((record) => isAsNewAs(view, record, view.configured))) {
    return undefined;
  }
  const times = Math.max(0, ...open.map(({ drainId }) => timesResumed(drainId)));
  const last = open.filter(({ drainId }) => timesResumed(drainId) === times);
  const order = [view.me, ...view.configured];
  return order.flatMap((origin) => last.filter((record) => record.origin === origin)).at(0)?.drainId;
}

/** What is to be done about the task's region now, as this region sees it; nothing where nothing is. */
export function wantedOf(view: FailoverView, { kind, target }: FailoverTask): Wanted | undefined {
  const drains = drainsOf(view);
  const drain = drains.get(target);
  let drainId: string | undefined;
  if (kind === "failover") {
    drainId = drain === undefined ? undefined : drainIdOf(view, target, drain);
  } else if (drain === undefined && view.configured.includes(target)) {
    drainId = recoveredDrain(view, target);
  }
  const drained = view.configured.filter((origin) => drains.has(origin));
  return drainId === undefined ? undefined : { drainId, drained, order: originOrder(drains, view.commands) };
}

export function isSame(left: readonly Origin[], right: readonly Origin[]): boolean {
  return left.length === right.length && left.every((one, at) => one === right[at]);
}

/** Whether the control planes are to say the same. */
export function isSamePlan(record: FailoverRecord, wanted: Wanted): boolean {
  return isSame(record.drained, wanted.drained) && record.order === wanted.order;
}

/** Whether a record is about what is wanted: the same drain, and the same for the control planes. */
export function isAbout(record: FailoverRecord, wanted: Wanted): boolean {
  return record.drainId === wanted.drainId && isSamePlan(record, wanted);
}

/** Whether some region has completed it. */
export function isFinished(view: FailoverView, task: FailoverTask, wanted: Wanted): boolean {
  return view.configured.some((origin) => {
    const record = recordOf(view, task, origin);
    return record?.outcome === "completed" && isAbout(record, wanted);
  });
}

/**
 * Whether a drain stands, or is over, with which no region has finished: also where what is in sight here does not tell what is
 * to be done about it, for want of a command, or of words that somebody went by.
 */
export function isPending(view: FailoverView, task: FailoverTask): boolean {
  const wanted = wantedOf(view, task);
  if (wanted !== undefined) {
    return !isFinished(view, task, wanted);
  }
  const isDrained = drainsOf(view).has(task.target);
  return task.kind === "failover" ? isDrained : !isDrained && unrecovered(view, task.target).length > 0;
}
