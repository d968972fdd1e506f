import * as z from "zod";
import type { Contract } from "../../../api/contract.ts";

const received = z.strictObject({ received: z.literal(true) });

/** A provider's event; ours have some 5 KB. */
const webhookBytesMax = 64 * 1024;

/** An event of the payment provider. */
export const paymentWebhook = {
  method: "POST",
  path: "/v1/payments/webhook",
  summary: "For the payment provider: says that a payment has changed",
  security: "none",
  operation: false,
  bodyText: true,
  bodyBytesMax: webhookBytesMax,
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: z.string(),
  answers: { 200: { description: "Heard; whoever placed the order has looked", schema: received } },
  refusals: ["signature-refused", "region-away", "unavailable"],
} as const satisfies Contract<object, object, string>;
