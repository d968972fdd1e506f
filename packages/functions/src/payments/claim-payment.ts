import {
  err,
  type OrderId,
  ok,
  type Payment,
  type PaymentClaim,
  type PaymentError,
  type Result,
} from "@antipode/core";
import type { Delay } from "../platform/clock.ts";
import { errorOf } from "./answers.ts";
import { findClaimed, keysTrustedMs, mayBeForgotten } from "./find-claimed.ts";
import { keysMax, keysOf, keysSpentMax } from "./keys.ts";
import { isChargeable } from "./least-charge.ts";
import { readNow } from "./read-now.ts";
import { readPayment } from "./read-payment.ts";
import type { StripeCalls } from "./stripe-calls.ts";

type Outcome = Result<Payment, PaymentError>;

const operation = "claim";

/** What a claim is made with, at what time. */
export interface Claiming {
  readonly calls: StripeCalls;
  readonly delay: Delay;
  readonly nowMs: number;
}

/** How long a placement that came second waits to hear who was first: an update takes some 300 ms. */
const namedWithinMs = [100, 200, 400, 800] as const;

function unavailable(reason: string): Outcome {
  return err({ type: "unavailable", operation, reason });
}

/** Claimed under keys that may be known no more, it could be claimed twice. */
function isLeftOver({ placement, createdAtMs }: Payment, nowMs: number): boolean {
  return placement === undefined && nowMs - createdAtMs > keysTrustedMs;
}

/**
 * The order's payment, made or found: each region sends the same parameters under the same key, and Stripe answers with the
 * same object. A key whose stored answer is a failure has that answer for all, so all go on to the next one; and so they do from
 * a payment that nobody has claimed as long as the claim's keys are relied on, which must not be claimed any more.
 */
async function findOrCreate({ calls, nowMs }: Claiming, order: OrderId): Promise<Outcome> {
  let spent = 0;
  for (let turn = 0; turn < keysMax && spent < keysSpentMax; turn += 1) {
    const answer = await calls.create(order, keysOf.create(order, turn));
    if (answer.type === "done" && !answer.replayed) {
      return readPayment(operation, answer.value);
    }
    if (answer.type === "done") {
      const payment = await readNow(calls, operation, answer.value.id);
      if (!payment.ok || !isLeftOver(payment.value, nowMs)) {
        return payment;
      }
    } else if (answer.type === "stored-failure") {
      spent += answer.fresh ? 1 : 0;
    } else {
      return err(errorOf(operation, answer));
    }
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
async function claimFirst({ calls, delay }: Claiming, id: string, claim: PaymentClaim): Promise<Outcome> {
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
 * Finds or makes the order's payment, and claims it unless somebody has. Where keys may be forgotten it is searched for first:
 * what is younger than the keys' life is found by its key, what is older than the index is behind by the search. A claim of nothing to pay goes the same way, under
 * the same keys: it names the placement and no amount, so to Stripe it is another claim with other parameters.
 */
export async function claimPayment(claiming: Claiming, claim: PaymentClaim): Promise<Outcome> {
  if (claim.amount.amountMinor !== 0 && !isChargeable(claim.amount)) {
    const reason = `${claim.amount.amountMinor} ${claim.amount.currency} is not an amount that Stripe charges`;
    return err({ type: "refused", operation, code: "amount_not_chargeable", reason });
  }
  const { calls, nowMs } = claiming;
  if (mayBeForgotten(claim.orderId, nowMs)) {
    const claimed = await findClaimed(calls, claim.orderId);
    if (!claimed.ok) {
      return claimed;
    }
    if (claimed.value !== undefined) {
      return ok(claimed.value);
    }
  }
  const payment = await findOrCreate(claiming, claim.orderId);
  return payment.ok && payment.value.placement === undefined
    ? claimFirst(claiming, payment.value.id, claim)
    : payment;
}
