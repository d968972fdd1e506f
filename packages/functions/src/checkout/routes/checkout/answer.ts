import { err, ok, paymentMethodUnknown } from "@antipode/core";
import type { Outcome } from "../../../api/exchange.ts";
import type { Problem } from "../../../api/problems.ts";
import { orderHeaders, orderToBody } from "../../../orders/order-answer.ts";
import { supersededProblem } from "../../known-checkout.ts";
import type { Settled } from "../../settle.ts";

/** A method that the provider does not know is the client's mistake rather than the shopper's: no bank was asked. */
function declined({ order, progress }: Settled): Problem {
  const { declinedCode = "unknown" } = progress;
  return {
    name: "payment-declined",
    detail:
      declinedCode === paymentMethodUnknown
        ? "The provider knows no such paymentMethod. Send one that it gave you, with a new Idempotency-Key."
        : "Choose another payment method and check out again, with a new Idempotency-Key.",
    members: { order: order.id, declineCode: declinedCode },
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
  if (progress.winner !== undefined && order.owner !== progress.origin) {
    return err(supersededProblem(order.id, order.owner ?? order.shown, "maybe"));
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
