import type { Origin } from "../ids/origin.ts";
import type { TransactionWrite } from "../ports/items.ts";
import { asItWasRead } from "../votes/control-fields.ts";
import { factNotes } from "./facts.ts";
import { covering, recordFor, withPlan } from "./own-record.ts";
import {
  type ActionStep,
  actionSteps,
  type FailoverRecord,
  type FailoverStep,
  factStepsOf,
  isAnnouncement,
  isSettled,
  noteOf,
  type StepRecord,
} from "./record.ts";
import { failoverKey, failoverToItem } from "./record-item.ts";
import { isAhead, isOpposed, oppositeTask, type Rest, restOf } from "./rest.ts";
import { roundsFor } from "./rounds.ts";
import { retryAfterMs } from "./settings.ts";
import { counterOf, type FailoverTask, type FailoverView, isTurn, mayRun, recordOf } from "./sight.ts";
import { failoversOf, wantedOf } from "./wanted.ts";

/** What a step came to. */
export interface StepOutcome {
  readonly state: "done" | "failed" | "skipped";
  readonly note: string;
  readonly ref?: string;
}

/** One invocation that runs a task: it makes a move, does the step that the move names, and makes the next one. */
export interface Run {
  /** Its own, and no other invocation's. */
  readonly id: string;
  /** The step that the last move named, and what it came to; nothing before the first. */
  readonly done?: { readonly step: ActionStep; readonly outcome: StepOutcome };
  /** ms that the invocation has left. */
  readonly timeLeftMs: number;
  /** From 0 to below 1: how much of the wait a next attempt makes use of. */
  readonly chance: number;
}

export type Move =
  | { readonly type: "rest"; readonly why: Rest }
  /** The record is to be written by these in one transaction, and where that succeeds the step to be done. */
  | {
      readonly type: "write";
      readonly record: FailoverRecord;
      readonly writes: readonly TransactionWrite[];
      readonly step?: ActionStep;
    };

const rest = (why: Rest): Move => ({ type: "rest", why });

/**
 * Replaces the record, if it and the own one of the other kind are as they were read. So their writes come one after
 * another, each on what it has seen of both: neither is begun beside the other.
 */
function write(view: FailoverView, changed: FailoverRecord, step?: ActionStep): Move {
  const before = counterOf(view, changed);
  const rounds = roundsFor(view, changed) ?? changed.rounds;
  const record = { ...changed, counter: (before ?? 0) + 1, touchedAtMs: view.nowMs, rounds };
  const opposite = oppositeTask(changed);
  return {
    type: "write",
    record,
    writes: [
      { type: "put", table: "Control", item: failoverToItem(record), onlyIf: asItWasRead(before) },
      {
        type: "check",
        table: "Control",
        key: failoverKey(view.me, opposite.kind, opposite.target),
        onlyIf: asItWasRead(counterOf(view, opposite)),
      },
    ],
    ...(step === undefined ? {} : { step }),
  };
}

function withStep(
  record: FailoverRecord,
  step: FailoverStep,
  said: Omit<StepRecord, "attempt">,
): FailoverRecord {
  const before = record.steps.get(step)?.ref;
  const ref = said.ref ?? before; // what is on its way is so, whatever is tried after it
  const noted = {
    ...said,
    note: noteOf(said.note),
    attempt: record.attempt,
    ...(ref === undefined ? {} : { ref }),
  };
  const steps = new Map(record.steps).set(step, noted);
  if (step === "names" && ref !== before) {
    steps.delete("names-sync"); // another change is to be waited for
  }
  return { ...record, steps };
}

/** Another region that has announced the same already, as far as is in sight. */
function announcedBy(view: FailoverView, record: FailoverRecord, step: ActionStep): Origin | undefined {
  const other = view.records.find(
    ({ origin, kind, target, drainId, steps }) =>
      isAnnouncement(step) &&
      origin !== record.origin &&
      kind === record.kind &&
      target === record.target &&
      drainId === record.drainId &&
      steps.get(step)?.state === "done",
  );
  return other?.origin;
}

/**
 * Whether a step is still to be done in this attempt. What was announced or waited for stays so; all else is looked at in
 * each, for since the last one another region may have changed it.
 */
