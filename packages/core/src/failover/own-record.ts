import type { Origin } from "../ids/origin.ts";
import { controlPlaneSteps, type FailoverRecord } from "./record.ts";
import { type FailoverTask, type FailoverView, recordOf } from "./sight.ts";
import { failoversOf, isRecovered, isSamePlan, type Wanted } from "./wanted.ts";

/** What was covered before, and these records as they stand. */
export function covering(
  before: ReadonlyMap<Origin, number>,
  records: readonly FailoverRecord[],
): ReadonlyMap<Origin, number> {
  const covered = new Map(before);
  for (const { origin, counter } of records) {
    covered.set(origin, Math.max(counter, covered.get(origin) ?? 0));
  }
  return covered;
}

/**
 * A record that replaces the one of an earlier drain, with what follows from that for later: a recovery's, what is ended already;
 * a failover's that nobody has taken back, that something was done.
 */
function newRecord(
  view: FailoverView,
  { kind, target }: FailoverTask,
  wanted: Wanted,
  earlier: FailoverRecord | undefined,
): FailoverRecord {
  const isOver = earlier === undefined || kind === "recovery" || isRecovered(view, earlier);
  const ended = failoversOf(view, target).filter(
    (record) => kind === "recovery" && isRecovered(view, record),
  );
  return {
    origin: view.me,
    kind,
    target,
    counter: 0,
    touchedAtMs: view.nowMs,
    ...wanted,
    seenAtMs: view.nowMs,
    outcome: "waiting",
    attempt: isOver ? 0 : earlier.attempt,
    holder: "",
    leaseUntilMs: 0,
    retryAtMs: 0,
    steps: new Map(),
    covered: covering(earlier?.covered ?? new Map(), ended),
    rounds: new Map(),
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
  return own?.drainId === wanted.drainId ? withPlan(view, own, wanted) : newRecord(view, task, wanted, own);
}
