import { isSku, quantityMax } from "@antipode/core";
import * as z from "zod";
import type { Contract } from "../../contract.ts";

export const cartSchema = z.strictObject({
  id: z.string(),
  /** How many checkouts this cart has ended. */
  generation: z.int().min(0),
  lines: z.array(z.strictObject({ sku: z.string(), quantity: z.int().min(1) })),
});

export const newCartSchema = z.strictObject({
  id: z.string(),
  session: z.strictObject({ token: z.string(), expiresAt: z.iso.datetime() }),
});

const newLineSchema = z.strictObject({
  sku: z.string().refine(isSku, "not a SKU such as DESK-LAMP-042-BLACK"),
  quantity: z.int().min(1).max(quantityMax),
});

export type NewLine = z.infer<typeof newLineSchema>;

const cartParams = z.strictObject({ cartId: z.string() });
const nothing = z.strictObject({});
const noBody = z.undefined();
const emptyBody = z.strictObject({}).optional();

export const createCart = {
  method: "POST",
  path: "/v1/carts",
  summary: "Names a new, empty cart, and begins a session when none is sent",
  security: "optional",
  operation: false,
  params: nothing,
  query: nothing,
  body: emptyBody,
  answers: { 201: { description: "The cart's id and the session it is bound to", schema: newCartSchema } },
  refusals: [],
} as const satisfies Contract<object, object, object | undefined>;

export const addLine = {
  method: "POST",
  path: "/v1/carts/:cartId/lines",
  summary: "Adds units of a SKU, once for each operation id",
  security: "shopper",
  operation: true,
  params: cartParams,
  query: nothing,
  body: newLineSchema,
  answers: { 200: { description: "The cart merged over regions, with this line in it", schema: cartSchema } },
  refusals: [
    "cart-of-another-shopper",
    "cart-not-found",
    "cart-expired",
    "cart-full",
    "operation-too-old",
    "operation-too-far-ahead",
    "operation-id-reused",
    "throttled",
    "unavailable",
  ],
} as const satisfies Contract<{ cartId: string }, object, NewLine>;

export const getCart = {
  method: "GET",
  path: "/v1/carts/:cartId",
  summary: "Reads a cart, merged over regions",
  security: "shopper",
  operation: false,
  params: cartParams,
  query: nothing,
  body: noBody,
  answers: {
    200: { description: "The cart", schema: cartSchema },
    304: { description: "The client has this version" },
  },
  refusals: ["cart-of-another-shopper", "cart-not-found", "cart-expired", "throttled", "unavailable"],
} as const satisfies Contract<{ cartId: string }, object, undefined>;