function isOpen({ steps, attempt }: FailoverRecord, step: ActionStep): boolean {
  const said = steps.get(step);
  const staysSo = isAnnouncement(step) || step === "names-sync";
  return said === undefined || (said.attempt < attempt && !(staysSo && isSettled(said.state)));
}

function end(view: FailoverView, record: FailoverRecord, run: Run): Move {
  const isComplete = actionSteps.every((step) => isSettled(record.steps.get(step)?.state ?? "failed"));
  const ended = isComplete && record.kind === "recovery" ? failoversOf(view, record.target) : [];
  return write(view, {
    ...record,
    covered: covering(record.covered, ended),
    outcome: isComplete ? "completed" : "pending",
    leaseUntilMs: 0,
    retryAtMs: isComplete ? 0 : view.nowMs + retryAfterMs(record.attempt, run.chance, view.settings),
  });
}

/** Leaves the rest to the next invocation. */
function putOff(view: FailoverView, record: FailoverRecord): Move {
  return write(view, { ...record, outcome: "pending", leaseUntilMs: 0, retryAtMs: view.nowMs });
}

/** The next step, begun; or the end of the attempt. */
function goOn(view: FailoverView, record: FailoverRecord, run: Run): Move {
  const { settings, nowMs } = view;
  let held: FailoverRecord = { ...record, leaseUntilMs: nowMs + settings.leaseMs };
  for (const step of actionSteps) {
    if (!isOpen(held, step)) {
      continue;
    }
    const by = announcedBy(view, held, step);
    if (by !== undefined) {
      held = withStep(held, step, { state: "skipped", atMs: nowMs, note: `${by} has announced it` });
      continue;
    }
    if (run.timeLeftMs < settings.leaseMs) {
      return putOff(view, held);
    }
    return write(view, withStep(held, step, { state: "begun", atMs: nowMs, note: "begun" }), step);
  }
  return end(view, held, run);
}

/** A new attempt of this run. What was in sight at the first one stays written down. */
function begin(view: FailoverView, record: FailoverRecord, run: Run): Move {
  let begun: FailoverRecord = {
    ...record,
    outcome: "running",
    attempt: record.attempt + 1,
    holder: run.id,
    retryAtMs: 0,
  };
  for (const fact of factStepsOf(record.kind).filter((step) => !record.steps.has(step))) {
    const note = factNotes[fact](view, record.target);
    begun = withStep(begun, fact, { state: "done", atMs: view.nowMs, note });
  }
  return goOn(view, begun, run);
}

/** The run goes on with its own record, unless it was away for longer than its lease and one of the other kind has begun. */
function proceed(view: FailoverView, task: FailoverTask, own: FailoverRecord, run: Run): Move {
  if (isOpposed(view, task)) {
    return rest("held");
  }
  const { done } = run;
  const told = done === undefined ? own : withStep(own, done.step, { ...done.outcome, atMs: view.nowMs });
  const wanted = wantedOf(view, task);
  if (wanted?.drainId !== own.drainId || !mayRun(view, own.target)) {
    return write(view, { ...told, outcome: "left", leaseUntilMs: 0, retryAtMs: 0 });
  }
  if (isAhead(view, task)) {
    return putOff(view, told);
  }
  const changed = withPlan(view, told, wanted);
  return changed === told ? goOn(view, told, run) : begin(view, changed, run);
}

/**
 * What an invocation does next. A step is written down before it is done, on the condition that the records of both kinds
 * are still as they were read: so no two invocations of one region do steps for one target side by side, and one that died
 * leaves what it was at. Whether the drain, or its end, still stands is seen anew before each step.
 */
export function planMove(view: FailoverView, task: FailoverTask, run: Run): Move {
  const own = recordOf(view, task, view.me);
  if (own !== undefined && own.outcome === "running" && own.holder === run.id) {
    return proceed(view, task, own, run);
  }
  const why = restOf(view, task);
  const wanted = wantedOf(view, task);
  if (why !== undefined || wanted === undefined) {
    return rest(why ?? "not-wanted");
  }
  const record = recordFor(view, task, wanted);
  return isTurn(view, task.target, record.seenAtMs)
    ? begin(view, record, run)
    : write(view, { ...record, outcome: "waiting", leaseUntilMs: 0, retryAtMs: 0 });
}
