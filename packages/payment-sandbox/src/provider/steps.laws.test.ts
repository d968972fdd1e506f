import fc from "fast-check";
import { expect, test } from "vitest";
import type { Intent, Step } from "./intent.ts";
import { cardDeclined, type MethodOutcome } from "./methods.ts";
import { act, cancel, capture, confirm, decide, refund, type StepContext, update } from "./steps.ts";

const open: Intent = {
  id: "pi_1",
  clientSecret: "pi_1_secret",
  amount: 1_000,
  currency: "usd",
  captureMethod: "manual",
  metadata: {},
  methodTypes: ["card"],
  status: "requires_payment_method",
  charges: [],
  createdMs: 0,
};

const anyOutcome = fc.constantFrom<MethodOutcome>(
  { type: "approved" },
  { type: "declined", failure: cardDeclined },
  { type: "needs-action" },
  { type: "processing", result: "approved" },
  { type: "processing", result: cardDeclined },
);

type Change = (intent: Intent, context: StepContext) => Step | undefined;

const anyChange: fc.Arbitrary<Change> = fc.oneof(
  anyOutcome.map(
    (outcome): Change =>
      (intent, context) =>
        confirm(intent, "pm", outcome, context),
  ),
  fc.constantFrom("success", "failure").map(
    (outcome): Change =>
      (intent, context) =>
        act(intent, outcome, context),
  ),
  fc.option(fc.integer({ min: 1, max: 1_200 }), { nil: undefined }).map(
    (amount): Change =>
      (intent) =>
        capture(intent, amount),
  ),
  fc.option(fc.integer({ min: 1, max: 1_200 }), { nil: undefined }).map(
    (amount): Change =>
      (intent) =>
        refund(intent, amount),
  ),
  fc.constant<Change>((intent, { nowMs }) => cancel(intent, nowMs)),
  fc.constant<Change>((intent, { nowMs }) => decide(intent, nowMs)),
  fc.integer({ min: 500, max: 1_500 }).map(
    (amount): Change =>
      (intent) =>
        update(intent, { amount }),
  ),
);

test("money is held by one charge, captured once, never more than asked for, and given back at most whole", () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 25 }), (changes) => {
      let intent = open;
      for (const [index, change] of changes.entries()) {
        const before = intent;
        const context = { nowMs: index * 10, chargeId: `ch_${index}`, processingMs: 25 };
        const step = change(intent, context);
        intent = step === undefined || step.type === "refused" ? intent : step.intent;
        const good = intent.charges.filter(({ status }) => status === "succeeded");
        expect(good.length).toBeLessThanOrEqual(1);
        const captures = intent.charges.reduce((sum, charge) => sum + charge.captures, 0);
        expect(captures).toBe(intent.status === "succeeded" ? 1 : 0);
        for (const charge of intent.charges) {
          expect(charge.amountCaptured).toBeLessThanOrEqual(charge.amount);
          expect(charge.amountRefunded).toBeLessThanOrEqual(charge.amount);
        }
        expect(good.length === 1).toBe(
          ["requires_capture", "succeeded"].includes(intent.status) ||
            (intent.status === "canceled" && good.length === 1),
        );
        if (before.status === "canceled" || before.status === "succeeded") {
          expect(intent.status).toBe(before.status);
          expect(intent.amount).toBe(before.amount);
        }
      }
    }),
    { numRuns: 500 },
  );
});
