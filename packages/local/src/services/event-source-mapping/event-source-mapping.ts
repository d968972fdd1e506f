import type { WorldClock } from "../../links/clock.ts";
import { type Random, randomId } from "../../links/random.ts";
import type { Scheduler } from "../../links/scheduler.ts";
import type { Batch, BatchPolicy, Step } from "./batch.ts";
import { afterDiscard, afterFailedDiscard, afterInvoke, backoffMs, nextStep, startBatch } from "./batch.ts";
import { collect, startCollecting } from "./collect.ts";
import type { EventSourceMappingDefinition } from "./definition.ts";
import { checkDefinition } from "./definition.ts";
import type { FailureObject } from "./failure-record.ts";
import { eventOf, failureObject } from "./failure-record.ts";
import { compileFilters } from "./filter.ts";
import { createLife } from "./life.ts";
import type { Invoked, Outcome } from "./outcome.ts";
import { readOutcome } from "./outcome.ts";
import { createSignal } from "./signal.ts";
import type { SourceRecord, StreamSource } from "./stream-source.ts";
import { createdAtMs, sequenceOf } from "./stream-source.ts";

/** As many as a stream keeps: `behind` never says more. */
const behindMax = 100_000;

/** Where records go that the function could not process. */
export interface FailureDestination {
  /** Rejects when it was not stored: the same object comes again. */
  put(object: FailureObject): Promise<void>;
}

export interface EventSourceMappingOptions<R extends SourceRecord = SourceRecord> {
  readonly source: StreamSource<R>;
  /** Runs the function with an event (JSON text). Rejects when the function was not reached. */
  readonly invoke: (event: string) => Promise<Invoked>;
  /** Without one, records that failed for good are dropped, as AWS does, and counted. */
  readonly destination?: FailureDestination;
  /** Told with each invocation how old the last record in it is. */
  readonly onInvoke?: (iteratorAgeMs: number) => void;
  /** Told of records that failed for good: whether they were filed at the destination, or dropped for want of one. */
  readonly onGivenUp?: (end: "filed" | "dropped", records: number) => void;
  readonly clock: WorldClock;
  readonly scheduler: Scheduler;
  readonly random: Random;
}

export interface EventSourceMappingStatus {
  readonly state: "running" | "paused" | "down" | "stopped";
  /** Everything up to this sequence number is settled: acknowledged, filtered out, or at the failure destination. */
  readonly position: string;
  /** Stream records after the position. */
  readonly behind: number;
  /** Age of the oldest of them, 0 when there is none. */
  readonly iteratorAgeMs: number;
  /** Records in the invocation that is running. */
  readonly inFlight: number;
  /** Attempts that moved nothing, since the start. */
  readonly retries: number;
  /** Batches handed to the failure destination, since the start. */
  readonly failedBatches: number;
  /** Records dropped because there is no failure destination. */
  readonly dropped: number;
  /** What went wrong last; gone with the next batch that succeeds. */
  readonly lastError?: string;
}

export interface EventSourceMapping {
  readonly definition: EventSourceMappingDefinition;
  status(): EventSourceMappingStatus;
  /** Finishes the invocation that runs, then holds. */
  pause(): void;
  resume(): void;
  /** Its region is lost: what runs is forgotten, and up again it goes on from its position. */
  setDown(down: boolean): void;
  stop(): Promise<void>;
}

/**
 * Reads a stream for a function, in order, one batch at a time, from the moment it is made.
 * Throws when the definition is one that AWS would refuse.
 */
