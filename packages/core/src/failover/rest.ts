import type { Origin } from "../ids/origin.ts";
import { recordFor } from "./own-record.ts";
import { type FailoverRecord, oppositeOf } from "./record.ts";
import {
  drainsOf,
  type FailoverTask,
  type FailoverView,
  isTurn,
  isWithin,
  mayRun,
  recordOf,
} from "./sight.ts";
import { isFinished, unrecovered, wantedOf } from "./wanted.ts";

/** Why nothing is done now. */
export type Rest = "not-wanted" | "not-fit" | "finished" | "held" | "not-yet" | "not-its-turn";

/** What a run of the other kind would be about. */
export function oppositeTask({ kind, target }: FailoverTask): FailoverTask {
  return { kind: oppositeOf(kind), target };
}

/** Whether the own record keeps an invocation that does not hold it from beginning an attempt. */
function keptBy(view: FailoverView, record: FailoverRecord): Rest | undefined {
  const { nowMs, settings } = view;
  if (record.outcome === "running" && isWithin(record.leaseUntilMs, settings.leaseMs, nowMs)) {
    return "held";
  }
  return record.outcome === "pending" && isWithin(record.retryAtMs, settings.retryMaxMs, nowMs)
    ? "not-yet"
    : undefined;
}

/** Whether a run of the other kind is at a step for the same region: it leaves after that, and one at a time changes things. */
export function isOpposed(view: FailoverView, task: FailoverTask): boolean {
  const opposite = recordOf(view, oppositeTask(task), view.me);
  return opposite !== undefined && keptBy(view, opposite) === "held";
}

/**
 * Whether the control planes would be told of another drain about which nobody has begun to do anything. Where that one ends
 * before anybody does, nobody takes it back. A failover is planned anew as long as its own drain stands, so it need not wait.
 */
export function isAhead(view: FailoverView, { kind, target }: FailoverTask): boolean {
  const isUnbegun = (one: Origin) =>
    one !== target && view.configured.includes(one) && unrecovered(view, one).length === 0;
  return kind === "recovery" && [...drainsOf(view).keys()].some(isUnbegun);
}

/** Why a region that does not run a task has nothing to do for it; nothing where it has, if only to write it down. */
export function restOf(view: FailoverView, task: FailoverTask): Rest | undefined {
  const wanted = wantedOf(view, task);
  if (wanted === undefined) {
    return "not-wanted";
  }
  if (!mayRun(view, task.target)) {
    return "not-fit";
  }
  if (isFinished(view, task, wanted)) {
    return "finished";
  }
  const own = recordOf(view, task, view.me);
  const kept = own === undefined ? undefined : keptBy(view, own);
  if (kept === "held" || isOpposed(view, task)) {
    return "held"; // whatever that run is about: it sees for itself what has changed, before its next step
  }
  if (isAhead(view, task)) {
    return "not-yet";
  }
  const record = recordFor(view, task, wanted);
  if (record !== own) {
    return undefined;
  }
  return kept ?? (isTurn(view, task.target, record.seenAtMs) ? undefined : "not-its-turn");
}
