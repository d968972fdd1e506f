import {
  err,
  type OrderId,
  type Payment,
  type PaymentClaim,
  type PaymentError,
  type Result,
} from "@antipode/core";
import type { Delay } from "../platform/clock.ts";
import { errorOf } from "./answers.ts";
import { keysMax, keysOf, keysSpentMax } from "./keys.ts";
import { isChargeable } from "./least-charge.ts";
import { readNow } from "./read-now.ts";
import { readPayment } from "./read-payment.ts";
import type { StripeCalls } from "./stripe-calls.ts";

type Outcome = Result<Payment, PaymentError>;

const operation = "claim";

/** How long a placement that came second waits to hear who was first: an update takes some 300 ms. */
const namedWithinMs = [100, 200, 400, 800] as const;

function unavailable(reason: string): Outcome {
  return err({ type: "unavailable", operation, reason });
}

/**
 * The order's payment, made or found: each region sends the same parameters under the same key, and Stripe answers with the
 * same object. A key whose stored answer is a failure has that answer for all, so all go on to the next one.
 */
async function findOrCreate(calls: StripeCalls, order: OrderId): Promise<Outcome> {
  let spent = 0;
  for (let turn = 0; turn < keysMax && spent < keysSpentMax; turn += 1) {
    const answer = await calls.create(order, keysOf.create(order, turn));
    if (answer.type === "done") {
      return answer.replayed
        ? readNow(calls, operation, answer.value.id)
        : readPayment(operation, answer.value);
    }
    if (answer.type !== "stored-failure") {
      return err(errorOf(operation, answer));
    }
    spent += answer.fresh ? 1 : 0;
  }
  return unavailable("Stripe failed to make the payment, and keeps that as the answer of each key tried");
}

/** Another placement took the key, so it has won; its name is in the object, or about to be. */
async function readWinner(calls: StripeCalls, id: string, delay: Delay): Promise<Outcome> {
  for (const waitMs of namedWithinMs) {
    const payment = await readNow(calls, operation, id);
    if (!payment.ok || payment.value.placement !== undefined) {
      return payment;
    }
    await delay(waitMs);
  }
  const payment = await readNow(calls, operation, id);
  return payment.ok && payment.value.placement === undefined
    ? unavailable("another placement has won, and is not named yet")
    : payment;
}

/**
 * The first key is the compare-and-swap: Stripe takes it once, and whoever took it has won. The winner alone goes on to
 * further keys, where Stripe has stored a failure under the last one; everyone else is refused at the first. So nobody
 * ever writes another name, however long the winner's request is under way.
 */
async function claimFirst(
  calls: StripeCalls,
  id: string,
  claim: PaymentClaim,
  delay: Delay,
): Promise<Outcome> {
  let spent = 0;
  for (let turn = 0; turn < keysMax && spent < keysSpentMax; turn += 1) {
    const answer = await calls.claim(id, claim, keysOf.claim(claim.orderId, turn));
    if (answer.type === "done" && !answer.replayed) {
      return readPayment(operation, answer.value);
    }
    if (answer.type === "key-taken") {
      return readWinner(calls, id, delay);
    }
    if (answer.type === "unavailable") {
      return err(errorOf(operation, answer));
    }
    const payment = await readNow(calls, operation, id);
    if (!payment.ok || payment.value.placement !== undefined) {
      return payment;
    }
    if (answer.type !== "stored-failure") {
      return answer.type === "done"
        ? unavailable("the payment does not show its claim yet")
        : err(errorOf(operation, answer));
    }
    spent += answer.fresh ? 1 : 0;
  }
  return unavailable("Stripe failed to write the claim, and keeps that as the answer of each key tried");
}

/**
 * Finds or makes the order's payment, and claims it unless somebody has. A claim of nothing to pay goes the same way, under
 * the same keys: it names the placement and no amount, so to Stripe it is another claim with other parameters.
 */
export async function claimPayment(calls: StripeCalls, claim: PaymentClaim, delay: Delay): Promise<Outcome> {
  if (claim.amount.amountMinor !== 0 && !isChargeable(claim.amount)) {
    const reason = `${claim.amount.amountMinor} ${claim.amount.currency} is not an amount that Stripe charges`;
    return err({ type: "refused", operation, code: "amount_not_chargeable", reason });
  }
  const payment = await findOrCreate(calls, claim.orderId);
  return payment.ok && payment.value.placement === undefined
    ? claimFirst(calls, payment.value.id, claim, delay)
    : payment;
}