export function createEventSourceMapping<R extends SourceRecord>(
  definition: EventSourceMappingDefinition,
  options: EventSourceMappingOptions<R>,
): EventSourceMapping {
  checkDefinition(definition);
  const { source, scheduler, random } = options;
  const limits = { batchSize: definition.batchSize, passes: compileFilters(definition.filters) };
  const policy: BatchPolicy = {
    bisectBatchOnFunctionError: definition.bisectBatchOnFunctionError,
    retriesMax: unlimitedIfNegative(definition.maximumRetryAttempts),
    recordAgeMaxMs: unlimitedIfNegative(definition.maximumRecordAgeInSeconds) * 1_000,
  };
  const signal = createSignal(scheduler);
  const life = createLife(signal, scheduler);
  const counts = { retries: 0, failedBatches: 0, dropped: 0 };
  let position = definition.startingPosition === "LATEST" ? source.latestSequence() : "";
  let lastError: string | undefined;
  let inFlight = 0;

  const nowMs = () => options.clock.now(definition.region);

  /** Waits until there is a batch to send. Nothing when this life ended. */
  async function nextBatch(mine: number): Promise<{ records: readonly R[]; readTo: string } | undefined> {
    let collected = startCollecting<R>(position);
    let windowEndsMs: number | undefined;
    while (life.isAlive(mine)) {
      await life.untilResumed(mine);
      collected = collect(source, limits, collected);
      if (collected.records.length === 0) position = collected.readTo;
      else windowEndsMs ??= scheduler.now() + definition.maximumBatchingWindowInSeconds * 1_000;
      const leftMs = windowEndsMs === undefined ? undefined : windowEndsMs - scheduler.now();
      if (collected.isFull || (leftMs !== undefined && leftMs <= 0)) return collected;
      await signal.wait(leftMs);
    }
    return undefined;
  }

  async function runBatch(mine: number, records: readonly R[], readTo: string): Promise<void> {
    let batch = startBatch(records);
    for (;;) {
      await life.untilResumed(mine);
      if (!life.isAlive(mine)) return;
      const step = nextStep(batch, policy, nowMs());
      if (step.type === "done") break;
      const next = step.type === "invoke" ? await send(mine, batch, step) : await discard(mine, batch, step);
      if (next === undefined) return;
      batch = next;
      // What lies before the first record that is left is settled.
      const settled = records[records.length - remaining(batch) - 1];
      if (settled !== undefined) position = sequenceOf(settled);
      if (batch.stalls > 0) counts.retries += 1;
      // What is given up goes at once; only what is tried again waits.
      const isRetry = step.type === "discard" || nextStep(batch, policy, nowMs()).type === "invoke";
      if (isRetry) await life.sleep(mine, backoffMs(batch.stalls, random));
    }
    position = readTo;
  }

  async function send(mine: number, batch: Batch<R>, { piece }: Step<R> & { type: "invoke" }) {
    inFlight = piece.records.length;
    const last = piece.records.at(-1);
    if (last !== undefined) options.onInvoke?.(Math.max(0, nowMs() - createdAtMs(last)));
    const outcome = await life.unlessLost(mine, invoke(piece.records));
    inFlight = 0;
    if (outcome === undefined) return undefined;
    lastError = outcome.type === "succeeded" ? undefined : outcome.failure.detail;
    return afterInvoke(batch, policy, outcome);
  }

  async function invoke(records: readonly R[]): Promise<Outcome> {
    try {
      return readOutcome(await options.invoke(eventOf(records)), records, definition.reportBatchItemFailures);
    } catch (error) {
      return { type: "not-reached", failure: { detail: messageOf(error) } };
    }
  }

  async function discard(mine: number, batch: Batch<R>, step: Step<R> & { type: "discard" }) {
    const { piece, condition } = step;
    if (options.destination === undefined) {
      counts.dropped += piece.records.length;
      options.onGivenUp?.("dropped", piece.records.length);
      return afterDiscard(batch, piece.records.length);
    }
    const object = failureObject({
      mapping: definition,
      piece,
      condition,
      requestId: piece.last?.requestId ?? randomId(random),
      nowMs: nowMs(),
      objectId: randomId(random),
    });
    const stored = await life.unlessLost(
      mine,
      options.destination.put(object).then(
        () => "stored" as const,
        (error: unknown) => ({ error }),
      ),
    );
    if (stored === undefined) return undefined;
    if (stored !== "stored") {
      lastError = `failure destination: ${messageOf(stored.error)}`;
      return afterFailedDiscard(batch);
    }
    counts.failedBatches += 1;
    options.onGivenUp?.("filed", piece.records.length);
    return afterDiscard(batch, piece.records.length);
  }

  async function run(): Promise<void> {
    while (!life.isStopped()) {
      const mine = life.current();
      while (life.isAlive(mine)) {
        const batch = await nextBatch(mine);
        if (batch !== undefined) await runBatch(mine, batch.records, batch.readTo);
      }
      await life.untilUp();
    }
  }

  const unsubscribe = source.onAppend(signal.wake);
  const ended = run();

  return {
    definition,
    status() {
      const behind = source.read(position, behindMax);
      const [oldest] = behind;
      return {
        state: life.state(),
        position,
        behind: behind.length,
        iteratorAgeMs: oldest === undefined ? 0 : Math.max(0, nowMs() - createdAtMs(oldest)),
        inFlight,
        ...counts,
        ...(lastError === undefined ? {} : { lastError }),
      };
    },
    pause: () => life.setPaused(true),
    resume: () => life.setPaused(false),
    setDown: life.setDown,
    async stop() {
      unsubscribe();
      life.stop();
      await ended;
    },
  };
}

function remaining(batch: Batch): number {
  return batch.pieces.reduce((total, piece) => total + piece.records.length, 0);
}

function unlimitedIfNegative(value: number): number {
  return value < 0 ? Number.POSITIVE_INFINITY : value;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
