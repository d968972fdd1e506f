import {
  err,
  isCurrency,
  isOrderId,
  isOrigin,
  ok,
  type Payment,
  type PaymentError,
  type PaymentStatus,
  type Result,
} from "@antipode/core";
import * as z from "zod";

const statusByStripe: ReadonlyMap<string, PaymentStatus> = new Map<string, PaymentStatus>([
  ["requires_payment_method", "open"],
  ["requires_confirmation", "open"],
  ["requires_action", "needs-action"],
  ["processing", "processing"],
  ["requires_capture", "authorized"],
  ["succeeded", "captured"],
  ["canceled", "cancelled"],
]);

/** What is read of a PaymentIntent; `latest_charge` must have been asked for whole. */
const intentSchema = z.object({
  id: z.string().min(1),
  amount: z.int().min(0),
  currency: z
    .string()
    .transform((code) => code.toUpperCase())
    .refine(isCurrency, "a currency that the shop does not price in"),
  status: z.string().transform((status, context) => {
    const known = statusByStripe.get(status);
    if (known === undefined) {
      context.addIssue({ code: "custom", message: `a status that is not known: ${status}` });
      return z.NEVER;
    }
    return known;
  }),
  created: z.int().min(0),
  client_secret: z.string().nullish(),
  metadata: z.object({
    order: z.string().refine(isOrderId, "not an order id"),
    placement: z.string().refine(isOrigin, "not an origin").optional(),
  }),
  latest_charge: z.object({ amount_refunded: z.int().min(0) }).nullish(),
  last_payment_error: z
    .object({ code: z.string().optional(), decline_code: z.string().optional() })
    .nullish(),
});

type Intent = z.output<typeof intentSchema>;

/** Stripe books what was authorised and let go as refunded too: given back is only what had been taken. */
function refundedMinor({ status, latest_charge }: Intent): number {
  return status === "captured" ? (latest_charge?.amount_refunded ?? 0) : 0;
}

function toPayment(intent: Intent): Payment {
  const {
    id,
    amount,
    currency,
    status,
    metadata,
    client_secret: secret,
    last_payment_error: failure,
  } = intent;
  const declineCode = failure?.decline_code ?? failure?.code;
  return {
    id,
    orderId: metadata.order,
    ...(metadata.placement === undefined ? {} : { placement: metadata.placement }),
    amount: { amountMinor: amount, currency },
    status,
    refundedMinor: refundedMinor(intent),
    ...(status === "open" && declineCode !== undefined ? { declineCode } : {}),
    ...(status === "needs-action" && secret != null ? { clientSecret: secret } : {}),
    createdAtMs: intent.created * 1_000,
  };
}

/** A PaymentIntent as the port's payment. Its secret is shown only where the shopper needs it. */
export function readPayment(operation: string, intent: unknown): Result<Payment, PaymentError> {
  const parsed = intentSchema.safeParse(intent);
  if (parsed.success) {
    return ok(toPayment(parsed.data));
  }
  const [issue] = parsed.error.issues;
  const reason = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not a payment"}`;
  return err({ type: "unreadable", operation, reason });
}

/** Whether a PaymentIntent is of an order of this shop: the account may have others. */
export function isOfOrder(metadata: Readonly<Record<string, string>>): boolean {
  return isOrderId(metadata["order"] ?? "");
}
