import { currencyCodes, generationMax, isSku, orderLinesMax, orderLineUnitsMax } from "@antipode/core";
import * as z from "zod";
import type { Contract } from "../../../api/contract.ts";
import { orderSchema } from "../orders/contract.ts";

/** A client secret, or a key of the shop's own at the provider: a page that mixes them up must not have them stored. */
function isSecret(token: string): boolean {
  return /^(?:sk|rk|whsec)_|_secret_/.test(token);
}

const checkoutSchema = z.strictObject({
  /** The cart's, as it was shown: so whoever is asked, however late, is asked about one and the same order. */
  generation: z.int().min(0).max(generationMax),
  currency: z.enum(currencyCodes),
  /** What the shopper has seen and agrees to: other lines or prices are reported, never charged. */
  lines: z
    .array(
      z.strictObject({
        sku: z.string().refine(isSku, "not a SKU such as DESK-LAMP-042-BLACK"),
        quantity: z.int().min(1).max(orderLineUnitsMax),
        unitMinor: z.int().min(0),
      }),
    )
    .min(1)
    .max(orderLinesMax)
    .refine((lines) => new Set(lines.map(({ sku }) => sku)).size === lines.length, "a SKU is there twice"),
  /** The provider's token of a payment method. Not needed when nothing is to be paid. */
  paymentMethod: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,255}$/, "not a payment method's token")
    .refine((token) => !isSecret(token), "a secret, and not a payment method's token")
    .optional(),
  /** `two-regions`: answered when a second region has its own copy, or could not be reached in time. */
  durability: z.enum(["one-region", "two-regions"]).default("one-region"),
  /** Goes on with what this region has seen of the cart, though the token says there is more. */
  acceptPartial: z.boolean().default(false),
});

/** What a shopper sends to check out. */
export type CheckoutBody = z.infer<typeof checkoutSchema>;

/** The order of a checkout. */
export const placedOrderSchema = z.strictObject({
  order: orderSchema,
  /** For the shopper's page, while their bank asks for something. */
  paymentClientSecret: z.string().optional(),
});

/** A checkout of a cart. */
export const checkout = {
  method: "POST",
  path: "/v1/carts/:cartId/checkout",
  summary: "Places the cart's order: takes stock and payment, once for each operation id",
  security: "shopper",
  operation: true,
  consistency: true,
  makes: "/v1/orders/:orderId",
  params: z.strictObject({ cartId: z.string() }),
  query: z.strictObject({}),
  body: checkoutSchema,
  answers: {
    201: { description: "The order is confirmed", schema: placedOrderSchema },
    202: { description: "The order is placed; its payment is not settled yet", schema: placedOrderSchema },
  },
  refusals: [
    "cart-of-another-shopper",
    "cart-not-found",
    "cart-expired",
    "cart-empty",
    "cart-changed",
    "cart-not-covered",
    "token-of-another",
    "cart-in-checkout",
    "sku-not-sold",
    "prices-changed",
    "stock-short",
    "checkout-superseded",
    "checkout-expired",
    "payment-declined",
    "payment-method-needed",
    "amount-not-chargeable",
    "not-selling",
    "region-away",
    "operation-id-reused",
    "throttled",
    "contended",
    "unavailable",
  ],
} as const satisfies Contract<{ cartId: string }, object, CheckoutBody>;
