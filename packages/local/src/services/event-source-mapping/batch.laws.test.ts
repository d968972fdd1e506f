import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Batch, BatchPolicy } from "./batch.ts";
import { afterDiscard, afterFailedDiscard, afterInvoke, backoffMs, nextStep, startBatch } from "./batch.ts";
import type { Outcome } from "./outcome.ts";
import { sequenceOf } from "./stream-source.ts";
import type { TestRecord } from "./testing/stream.ts";
import { createTestStream, numberOf } from "./testing/stream.ts";

const failure = { detail: "as drawn" };
/** `index` is drawn as a share of whatever the piece holds. */
const drawnOutcome = fc.oneof(
  fc.constant({ type: "succeeded" as const }),
  fc.record({
    type: fc.constant("failed-from" as const),
    share: fc.double({ min: 0, max: 0.999, noNaN: true }),
  }),
  fc.constant({ type: "failed" as const, failure }),
  fc.constant({ type: "not-reached" as const, failure }),
  fc.constant({ type: "destination-failed" as const }),
);
const policy: fc.Arbitrary<BatchPolicy> = fc.record({
  bisectBatchOnFunctionError: fc.boolean(),
  retriesMax: fc.constantFrom(0, 1, 3, Number.POSITIVE_INFINITY),
  recordAgeMaxMs: fc.constantFrom(5_000, Number.POSITIVE_INFINITY),
});

const numbers = (batch: Batch<TestRecord>) =>
  batch.pieces.flatMap((piece) => piece.records.map((record) => numberOf(sequenceOf(record))));

describe("a batch", () => {
  test("loses no record, repeats none, and settles them from the front only", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 12 }),
        policy,
        fc.array(fc.tuple(drawnOutcome, fc.integer({ min: 0, max: 2_000 })), { maxLength: 60 }),
        (size, rules, draws) => {
          const stream = createTestStream(() => 0);
          const records = Array.from({ length: size }, (_, index) => stream.append(String(index % 3)));
          const all = records.map((_, index) => index + 1);
          let batch = startBatch(records);
          let nowMs = 0;
          let settled = 0;
          for (const [drawn, passesMs] of draws) {
            nowMs += passesMs;
            const step = nextStep(batch, rules, nowMs);
            if (step.type === "done") break;
            const sent = step.piece.records.map((record) => numberOf(sequenceOf(record)));
            expect(sent, "the front of what is left, in order").toEqual(
              all.slice(settled, settled + sent.length),
            );
            const before = numbers(batch);
            batch = advance(batch, rules, step.type, sent.length, drawn);
            const after = numbers(batch);
            expect(after, "what is left is the end of what was left").toEqual(
              before.slice(-after.length || before.length),
            );
            settled = size - after.length;
            expect(before.length - after.length, "only what was sent may be settled").toBeLessThanOrEqual(
              sent.length,
            );
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("ends, whatever the function does, when retries are limited", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }),
        policy,
        fc.infiniteStream(
          drawnOutcome.filter((drawn) => !["not-reached", "destination-failed"].includes(drawn.type)),
        ),
        (size, rules, outcomes) => {
          const finite = { ...rules, retriesMax: Math.min(rules.retriesMax, 3) };
          const stream = createTestStream(() => 0);
          let batch = startBatch(Array.from({ length: size }, () => stream.append("a")));
          // Each record: at most its retries; each piece: at most one more for the cut that made it.
          const stepsMax = size * (finite.retriesMax + 2) * 2 + 1;
          for (let steps = 0; steps <= stepsMax; steps += 1) {
            const step = nextStep(batch, finite, 0);
            if (step.type === "done") return;
            batch = advance(batch, finite, step.type, step.piece.records.length, outcomes.next().value);
          }
          throw new Error(`not done after ${stepsMax} steps`);
        },
      ),
    );
  });

  test("isolates one poisoned record by bisecting: only it is discarded", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        fc.integer({ min: 0, max: 3 }),
        (size, draw, retriesMax) => {
          const poisoned = (draw % size) + 1;
          const rules = {
            bisectBatchOnFunctionError: true,
            retriesMax,
            recordAgeMaxMs: Number.POSITIVE_INFINITY,
          };
          const stream = createTestStream(() => 0);
          let batch = startBatch(Array.from({ length: size }, () => stream.append("a")));
          const discarded: number[] = [];
          for (;;) {
            const step = nextStep(batch, rules, 0);
            if (step.type === "done") break;
            const sent = step.piece.records.map((record) => numberOf(sequenceOf(record)));
            if (step.type === "discard") {
              discarded.push(...sent);
              batch = afterDiscard(batch, sent.length);
            } else {
              const outcome: Outcome = sent.includes(poisoned)
                ? { type: "failed", failure }
                : { type: "succeeded" };
              batch = afterInvoke(batch, rules, outcome);
            }
          }
          expect(discarded).toEqual([poisoned]);
        },
      ),
    );
  });
});

function advance(
  batch: Batch<TestRecord>,
  rules: BatchPolicy,
  step: "invoke" | "discard",
  sent: number,
  drawn: { readonly type: string; readonly share?: number },
): Batch<TestRecord> {
  if (step === "discard") {
    return drawn.type === "destination-failed" ? afterFailedDiscard(batch) : afterDiscard(batch, sent);
  }
  return afterInvoke(batch, rules, outcomeOf(drawn, sent));
}

function outcomeOf(drawn: { readonly type: string; readonly share?: number }, sent: number): Outcome {
  if (drawn.type === "succeeded") return { type: "succeeded" };
  if (drawn.type === "failed") return { type: "failed", failure };
  if (drawn.type === "failed-from") {
    return { type: "failed-from", index: Math.floor((drawn.share ?? 0) * sent), failure };
  }
  return { type: "not-reached", failure };
}

test("the back-off grows, stays within a minute, and is half chance", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (stalls, chance) => {
        const delay = backoffMs(stalls, () => chance);
        expect(delay).toBeGreaterThanOrEqual(100);
        expect(delay).toBeLessThanOrEqual(60_000);
        expect(backoffMs(stalls + 1, () => chance)).toBeGreaterThanOrEqual(delay);
      },
    ),
  );
  expect(backoffMs(0, () => 0.5)).toBe(0);
});
