import { err, ok, type Result } from "@antipode/core";
import * as z from "zod";
import type { Log } from "../platform/log.ts";
import type { Measurements } from "../platform/measurements.ts";
import { readFailedBatch } from "./failed-batch.ts";

/** The bucket of batches that Lambda gave up on. */
export interface FailedBatches {
  /** Keys in code-unit order, at most `limit`; `complete` is false when there are more. */
  list(
    prefix: string,
    limit: number,
  ): Promise<{ readonly keys: readonly string[]; readonly complete: boolean }>;
  /** Nothing when another replay was faster. */
  read(key: string): Promise<string | undefined>;
  remove(key: string): Promise<void>;
}

/** Runs a function with an event and waits for its answer. */
export interface Invoker {
  /** An error is what the function or the service said. */
  invoke(functionArn: string, payload: string): Promise<Result<string, string>>;
}

export interface ReplayDeps {
  readonly batches: FailedBatches;
  readonly invoker: Invoker;
  readonly log: Log;
  readonly measurements: Measurements;
}

export interface ReplaySummary {
  readonly replayed: number;
  readonly failed: readonly { readonly key: string; readonly reason: string }[];
  /** Batches still in the bucket, the failed ones included. */
  readonly remaining: number;
  /** There are more than were counted. */
  readonly remainingIsAtLeast: boolean;
}

const limitDefault = 100;
const countedMax = 10_000;

/** A batch is invoked synchronously for up to 30 s: do not begin one that the function has no time for. */
const timeNeededMs = 35_000;

const requestSchema = z.strictObject({
  prefix: z.string().max(1024).default("aws/lambda/"),
  limit: z.int().min(1).max(countedMax).default(limitDefault),
});

const answerSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).default([]),
});

function judge(answer: string): Result<undefined, string> {
  let json: unknown;
  try {
    json = JSON.parse(answer);
  } catch {
    return err("the function's answer is not JSON");
  }
  const parsed = answerSchema.safeParse(json ?? {});
  if (!parsed.success) {
    return err("the function's answer is not a batch response");
  }
  const failures = parsed.data.batchItemFailures;
  return failures.length === 0
    ? ok(undefined)
    : err(`${failures.length} records failed again, from ${failures[0]?.itemIdentifier}`);
}

async function replayOne({ batches, invoker }: ReplayDeps, key: string): Promise<Result<undefined, string>> {
  const text = await batches.read(key);
  if (text === undefined) {
    return ok(undefined);
  }
  const batch = readFailedBatch(text);
  if (!batch.ok) {
    return batch;
  }
  const answer = await invoker.invoke(batch.value.functionArn, batch.value.payload);
  const judged = answer.ok ? judge(answer.value) : answer;
  if (judged.ok) {
    await batches.remove(key);
  }
  return judged;
}

/**
 * Runs failed batches again, one after another and each shard's oldest first, and deletes those that now succeed.
 * Safe to repeat: dispatchers are idempotent, and a batch is deleted after it was applied, never before.
 */
export function createReplay(deps: ReplayDeps) {
  return async (request: unknown, timeLeftMs: () => number): Promise<ReplaySummary> => {
    const { prefix, limit } = requestSchema.parse(request ?? {});
    const { keys, complete } = await deps.batches.list(prefix, countedMax);
    const failed: { key: string; reason: string }[] = [];
    let replayed = 0;
    for (const key of keys.slice(0, limit)) {
      if (timeLeftMs() < timeNeededMs) {
        deps.log.warn("out of time, run again for the rest", { replayed, failed: failed.length });
        break;
      }
      const outcome = await replayOne(deps, key).catch((error: unknown) => err(String(error)));
      if (outcome.ok) {
        replayed += 1;
      } else {
        failed.push({ key, reason: outcome.error });
        deps.log.error("batch not replayed", { key, reason: outcome.error });
      }
    }
    deps.measurements.record("BatchesReplayed", [replayed]);
    deps.measurements.record("BatchesNotReplayed", [failed.length]);
    return { replayed, failed, remaining: keys.length - replayed, remainingIsAtLeast: !complete };
  };
}
