import { buy, deliverTo, filledCart, newKey, placedIn } from "./buyer.ts";
import { operatorToken } from "./operator.ts";
import { add, type Opened } from "./shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "./test-shops.ts";

/** A shop with stock, a shopper's paid order, and a cart of theirs that holds one more lamp. */
export interface ReadyShop {
  readonly world: TestShops;
  readonly us: TestShop;
  readonly eu: TestShop;
  readonly cart: Opened;
  readonly order: string;
  readonly admin: string;
}

export async function openReadyShop(): Promise<ReadyShop> {
  const world = createTestShops();
  const [us, eu] = [world.shop("us-east-1"), world.shop("eu-west-1")];
  await world.beat();
  await deliverTo(us, "LAMP", 5);
  await deliverTo(eu, "LAMP", 5);
  await world.replicate();
  const cart = await filledCart(us);
  const { order } = await placedIn(await buy(us, cart));
  await add(us, cart, { sku: "LAMP" });
  return { world, us, eu, cart, order: order.id, admin: await operatorToken(us) };
}

/** A request that is good as it is, for a test to spoil. */
export interface GoodRequest {
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Describe = (ready: ReadyShop) => GoodRequest;

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

function getting(path: (ready: ReadyShop) => string, token: (ready: ReadyShop) => string): Describe {
  return (ready) => ({ path: path(ready), method: "GET", headers: bearer(token(ready)) });
}

function posting(
  path: (ready: ReadyShop) => string,
  token: (ready: ReadyShop) => string,
  body: unknown,
): Describe {
  return (ready) => ({
    path: path(ready),
    method: "POST",
    headers: {
      ...bearer(token(ready)),
      "Content-Type": "application/json",
      "Idempotency-Key": newKey(ready.us),
    },
    body: JSON.stringify(body),
  });
}

const shoppers = ({ cart }: ReadyShop) => cart.token;
const operators = ({ admin }: ReadyShop) => admin;
const oneLampInEuros = {
  generation: 1, // the cart was ordered once, and filled again
  currency: "EUR",
  paymentMethod: "pm_card_visa",
  lines: [{ sku: "LAMP", quantity: 1, unitMinor: 100 }],
};

/** A good request of each path that the Checkout function serves, by its name in the specification. */
export const sellingDoors = {
  "POST /v1/carts/{cartId}/checkout": posting(
    ({ cart }) => `/v1/carts/${cart.id}/checkout`,
    shoppers,
    oneLampInEuros,
  ),
  "GET /v1/orders": getting(() => "/v1/orders", shoppers),
  "GET /v1/orders/{orderId}": getting(({ order }) => `/v1/orders/${order}`, shoppers),
  "POST /v1/orders/{orderId}/cancellations": posting(
    ({ order }) => `/v1/orders/${order}/cancellations`,
    shoppers,
    {},
  ),
  "POST /v1/orders/{orderId}/fulfilments": posting(
    ({ order }) => `/v1/orders/${order}/fulfilments`,
    operators,
    { type: "ship" },
  ),
  "GET /v1/stock/{sku}": getting(() => "/v1/stock/LAMP", operators),
  "GET /v1/stock/{sku}/cells": getting(() => "/v1/stock/LAMP/cells", operators),
  "POST /v1/stock/{sku}/deliveries": posting(() => "/v1/stock/LAMP/deliveries", operators, {
    region: "us-east-1",
    quantity: 5,
  }),
  "POST /v1/payments/webhook": ({ order }) => ({
    path: "/v1/payments/webhook",
    method: "POST",
    headers: { "Stripe-Signature": "good" },
    body: JSON.stringify({
      eventId: "evt_1",
      orderId: order,
      placement: "us-east-1#1",
      paymentId: "pi_1",
    }),
  }),
} as const satisfies Readonly<Record<string, Describe>>;

export type SellingDoor = keyof typeof sellingDoors;

/** Sends a door's good request, spoiled where a test says so, in the first region of a shop. */
export async function sendTo(
  door: SellingDoor,
  ready: ReadyShop,
  spoil: (good: GoodRequest) => Partial<GoodRequest> = () => ({}),
): Promise<Response> {
  const good: GoodRequest = sellingDoors[door](ready);
  const { path, method, headers, body } = { ...good, ...spoil(good) };
  return ready.us.checkout.request(path, { method, headers, ...(body === undefined ? {} : { body }) });
}
