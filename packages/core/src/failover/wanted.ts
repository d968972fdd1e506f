import type { Origin } from "../ids/origin.ts";
import { drainIdOf } from "./drain-id.ts";
import type { FailoverRecord } from "./record.ts";
import { drainsOf, type FailoverTask, type FailoverView, recordOf } from "./sight.ts";

/** What is to be done about a region: about which drain, and with which regions drained. */
export interface Wanted {
  readonly drainId: string;
  readonly drained: readonly Origin[];
}

/** Failover records of a region that did something, and that no recovery in sight has ended. */
function unrecovered(view: FailoverView, target: Origin): readonly FailoverRecord[] {
  const recoveries = view.records.filter(
    ({ kind, target: of, outcome }) => kind === "recovery" && of === target && outcome === "completed",
  );
  return view.records.filter(
    (record) =>
      record.kind === "failover" &&
      record.target === target &&
      record.attempt > 0 &&
      !recoveries.some(
        ({ drainId, covered }) =>
          drainId === record.drainId || record.counter <= (covered.get(record.origin) ?? 0),
      ),
  );
}

/**
 * What the own record says first; else whoever comes first in the list. Regions that choose differently, for want of the
 * same sight, announce one end twice and change nothing twice.
 */
function recoveryWanted(view: FailoverView, target: Origin, drained: readonly Origin[]): Wanted | undefined {
  const open = unrecovered(view, target);
  const order = [view.me, ...view.configured];
  const first = order.flatMap((origin) => open.filter((record) => record.origin === origin)).at(0);
  return first === undefined ? undefined : { drainId: first.drainId, drained };
}

/** What is to be done about the task's region now, as this region sees it; nothing where nothing is. */
export function wantedOf(view: FailoverView, { kind, target }: FailoverTask): Wanted | undefined {
  const drains = drainsOf(view);
  const drained = view.configured.filter((origin) => drains.has(origin));
  const drain = drains.get(target);
  if (kind === "recovery") {
    return drain === undefined && view.configured.includes(target)
      ? recoveryWanted(view, target, drained)
      : undefined;
  }
  const drainId = drain === undefined ? undefined : drainIdOf(view, target, drain);
  return drainId === undefined ? undefined : { drainId, drained };
}

export function isSame(left: readonly Origin[], right: readonly Origin[]): boolean {
  return left.length === right.length && left.every((one, at) => one === right[at]);
}

/** Whether a record is about what is wanted: the same drain, and the same regions drained. */
export function isAbout(record: FailoverRecord, wanted: Wanted): boolean {
  return record.drainId === wanted.drainId && isSame(record.drained, wanted.drained);
}

/** Whether some region has completed it. */
export function isFinished(view: FailoverView, task: FailoverTask, wanted: Wanted): boolean {
  return view.configured.some((origin) => {
    const record = recordOf(view, task, origin);
    return record?.outcome === "completed" && isAbout(record, wanted);
  });
}
