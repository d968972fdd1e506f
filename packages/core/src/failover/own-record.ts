import { controlPlaneSteps, type FailoverRecord } from "./record.ts";
import { type FailoverTask, type FailoverView, recordOf } from "./sight.ts";
import { isSamePlan, type Wanted } from "./wanted.ts";

function newRecord(view: FailoverView, { kind, target }: FailoverTask, wanted: Wanted): FailoverRecord {
  return {
    origin: view.me,
    kind,
    target,
    counter: 0,
    touchedAtMs: view.nowMs,
    ...wanted,
    seenAtMs: view.nowMs,
    outcome: "waiting",
    attempt: 0,
    holder: "",
    leaseUntilMs: 0,
    retryAtMs: 0,
    steps: new Map(),
    covered: new Map(),
  };
}

/** The record with another plan for control planes: what goes by it is to be done again, what was announced is not. */
export function withPlan(view: FailoverView, record: FailoverRecord, wanted: Wanted): FailoverRecord {
  if (isSamePlan(record, wanted)) {
    return record;
  }
  const kept = [...record.steps].filter(([step]) => !controlPlaneSteps.some((one) => one === step));
  const { drained, order } = wanted;
  return { ...record, drained, order, seenAtMs: view.nowMs, retryAtMs: 0, steps: new Map(kept) };
}

/** The own record as it bears on what is wanted, new where there is none of this drain. */
export function recordFor(view: FailoverView, task: FailoverTask, wanted: Wanted): FailoverRecord {
  const own = recordOf(view, task, view.me);
  return own?.drainId === wanted.drainId ? withPlan(view, own, wanted) : newRecord(view, task, wanted);
}
