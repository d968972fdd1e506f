import {
  type Clock,
  controlPartition,
  defaultFailoverSettings,
  defaultVoteSettings,
  err,
  type FailoverOutcome,
  type FailoverRecord,
  type FailoverTask,
  type FailoverView,
  type Items,
  type Move,
  type Origin,
  ok,
  originRegion,
  planMove,
  type Randomness,
  type Rest,
  type Result,
  type Run,
  readFailoverSight,
  type StorageError,
  type StoredItem,
} from "@antipode/core";
import type { Deployment } from "../platform/deployment.ts";
import type { Log } from "../platform/log.ts";
import type { Measurements } from "../platform/measurements.ts";
import { type WaitDeps, type Written, waitAfterContention, writeAll } from "../platform/write-all.ts";
import { doStep, type StepDeps } from "./do-step.ts";

export interface RunDeps extends Omit<StepDeps, "environment">, WaitDeps {
  readonly items: Items;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly measurements: Measurements;
}

/** What an invocation came to: it did nothing, or another one has the record, or so it left the record. */
export type Ran =
  | { readonly type: "rested"; readonly why: Rest }
  | { readonly type: "overtaken" }
  | { readonly type: "ran"; readonly outcome: FailoverOutcome };

/** Writes of one run that may meet another's of the same records: after some waits one of both has begun, and the other rests. */
const triesMax = 8;

/** More moves than all steps take, over and over: a machine that does not end is a bug. */
const movesMax = 100;

async function readView({ items, deployment, clock }: RunDeps): Promise<Result<FailoverView, StorageError>> {
  const me: Origin = deployment.origin;
  const configured: readonly Origin[] = deployment.regions.map(({ origin }) => origin);
  const read = await Promise.all(
    configured.map((origin) => items.queryPartition("Control", controlPartition(origin))),
  );
  const all: StoredItem[] = [];
  for (const partition of read) {
    if (!partition.ok) {
      return partition;
    }
    all.push(...partition.value);
  }
  return ok({
    ...readFailoverSight(me, all),
    me,
    configured,
    nowMs: clock.nowMs(),
    settings: defaultFailoverSettings,
    voteSettings: defaultVoteSettings,
  });
}

type WriteMove = Extract<Move, { readonly type: "write" }>;

/** Writes a move down; where it was contended for the n-th time, after a wait, so that what is seen then is new. */
async function write(
  deps: RunDeps,
  { writes }: WriteMove,
  tries: number,
): Promise<Result<Written, StorageError>> {
  const written = await writeAll(deps.items, writes);
  if (written.ok && written.value === "contended") {
    if (tries === triesMax) {
      return err({ type: "contended", operation: "TransactWriteItems Control" });
    }
    await waitAfterContention(deps, tries);
  }
  return written;
}

function sayStep(
  { log, measurements }: RunDeps,
  record: FailoverRecord,
  done: NonNullable<Run["done"]>,
): void {
  const { kind, target, drainId, attempt } = record;
  const { step, outcome } = done;
  measurements.record("FailoverSteps", [1], { kind, step, outcome: outcome.state });
  log[outcome.state === "failed" ? "warn" : "info"](`a step of ${kind}`, {
    of: originRegion(target),
    step,
    outcome: outcome.state,
    note: outcome.note,
    attempt,
    drainId,
  });
}

function sayEnd({ log, measurements, clock }: RunDeps, record: FailoverRecord): void {
  const { kind, target, drainId, attempt, outcome, seenAtMs, steps } = record;
  if (outcome === "completed") {
    measurements.record("FailoverDuration", [Math.max(0, clock.nowMs() - seenAtMs)], { kind });
  }
  const failed = [...steps].filter(([, { state }]) => state === "failed").map(([step]) => step);
  log[outcome === "pending" ? "warn" : "info"](`${kind} is ${outcome}`, {
    of: originRegion(target),
    drainId,
    attempt,
    ...(failed.length === 0 ? {} : { failed }),
  });
}

/**
 * Runs what is to be done about a region's drain or its end, as far as it goes now. Everything is seen anew and written down
 * before each step, so it may run any number of times, and end anywhere.
 */
export function createRun(deps: RunDeps) {
  const { deployment, clock, randomness, chance } = deps;
  const stepDeps = { ...deps, environment: deployment.environment };

  return async (task: FailoverTask, timeLeftMs: () => number): Promise<Result<Ran, StorageError>> => {
    const id = randomness.ulid(clock.nowMs());
    let done: Run["done"];
    let contended = 0;
    for (let moves = 0; moves < movesMax; moves += 1) {
      const view = await readView(deps);
      if (!view.ok) {
        return view;
      }
      const run = { id, timeLeftMs: timeLeftMs(), chance: chance(), ...(done === undefined ? {} : { done }) };
      const move = planMove(view.value, task, run);
      if (move.type === "rest") {
        return ok({ type: "rested", why: move.why });
      }
      const written = await write(deps, move, contended + 1);
      if (!written.ok) {
        return written;
      }
      if (written.value === "refused") {
        return ok({ type: "overtaken" });
      }
      if (written.value === "contended") {
        contended += 1;
        continue;
      }
      if (move.step === undefined) {
        sayEnd(deps, move.record);
        return ok({ type: "ran", outcome: move.record.outcome });
      }
      done = { step: move.step, outcome: await doStep(stepDeps, view.value, move.record, move.step) };
      sayStep(deps, move.record, done);
    }
    throw new Error(`a run of ${task.kind} did not end: ${task.target}`);
  };
}
