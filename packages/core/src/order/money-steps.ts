import type { Payment } from "../ports/payments.ts";
import { paymentMarginMs } from "./limits.ts";
import { attemptOf, isHoldOver, record, release, retryLater, type Sight, wait } from "./sight.ts";
import type { OrderStep } from "./steps.ts";

/** The money is promised, or never will be: what the provider says, for as long as the units are held. */
export function settleAuthorization(sight: Sight): OrderStep {
  const { payment, placement, nowMs } = sight;
  if (payment === "out-of-reach") {
    return isHoldOver(sight) ? release(sight, "expired") : retryLater(sight);
  }
  const failed = failedCode(payment);
  if (failed !== undefined) {
    return record({ type: "declined", code: failed });
  }
  if (payment?.status === "authorized" || payment?.status === "captured") {
    return record({ type: "authorized" });
  }
  if (
    (payment === undefined || payment.status === "open") &&
    nowMs < placement.holdEndsAtMs - paymentMarginMs
  ) {
    const { method } = placement;
    if (method === undefined) {
      throw new Error(`${placement.orderId}: nothing to pay with`);
    }
    return { type: "authorize", attempt: { ...attemptOf(sight), method } };
  }
  if (payment === undefined) {
    return { type: "read-payment", paymentId: attemptOf(sight).paymentId };
  }
  return isHoldOver(sight) ? release(sight, "expired") : wait("shopper", placement.holdEndsAtMs);
}

/** Why a payment will not come about: the provider's code, or that somebody gave it up. */
function failedCode(payment: Payment | undefined): string | undefined {
  if (payment?.status === "cancelled") {
    return paymentGivenUp;
  }
  return payment?.status === "open" ? payment.declineCode : undefined;
}

/** The code of a payment that ended at the provider without us: authorisations lapse, and operators have consoles. */
export const paymentGivenUp = "payment-cancelled";

/** The units are sold, so the money is due; where the provider let go of it, the order is off. */
export function takeMoney(sight: Sight): OrderStep {
  const { payment } = sight;
  if (payment === "out-of-reach") {
    return retryLater(sight);
  }
  if (payment?.status === "captured") {
    return record({ type: "captured" });
  }
  return payment?.status === "cancelled"
    ? record({ type: "cancelled", code: paymentGivenUp })
    : { type: "capture", attempt: attemptOf(sight) };
}

/** The order is off, or was never to be paid: what was taken goes back, and what was not taken never will be. */
export function returnMoney(sight: Sight): OrderStep | undefined {
  const { payment, progress } = sight;
  if (progress.refunded || progress.voided) {
    return undefined;
  }
  if (payment === "out-of-reach") {
    return retryLater(sight);
  }
  if (payment === undefined) {
    return { type: progress.captured ? "refund" : "cancel-payment", attempt: attemptOf(sight) };
  }
  switch (payment.status) {
    case "captured":
      return payment.refundedMinor >= payment.amount.amountMinor // a person may have given a part back
        ? record({ type: "refunded" })
        : { type: "refund", attempt: attemptOf(sight) };
    case "cancelled":
      return record({ type: "voided" });
    case "processing": // cannot be given up until the provider knows; a later run asks again
      return retryLater(sight);
    default:
      return { type: "cancel-payment", attempt: attemptOf(sight) };
  }
}
