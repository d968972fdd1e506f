import { err, isOrderId, isOrigin, ok, type PaymentHint, type Webhooks } from "@antipode/core";
import Stripe from "stripe";
import * as z from "zod";

/** How old a signature may be: Stripe's own default. It signs anew for each try. */
const toleranceSeconds = 300;

const metadata = z.record(z.string(), z.string());

const eventSchema = z.object({
  id: z.string().min(1),
  object: z.literal("event"),
  type: z.string().min(1),
  data: z.object({ object: z.looseObject({ object: z.string() }) }),
});

/** The objects whose events are about a payment: the payment itself, a charge of it, or a refund of it. */
const paymentSchema = z.union([
  z
    .object({ object: z.literal("payment_intent"), id: z.string().min(1), metadata })
    .transform(({ id, metadata }) => ({ paymentId: id, metadata })),
  z
    .object({
      object: z.literal("refund"),
      payment_intent: z.string().min(1),
      status: z.string().nullable(),
      metadata,
    })
    .transform(({ payment_intent, status, metadata }) => ({
      paymentId: payment_intent,
      metadata,
      ...(status === "failed" ? { refundFailed: true as const } : {}),
    })),
  z
    .object({ object: z.literal("charge"), payment_intent: z.string().min(1), metadata })
    .transform(({ payment_intent, metadata }) => ({ paymentId: payment_intent, metadata })),
]);

function hintOf(eventId: string, object: unknown): PaymentHint | undefined {
  const payment = paymentSchema.safeParse(object);
  if (!payment.success) {
    return undefined;
  }
  const { metadata, ...subject } = payment.data;
  const { order: orderId = "", placement = "" } = metadata;
  return isOrderId(orderId)
    ? { eventId, orderId, ...subject, ...(isOrigin(placement) ? { placement } : {}) }
    : undefined;
}

export interface StripeWebhooksOptions {
  /** The signing secret of the endpoint. */
  readonly secret: string;
}

/** Reads what Stripe sends to the webhook, after its own SDK has checked the signature. */
export function createStripeWebhooks({ secret }: StripeWebhooksOptions): Webhooks {
  return {
    async read(body, signature, nowMs) {
      let event: unknown;
      try {
        event = await Stripe.webhooks.constructEventAsync(
          body,
          signature,
          secret,
          toleranceSeconds,
          undefined,
          nowMs,
        );
      } catch (error) {
        return error instanceof Stripe.errors.StripeSignatureVerificationError
          ? err({ type: "bad-signature" })
          : err({ type: "malformed", reason: "the body is not an event" });
      }
      const parsed = eventSchema.safeParse(event);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        return err({ type: "malformed", reason: `${issue?.path.join(".")}: ${issue?.message}` });
      }
      return ok(hintOf(parsed.data.id, parsed.data.data.object));
    },
  };
}
