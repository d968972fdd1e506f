import { err, ok, originRegion, type PaymentHint, type Result } from "@antipode/core";
import type { Problem } from "../../../api/problems.ts";
import { openRoute, type Route } from "../../../api/route.ts";
import { advanceOrder, logNotAdvanced } from "../../../orders/advance.ts";
import { askPeer } from "../../../peer/ask-peer.ts";
import type { CheckoutDeps } from "../../deps.ts";
import { inTime } from "../../in-time.ts";
import { paymentWebhook } from "./contract.ts";

/** The provider waits some ten seconds, and comes again for days. */
const forwardTimeoutMs = 8_000;

const signatureRefused: Problem = {
  name: "signature-refused",
  detail: "Only the payment provider's own events are taken here.",
};

/**
 * Whoever placed the order looks how its payment is: an event is a hint to look, and says nothing that is acted upon. It may
 * arrive in any region, late, twice, and in any order.
 */
async function look(deps: CheckoutDeps, hint: PaymentHint): Promise<Result<undefined, Problem>> {
  const { orderId, placement } = hint;
  if (placement === undefined) {
    return ok(undefined); // nobody has claimed the payment: whoever does will look
  }
  const region = originRegion(placement);
  if (region === deps.deployment.region) {
    const advanced = await advanceOrder(deps, orderId);
    if (!advanced.ok) {
      logNotAdvanced(deps, orderId, advanced.error);
      return err({ name: "unavailable", detail: "Send the event again.", cause: advanced.error });
    }
    return ok(undefined);
  }
  const answer = await askPeer(deps.peers, region, { type: "advance", orderId }, forwardTimeoutMs);
  return answer.ok && answer.value.type === "advanced"
    ? ok(undefined)
    : err({
        name: "region-away",
        detail: "The region that placed the order does not answer. Send the event again.",
        members: { region },
        cause: answer.ok ? answer.value : answer.error,
      });
}

/** Its order is closed as a rule, and says that the money went back: nothing but a person gives it back in another way. */
function sayRefundFailed({ log, measurements }: CheckoutDeps, { orderId, paymentId }: PaymentHint): void {
  measurements.record("RefundsFailed", [1]);
  log.error("a refund has failed", { orderId, payment: paymentId });
}

/** Where the payment provider says that something has changed. */
export function createPaymentRoutes(deps: CheckoutDeps): readonly Route[] {
  return [
    openRoute(paymentWebhook, async ({ body, signature, nowMs, requestId }) => {
      const hint = await deps.webhooks.read(body, signature ?? "", nowMs);
      if (!hint.ok) {
        deps.log.warn("a webhook is refused", { requestId, cause: hint.error });
        return err(signatureRefused);
      }
      if (hint.value?.refundFailed === true) {
        sayRefundFailed(deps, hint.value);
      }
      const said = hint.value;
      const looked =
        said === undefined ? ok(undefined) : await inTime(deps, nowMs, (timed) => look(timed, said));
      return looked.ok
        ? ok({ status: 200, body: { received: true }, headers: { "Cache-Control": "no-store" } })
        : looked;
    }),
  ];
}
