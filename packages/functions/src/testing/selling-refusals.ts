import { orderHoldMs, orderRequestsMax, productToItems } from "@antipode/core";
import { fence } from "../control/fence.ts";
import {
  type Buying,
  type BuyLine,
  buy,
  deliverTo,
  filledCart,
  newKey,
  oneLamp,
  placedIn,
  seeOrder,
} from "./buyer.ts";
import { lamp } from "./catalog.ts";
import { cancel, fulfil, sendEvent } from "./order-requests.ts";
import { openCart, read } from "./shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "./test-shops.ts";
import { startMs } from "./test-world.ts";

interface Selling {
  readonly world: TestShops;
  readonly us: TestShop;
  readonly eu: TestShop;
}

/** Regions that may sell, with five lamps each in two of them. */
async function selling(): Promise<Selling> {
  const world = createTestShops();
  const [us, eu] = [world.shop("us-east-1"), world.shop("eu-west-1")];
  await world.beat();
  await deliverTo(us, "LAMP", 5);
  await deliverTo(eu, "LAMP", 5);
  await world.replicate();
  return { world, us, eu };
}

/** A checkout of a cart that is not as it says. */
async function buyWrongly(buying: Buying, held: readonly BuyLine[] = [oneLamp]): Promise<Response> {
  const { us } = await selling();
  return buy(us, await filledCart(us, held), buying);
}

/** An order that was placed and paid. */
async function sold() {
  const shops = await selling();
  const cart = await filledCart(shops.us);
  const key = newKey(shops.us);
  const { order } = await placedIn(await buy(shops.us, cart, { key }));
  return { ...shops, cart, key, order };
}

/** A cart of which one region has all, where the other one has heard nothing. */
async function apart() {
  const shops = await selling();
  const cart = await filledCart(shops.us);
  await shops.world.replicate();
  shops.world.cut("us-east-1", "eu-west-1");
  return { ...shops, cart };
}

async function checkOutLate(): Promise<Response> {
  const { world, us } = await selling();
  const cart = await filledCart(us);
  const key = newKey(us);
  world.payments.faultWith(() => ({ lost: "request" }));
  await buy(us, cart, { key });
  world.clock.advance(orderHoldMs);
  return buy(us, cart, { key });
}

/** Of a lamp that is sold for a cent. */
async function buyForACent(): Promise<Response> {
  const { us } = await selling();
  const { origin } = us.deployment;
  const variants = lamp.variants.map((variant) => ({
    ...variant,
    prices: [{ amountMinor: 1, currency: "EUR" as const }],
  }));
  const cheap = productToItems({ ...lamp, variants }, origin, { ms: startMs, counter: 1, origin });
  us.items.load("Views", cheap.offers);
  const lines = [{ ...oneLamp, unitMinor: 1 }];
  return buy(us, await filledCart(us, lines), { lines });
}

async function askTooOften(): Promise<Response> {
  const { us, order } = await sold();
  for (let asked = 0; asked < orderRequestsMax; asked += 1) {
    await fulfil(us, order.id, "deliver");
  }
  return fulfil(us, order.id, "deliver");
}

