import { err, ok } from "@antipode/core";
import type { Outcome } from "../../../api/exchange.ts";
import type { Problem } from "../../../api/problems.ts";
import { orderHeaders, orderToBody } from "../../../orders/order-answer.ts";
import { supersededProblem } from "../../known-checkout.ts";
import type { Settled } from "../../settle.ts";

function declined({ order, progress }: Settled): Problem {
  return {
    name: "payment-declined",
    detail: "Choose another payment method and check out again, with a new Idempotency-Key.",
    members: { order: order.id, declineCode: progress.declinedCode ?? "unknown" },
  };
}

function expired({ order }: Settled): Problem {
  return {
    name: "checkout-expired",
    detail: "It was not paid in time, and nothing was charged. Check out again, with a new Idempotency-Key.",
    members: { order: order.id },
  };
}

/** What the shopper is told: the same for every repetition, as far as the order is the same. */
export function settledAnswer(settled: Settled, headers: Readonly<Record<string, string>>): Outcome {
  const { order, progress, payment } = settled;
  if (progress.state === "declined") {
    return err(declined(settled));
  }
  if (
    progress.state === "superseded" ||
    (progress.winner !== undefined && progress.winner !== progress.origin)
  ) {
    return err(supersededProblem(order.id, progress.winner ?? order.shown));
  }
  if (progress.state === "expired") {
    return err(expired(settled));
  }
  const isConfirmed = progress.allocation === "committed" || progress.state === "cancelled";
  const secret =
    payment !== undefined && payment !== "out-of-reach" && payment.status === "needs-action"
      ? payment.clientSecret
      : undefined;
  return ok({
    status: isConfirmed ? 201 : 202,
    body: { order: orderToBody(order), ...(secret === undefined ? {} : { paymentClientSecret: secret }) },
    headers: { ...orderHeaders(order), Location: `/v1/orders/${order.id}`, ...headers },
  });
}
