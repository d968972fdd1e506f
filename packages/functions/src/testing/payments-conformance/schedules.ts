import type { Payment, PaymentError, Payments, Result } from "@antipode/core";
import { testMethods } from "@antipode/core/testing";
import fc from "fast-check";
import { expect } from "vitest";
import { amounts, newOrder, nothing, placements } from "./orders.ts";
import type { ConformanceProvider } from "./provider.ts";

type Verb = "claim" | "authorize" | "capture" | "cancel" | "refund" | "read";

interface Call {
  readonly verb: Verb;
  readonly region: 0 | 1;
  readonly attempt: number;
  readonly method: string;
}

/** Calls that are under way at the same time, and what is wrong meanwhile. */
interface Step<Trouble> {
  readonly calls: readonly Call[];
  readonly trouble: Trouble;
  readonly act: "success" | "failure" | "none";
}

const anyCall: fc.Arbitrary<Call> = fc.record({
  verb: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Verb>("claim") },
    { weight: 4, arbitrary: fc.constant<Verb>("authorize") },
    { weight: 4, arbitrary: fc.constant<Verb>("capture") },
    { weight: 1, arbitrary: fc.constant<Verb>("cancel") },
    { weight: 2, arbitrary: fc.constant<Verb>("refund") },
    { weight: 1, arbitrary: fc.constant<Verb>("read") },
  ),
  region: fc.constantFrom<0 | 1>(0, 1),
  attempt: fc.nat(2),
  method: fc.constantFrom(
    testMethods.approved,
    testMethods.approved,
    testMethods.declined,
    testMethods.needsAction,
    testMethods.processing,
  ),
});

function anySteps<Trouble>(trouble: fc.Arbitrary<Trouble>): fc.Arbitrary<readonly Step<Trouble>[]> {
  return fc.array(
    fc.record({
      calls: fc.array(anyCall, { minLength: 1, maxLength: 4 }),
      trouble,
      act: fc.constantFrom("none", "none", "success", "failure"),
    }),
    { minLength: 3, maxLength: 10 },
  );
}

/** Of a cart that is made now, and of one whose first keys may be forgotten. */
const anyCartAgeMs = fc.constantFrom(0, 48 * 60 * 60_000);

type Answer = Result<Payment, PaymentError>;

/** The region whose placement costs nothing, if one does. */
type Free = 0 | 1 | undefined;

const amountOf = (region: 0 | 1, free: Free) => (region === free ? nothing : amounts[region]);

/** What is asked of a payment: of one that names a placement with nothing to pay, never any money. */
function isAsked(verb: Verb, claimed: Payment | undefined, free: Free): boolean {
  if (verb === "claim" || claimed === undefined) {
    return verb === "claim";
  }
  const isFree = free !== undefined && claimed.placement === placements[free];
  return !isFree || verb === "read" || verb === "cancel";
}

function send(
  payments: Payments,
  call: Call,
  { orderId, paymentId, free }: { orderId: Payment["orderId"]; paymentId: string; free: Free },
): Promise<Answer> {
  const { verb, region, attempt, method } = call;
  switch (verb) {
    case "claim":
      return payments.claim({ orderId, placement: placements[region], amount: amountOf(region, free) });
    case "authorize":
      return payments.authorize({ orderId, paymentId, attempt, method });
    case "read":
      return payments.read(paymentId);
    default:
      return payments[verb]({ orderId, paymentId, attempt });
  }
}

/** Whoever claimed has won for good, and every answer that shows the payment shows that claim. */
function judgeClaim(answers: readonly Answer[], free: Free): Payment | undefined {
  const shown = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  const [first] = shown;
  for (const payment of shown) {
    expect([payment.id, payment.placement, payment.amount]).toEqual([
      first?.id,
      first?.placement,
      first?.amount,
    ]);
  }
  if (first !== undefined) {
    const winner = first.placement === placements[0] ? 0 : 1;
    expect(first.placement).toBe(placements[winner]);
    expect(first.amount).toEqual(winner === free ? first.amount : amounts[winner]);
  }
  return first;
}

async function judgeBooks(
  provider: ConformanceProvider,
  orderId: Payment["orderId"],
  claimed: Payment | undefined,
) {
  const { payments } = await provider.books(orderId);
  const named = payments.filter(({ placement }) => placement !== "");
  expect(named.length).toBeLessThanOrEqual(1);
  for (const { captures, capturedMinor, placement } of payments) {
    expect(captures).toBeLessThanOrEqual(placement === "" ? 0 : 1);
    expect(captures === 0 ? capturedMinor : capturedMinor - (named[0]?.amountMinor ?? 0)).toBe(0);
  }
  for (const { refundedMinor, capturedMinor } of named) {
    expect(refundedMinor).toBeLessThanOrEqual(capturedMinor);
  }
  if (claimed !== undefined) {
    const { amountMinor, currency } = claimed.amount;
    expect(named).toMatchObject([{ id: claimed.id, placement: claimed.placement, amountMinor, currency }]);
  }
}

/**
 * The port's law: whatever two regions ask at the same time, and whatever befalls their calls, the claim never changes,
 * and money is captured once at most, and exactly what was claimed.
 *
 * @param trouble what may be wrong during a step; `cause` brings it about
 */
export async function payOnce<Trouble>(
  provider: ConformanceProvider,
  trouble: fc.Arbitrary<Trouble>,
  cause: (trouble: Trouble) => Promise<void>,
  runs: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      anySteps(trouble),
      fc.constantFrom(undefined, 0, 1),
      anyCartAgeMs,
      async (steps, free, ageMs) => {
        const orderId = newOrder(Date.now() - ageMs);
        const answers: Answer[] = [];
        let claimed: Payment | undefined;
        for (const step of steps) {
          await cause(step.trouble);
          const calls = step.calls.filter(({ verb }) => isAsked(verb, claimed, free));
          const asked = { orderId, paymentId: claimed?.id ?? "", free };
          answers.push(
            ...(await Promise.all(calls.map((call) => send(provider.regions[call.region], call, asked)))),
          );
          claimed = judgeClaim(answers, free);
          if (claimed !== undefined && step.act !== "none") {
            await provider.act(claimed.id, step.act);
          }
        }
        await provider.heal();
        await provider.passProcessing();
        const last = { orderId, placement: placements[1], amount: amountOf(1, free) };
        answers.push(await provider.regions[1].claim(last));
        await judgeBooks(provider, orderId, judgeClaim(answers, free));
      },
    ),
    { numRuns: runs },
  );
}