/** A refusal of each form that the Checkout function has beyond those of the API, as it is really answered. */
export const sellingRefusals: Readonly<Record<string, () => Promise<Response>>> = {
  "an event that is not the provider's": async () => {
    const { us, order } = await sold();
    return sendEvent(us, { orderId: order.id }, "forged");
  },
  "a card that is declined": () => buyWrongly({ method: "pm_card_visa_chargeDeclined" }),
  "a payment method that the provider does not know": () => buyWrongly({ method: "pm_nobody" }),
  "another shopper's order": async () => {
    const { us, order } = await sold();
    return seeOrder(us, await openCart(us), order.id);
  },
  "no order": async () => {
    const { us, cart, order } = await sold();
    return seeOrder(us, cart, order.id.replace(/_0$/, "_7"));
  },
  "a SKU that was never delivered": async () =>
    (await selling()).us.checkout.request("/v1/stock/NOBODY-SELLS-IT"),
  "a SKU that cannot be": async () => (await selling()).us.checkout.request("/v1/stock/no%20sku"),
  "a cart whose checkout is open": async () => {
    const { world, us } = await selling();
    const cart = await filledCart(us);
    world.payments.faultWith(() => ({ lost: "request" }));
    await buy(us, cart);
    return buy(us, cart);
  },
  "an empty cart": () => buyWrongly({}, []),
  "lines that the cart does not have": () => buyWrongly({ lines: [{ ...oneLamp, quantity: 2 }] }),
  "a cart of which something is elsewhere": async () => {
    const { us, eu, world } = await selling();
    const cart = await filledCart(us);
    const seen = (await read(us, cart)).headers.get("etag") ?? "";
    world.cut("us-east-1", "eu-west-1");
    return buy(eu, cart, { headers: { "Consistency-Token": seen } });
  },
  "another cart's token": async () => {
    const { us } = await selling();
    const headers = { "Consistency-Token": "us-east-1#1:12;eu-west-1#1:2" };
    return buy(us, await filledCart(us), { headers });
  },
  "a cart of which a checkout is elsewhere": async () => {
    const { eu, cart } = await apart();
    return buy(eu, cart, { generation: 1 });
  },
  "a checkout that has ended elsewhere": async () => {
    const { us, eu, cart } = await apart();
    const key = newKey(us);
    await buy(us, cart, { key });
    eu.items.load("Carts", us.items.dump("Carts"));
    return buy(eu, cart, { key });
  },
  "a checkout whose order is elsewhere": async () => {
    const { world, us, eu } = await selling();
    const cart = await filledCart(us);
    await world.replicate();
    world.payments.faultWith(() => ({ lost: "request" }));
    const placed = await buy(us, cart);
    const headers = { "Consistency-Token": placed.headers.get("etag") ?? "" };
    await cancel(eu, cart, (await placedIn(placed)).order.id, { headers });
    world.cut("us-east-1", "eu-west-1");
    return buy(eu, cart);
  },
  "prices that are others by now": () => buyWrongly({ lines: [{ ...oneLamp, unitMinor: 90 }] }),
  "what nobody sells": () => {
    const lines = [{ sku: "VASE", quantity: 1, unitMinor: 1 }];
    return buyWrongly({ lines }, lines);
  },
  "what lies elsewhere and does not come": async () => {
    const { world, us } = await selling();
    world.cut("us-east-1", "eu-west-1");
    const lines = [{ ...oneLamp, quantity: 8 }];
    return buy(us, await filledCart(us, lines), { lines });
  },
  "more than there is": () => {
    const lines = [{ ...oneLamp, quantity: 12 }];
    return buyWrongly({ lines }, lines);
  },
  "a checkout that came second": async () => {
    const { us, eu, cart } = await apart();
    await buy(us, cart);
    return buy(eu, cart);
  },
  "a checkout that was not paid in time": checkOutLate,
  "a cancellation that comes too late": async () => {
    const { us, cart, order } = await sold();
    await fulfil(us, order.id, "ship");
    return cancel(us, cart, order.id);
  },
  "more requests than an order takes": askTooOften,
  "an amount that no card is charged": buyForACent,
  "no payment method": () => buyWrongly({ method: null }),
  "a checkout's key for a cancellation": async () => {
    const { us, cart, order, key } = await sold();
    return cancel(us, cart, order.id, { key });
  },
  "a key for two checkouts": async () => {
    const { us } = await selling();
    const cart = await filledCart(us);
    const key = newKey(us);
    await buy(us, cart, { key });
    return buy(us, cart, { key, method: "pm_card_mastercard" });
  },
  "a key for two deliveries": async () => {
    const { us } = await selling();
    const key = newKey(us);
    await deliverTo(us, "TENT", 3, { key });
    return deliverTo(us, "TENT", 4, { key });
  },
  "an event that cannot be acted upon": async () => {
    const { us, order } = await sold();
    us.items.failNext("Query Orders", { type: "unavailable", operation: "", reason: "" });
    return sendEvent(us, { orderId: order.id, placement: "us-east-1#1" });
  },
  "a delivery for a region that is away": async () =>
    deliverTo((await apart()).us, "LAMP", 5, { region: "eu-west-1" }),
  "an event for a region that is away": async () => {
    const { us, order, world } = await sold();
    world.cut("us-east-1", "eu-west-1");
    return sendEvent(us, { orderId: order.id, placement: "eu-west-1#1" });
  },
  "a region that was given up": async () => {
    const { us, world } = await selling();
    const cart = await filledCart(us);
    const step = { lost: us.deployment.origin, reclaimer: world.shop("eu-west-1").deployment.origin };
    await fence(world.shop("ap-east-1").deps, step);
    await world.replicate();
    world.clock.advance(60_000);
    return buy(us, cart);
  },
  "a region that nobody has heard": async () => {
    const us = createTestShops().shop("us-east-1");
    return buy(us, await filledCart(us));
  },
};
