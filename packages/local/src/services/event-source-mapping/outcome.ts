import type { SourceRecord } from "./stream-source.ts";
import { sequenceOf } from "./stream-source.ts";

/** What the function gave back, as `Lambda.invoke` gives it. */
export interface Invoked {
  readonly requestId?: string;
  /** JSON text */
  readonly payload: string;
  readonly functionError?: string;
}

/** Why records were not acknowledged. */
export interface Failure {
  readonly detail: string;
  readonly requestId?: string;
  readonly functionError?: string;
}

/** What an invocation means for the records it was given. */
export type Outcome =
  | { readonly type: "succeeded" }
  /** Everything before `index` is done; the record there is to be retried, and all behind it. */
  | { readonly type: "failed-from"; readonly index: number; readonly failure: Failure }
  /** The function failed, or its answer cannot be trusted: nothing of the batch is done. */
  | { readonly type: "failed"; readonly failure: Failure }
  /** The function did not run (throttled, out of reach): no retry is used up. */
  | { readonly type: "not-reached"; readonly failure: Failure };

const detailCharsMax = 500;

/**
 * Reads an answer as Lambda does with `ReportBatchItemFailures`: no failures, null or an empty answer is success; the
 * lowest reported sequence number is the checkpoint; an identifier that is empty, null, misnamed or of another batch
 * fails the whole batch. Without that setting only an error of the function counts.
 */
export function readOutcome(
  invoked: Invoked,
  records: readonly SourceRecord[],
  reportsFailures: boolean,
): Outcome {
  const { requestId, functionError } = invoked;
  const failed = (detail: string): Failure => ({
    detail: detail.slice(0, detailCharsMax),
    ...(requestId === undefined ? {} : { requestId }),
    ...(functionError === undefined ? {} : { functionError }),
  });
  if (functionError !== undefined) return { type: "failed", failure: failed(invoked.payload) };
  if (!reportsFailures || invoked.payload === "") return { type: "succeeded" };
  const malformed = (detail: string): Outcome => ({
    type: "failed",
    failure: failed(`${detail}: ${invoked.payload}`),
  });
  let answer: unknown;
  try {
    answer = JSON.parse(invoked.payload);
  } catch {
    return malformed("the answer is not JSON");
  }
  if (answer === null || answer === "") return { type: "succeeded" };
  if (typeof answer !== "object" || Array.isArray(answer))
    return malformed("the answer is no batch response");
  const failures = "batchItemFailures" in answer ? answer.batchItemFailures : null;
  if (failures === null) return { type: "succeeded" };
  if (!Array.isArray(failures)) return malformed("batchItemFailures is no list");
  let lowest = records.length;
  for (const failure of failures) {
    const identifier: unknown = failure?.itemIdentifier;
    const index = records.findIndex((record) => sequenceOf(record) === identifier);
    if (index < 0) return malformed("an itemIdentifier is none of the batch's");
    lowest = Math.min(lowest, index);
  }
  if (lowest === records.length) return { type: "succeeded" };
  const failure = failed(`${failures.length} of ${records.length} records failed`);
  return { type: "failed-from", index: lowest, failure };
}
