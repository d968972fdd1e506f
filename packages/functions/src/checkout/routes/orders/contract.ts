import { currencyCodes, durabilities, type OrderState, orderMachine } from "@antipode/core";
import * as z from "zod";
import type { Contract } from "../../../api/contract.ts";
import { limitSchema } from "../../../api/routes/products/contract.ts";

const orderStates = Object.keys(orderMachine) as OrderState[];

const orderLineSchema = z.strictObject({
  sku: z.string(),
  product: z.string(),
  title: z.string(),
  quantity: z.int().min(1),
  unitMinor: z.int().min(0),
});

/** An order in an answer. */
export const orderSchema = z.strictObject({
  id: z.string(),
  cart: z.string(),
  state: z.enum(orderStates),
  /** Whether it is settled which placement of the cart's generation is the order. */
  decided: z.boolean(),
  /** The region and incarnation that placed it and does what cannot be undone. */
  placedIn: z.string(),
  placedAt: z.iso.datetime(),
  /** Until when its stock is held for payment. */
  holdEndsAt: z.iso.datetime(),
  currency: z.enum(currencyCodes),
  lines: z.array(orderLineSchema),
  totalMinor: z.int().min(0),
  /** Which durability was reached, by what this region has seen. */
  durability: z.enum(durabilities),
  /** Why the payment was declined, the provider's word. */
  declineCode: z.string().optional(),
  /** What was asked for and waits for the owning region. */
  requests: z.array(z.strictObject({ type: z.string(), operation: z.string(), at: z.iso.datetime() })),
});

/** A page of a listing, and the cursor of the next one. */
export const orderPageSchema = z.strictObject({
  items: z.array(orderSchema),
  next: z.string().nullable(),
});

const orderParams = z.strictObject({ orderId: z.string() });

/** The parameters of an order's path. */
export type OrderParams = z.infer<typeof orderParams>;

const nothing = z.strictObject({});
const noBody = z.undefined();

const ordersLimitDefault = 10;
const ordersLimitMax = 50; // each is a read of its own

const ordersQuery = z.strictObject({
  limit: limitSchema(ordersLimitMax, ordersLimitDefault),
  cursor: z.string().max(200).optional(),
});

/** Which page of a listing. */
export type OrdersQuery = z.infer<typeof ordersQuery>;

/** A shopper's orders. */
export const listOrders = {
  method: "GET",
  path: "/v1/orders",
  summary: "Lists the shopper's orders, newest first",
  security: "shopper",
  operation: false,
  params: nothing,
  query: ordersQuery,
  body: noBody,
  answers: { 200: { description: "A page of orders", schema: orderPageSchema } },
  refusals: ["throttled", "unavailable"],
} as const satisfies Contract<object, OrdersQuery, undefined>;

/** One order. */
export const getOrder = {
  method: "GET",
  path: "/v1/orders/:orderId",
  summary: "Reads an order, merged over regions",
  security: "either",
  operation: false,
  consistency: true,
  params: orderParams,
  query: nothing,
  body: noBody,
  answers: {
    200: { description: "The order", schema: orderSchema },
    304: { description: "The client has this version" },
  },
  refusals: ["order-not-found", "order-of-another-shopper", "throttled", "unavailable", "not-covered"],
} as const satisfies Contract<OrderParams, object, undefined>;

const changeRefusals = [
  "order-not-found",
  "order-state",
  "operation-id-reused",
  "throttled",
  "contended",
  "unavailable",
  "not-covered",
] as const;

const changed = {
  200: { description: "The order, changed", schema: orderSchema },
  202: { description: "The order; the region that owns it will decide", schema: orderSchema },
};

const emptyBody = z.strictObject({}).optional();

/** A cancellation, by the shopper or an operator. */
export const cancelOrder = {
  method: "POST",
  path: "/v1/orders/:orderId/cancellations",
  summary: "Asks to cancel an order, once for each operation id",
  security: "either",
  operation: true,
  consistency: true,
  params: orderParams,
  query: nothing,
  body: emptyBody,
  answers: changed,
  refusals: ["order-of-another-shopper", ...changeRefusals],
} as const satisfies Contract<OrderParams, object, object | undefined>;

const fulfilmentSchema = z.strictObject({ type: z.enum(["ship", "deliver", "return"]) });

/** What an operator says of an order. */
export type Fulfilment = z.infer<typeof fulfilmentSchema>;

/** What has become of an order, by an operator. */
export const fulfilOrder = {
  method: "POST",
  path: "/v1/orders/:orderId/fulfilments",
  summary: "Says that an order was shipped, delivered or returned, once for each operation id",
  security: "admin",
  operation: true,
  consistency: true,
  params: orderParams,
  query: nothing,
  body: fulfilmentSchema,
  answers: changed,
  refusals: changeRefusals,
} as const satisfies Contract<OrderParams, object, Fulfilment>;
