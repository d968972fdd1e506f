import { isCartId, isSku, quantityMax, tokenCharsMax, tokenToVector } from "@antipode/core";
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

const lineQuantitySchema = z.strictObject({ quantity: z.int().min(0).max(quantityMax) });

export type LineQuantity = z.infer<typeof lineQuantitySchema>;

const guestCartSchema = z.strictObject({
  cart: z.string().refine(isCartId, "not a cart's id"),
  /** The guest's session: who merges a cart must have been its shopper. */
  token: z.string().min(1).max(tokenCharsMax),
  /** The guest's cart's last ETag: nothing is merged before this region can read all of it. */
  seen: z
    .string()
    .max(tokenCharsMax)
    .refine((text) => tokenToVector(text).ok, "not an ETag of a cart")
    .optional(),
});

export type GuestCart = z.infer<typeof guestCartSchema>;

const cartParams = z.strictObject({ cartId: z.string() });
const lineParams = z.strictObject({ cartId: z.string(), sku: z.string() });

export type LineParams = z.infer<typeof lineParams>;

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
    "contended",
    "unavailable",
  ],
} as const satisfies Contract<{ cartId: string }, object, NewLine>;

export const getCart = {
  method: "GET",
  path: "/v1/carts/:cartId",
  summary: "Reads a cart, merged over regions",
  security: "shopper",
  operation: false,
  consistency: true,
  params: cartParams,
  query: nothing,
  body: noBody,
  answers: {
    200: { description: "The cart", schema: cartSchema },
    304: { description: "The client has this version" },
  },
  refusals: [
    "cart-of-another-shopper",
    "cart-not-found",
    "cart-expired",
    "throttled",
    "unavailable",
    "not-covered",
  ],
} as const satisfies Contract<{ cartId: string }, object, undefined>;

/** Refusals of every change that reads the cart before it writes. */
const changeRefusals = [
  "cart-of-another-shopper",
  "cart-not-found",
  "cart-expired",
  "operation-too-old",
  "operation-too-far-ahead",
  "operation-id-reused",
  "throttled",
  "contended",
  "unavailable",
  "not-covered",
] as const;

export const setLine = {
  method: "PUT",
  path: "/v1/carts/:cartId/lines/:sku",
  summary: "Sets how many units of a SKU the cart has, once for each operation id",
  security: "shopper",
  operation: true,
  consistency: true,
  params: lineParams,
  query: nothing,
  body: lineQuantitySchema,
  answers: {
    200: { description: "The cart merged over regions, with this quantity in it", schema: cartSchema },
  },
  refusals: ["line-not-found", "cart-full", ...changeRefusals],
} as const satisfies Contract<LineParams, object, LineQuantity>;

export const removeLine = {
  method: "DELETE",
  path: "/v1/carts/:cartId/lines/:sku",
  summary: "Removes what this region has seen of a SKU, once for each operation id",
  security: "shopper",
  operation: true,
  consistency: true,
  params: lineParams,
  query: nothing,
  body: noBody,
  answers: { 200: { description: "The cart merged over regions, without this line", schema: cartSchema } },
  refusals: ["line-not-found", "cart-full", ...changeRefusals],
} as const satisfies Contract<LineParams, object, undefined>;

export const mergeCart = {
  method: "POST",
  path: "/v1/carts/:cartId/merge",
  summary: "Merges a guest's cart into this one, once for each operation id",
  security: "shopper",
  operation: true,
  consistency: true,
  params: cartParams,
  query: nothing,
  body: guestCartSchema,
  answers: {
    200: { description: "The cart merged over regions, with the guest's lines in it", schema: cartSchema },
  },
  refusals: ["guest-session-refused", "cart-in-checkout", "cart-full", ...changeRefusals],
} as const satisfies Contract<{ cartId: string }, object, GuestCart>;
