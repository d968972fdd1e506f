/**
 * How a batch of stream records is worked off, as pure functions: what to do next, and what an outcome changes.
 * A record leaves a batch in one of two ways: the function acknowledged it, or it goes to the failure destination.
 */
import type { Failure, Outcome } from "./outcome.ts";
import type { SourceRecord } from "./stream-source.ts";
import { createdAtMs } from "./stream-source.ts";

export interface BatchPolicy {
  readonly bisectBatchOnFunctionError: boolean;
  /** Infinity: no limit */
  readonly retriesMax: number;
  /** Infinity: no limit */
  readonly recordAgeMaxMs: number;
}

/** A run of records that are sent together. */
export interface Piece<R extends SourceRecord = SourceRecord> {
  readonly records: readonly R[];
  /** Failed invocations that count against the retries. Bisecting does not. */
  readonly failures: number;
  /** All invocations that reached the function with these records. */
  readonly invocations: number;
  /** What the last of them did wrong. */
  readonly last?: Failure;
}

/** What is left of a batch, in stream order. Only the first piece is worked on. */
export interface Batch<R extends SourceRecord = SourceRecord> {
  readonly pieces: readonly Piece<R>[];
  /** Attempts in a row that moved nothing: the back-off grows with them. */
  readonly stalls: number;
}

export type DiscardCondition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

export type Step<R extends SourceRecord = SourceRecord> =
  | { readonly type: "done" }
  | { readonly type: "invoke"; readonly piece: Piece<R> }
  /** These go to the failure destination, and then on without them. */
  | { readonly type: "discard"; readonly piece: Piece<R>; readonly condition: DiscardCondition };

export function startBatch<R extends SourceRecord>(records: readonly R[]): Batch<R> {
  return { pieces: records.length === 0 ? [] : [{ records, failures: 0, invocations: 0 }], stalls: 0 };
}

export function nextStep<R extends SourceRecord>(
  batch: Batch<R>,
  policy: BatchPolicy,
  nowMs: number,
): Step<R> {
  const [piece] = batch.pieces;
  if (piece === undefined) return { type: "done" };
  if (piece.failures > policy.retriesMax)
    return { type: "discard", piece, condition: "RetryAttemptsExhausted" };
  const fresh = piece.records.findIndex((record) => nowMs - createdAtMs(record) <= policy.recordAgeMaxMs);
  const tooOld = fresh < 0 ? piece.records.length : fresh;
  if (tooOld === 0) return { type: "invoke", piece };
  return {
    type: "discard",
    piece: { ...piece, records: piece.records.slice(0, tooOld) },
    condition: "RecordAgeExceeded",
  };
}

/** What remains after the first piece was sent to the function. */
export function afterInvoke<R extends SourceRecord>(
  batch: Batch<R>,
  policy: BatchPolicy,
  outcome: Outcome,
): Batch<R> {
  const [piece, ...rest] = batch.pieces;
  if (piece === undefined) return batch;
  switch (outcome.type) {
    case "not-reached":
      return { pieces: batch.pieces, stalls: batch.stalls + 1 };
    case "succeeded":
      return { pieces: rest, stalls: 0 };
    case "failed-from": {
      const isProgress = outcome.index > 0;
      // Cutting the batch at the failing record is what bisecting means with reported failures: no retry is used.
      const failures = piece.failures + (isProgress && policy.bisectBatchOnFunctionError ? 0 : 1);
      const remaining = {
        ...failedPiece(piece, failures, outcome.failure),
        records: piece.records.slice(outcome.index),
      };
      return { pieces: [remaining, ...rest], stalls: isProgress ? 0 : batch.stalls + 1 };
    }
    case "failed":
      if (policy.bisectBatchOnFunctionError && piece.records.length > 1) {
        const half = Math.ceil(piece.records.length / 2);
        const parent = failedPiece(piece, piece.failures, outcome.failure);
        const halves = [piece.records.slice(0, half), piece.records.slice(half)];
        return { pieces: [...halves.map((records) => ({ ...parent, records })), ...rest], stalls: 0 };
      }
      return {
        pieces: [failedPiece(piece, piece.failures + 1, outcome.failure), ...rest],
        stalls: batch.stalls + 1,
      };
  }
}

function failedPiece<R extends SourceRecord>(piece: Piece<R>, failures: number, last: Failure): Piece<R> {
  return { ...piece, failures, invocations: piece.invocations + 1, last };
}

/** What remains after the first `count` records reached the failure destination. */
export function afterDiscard<R extends SourceRecord>(batch: Batch<R>, count: number): Batch<R> {
  const [piece, ...rest] = batch.pieces;
  if (piece === undefined) return batch;
  const records = piece.records.slice(count);
  return { pieces: records.length === 0 ? rest : [{ ...piece, records }, ...rest], stalls: 0 };
}

/** The destination could not be reached: the same records will be sent again. */
export function afterFailedDiscard<R extends SourceRecord>(batch: Batch<R>): Batch<R> {
  return { ...batch, stalls: batch.stalls + 1 };
}

const backoffFirstMs = 200;
/** Lambda does not say what its limit is; a minute keeps eight retries within two. */
const backoffMaxMs = 60_000;

/** How long to wait before the next attempt: doubling, half of it by chance, none while there is progress. */
export function backoffMs(stalls: number, random: () => number): number {
  if (stalls === 0) return 0;
  const ceiling = Math.min(backoffMaxMs, backoffFirstMs * 2 ** (stalls - 1));
  return Math.round(ceiling * (0.5 + random() / 2));
}
