import { eventKey, isOrderId, type Origin, orderPartition, parseKey, type StoredItem } from "@antipode/core";
import { beforeEach, expect, test } from "vitest";
import { createCheckout } from "../checkout/create-checkout.ts";
import { createRepair } from "../repair/create-repair.ts";
import { buy, deliverTo, filledCart, newKey, orderIn, placedIn, seeOrder } from "../testing/buyer.ts";
import { createCrashing } from "../testing/crashing.ts";
import { cancel } from "../testing/order-requests.ts";
import type { Opened } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { keepOrders } from "./keep-orders.ts";

let world: TestShops;
let us: TestShop;
let cart: Opened;
let id: string;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  await world.beat();
  await deliverTo(us, "LAMP", 5);
  cart = await filledCart(us);
  id = (await placedIn(await buy(us, cart))).order.id;
});

function recordOf(item: StoredItem) {
  const parsed = parseKey("Orders", item);
  if (!parsed.ok) {
    throw new Error(parsed.error.reason);
  }
  const key = { pk: item.pk, sk: item.sk };
  return { sequenceNumber: "1", eventName: "INSERT" as const, key, parsed: parsed.value, item };
}

const logOf = (shop: TestShop) =>
  shop.items.dump("Orders").filter(({ pk, sk }) => pk === `ORDER#${id}` && sk.startsWith("EVENT#"));

test("a request whose taker died is answered from the stream, in the owner's own region too", async () => {
  const crashing = createCrashing({ at: 2, when: "after" }); // after the request's own put
  const checkout = createCheckout({ ...us.deps, items: crashing.wrap(us.deps.items) });
  await checkout.request(`/v1/orders/${id}/cancellations`, {
    method: "POST",
    headers: { Authorization: `Bearer ${cart.token}`, "Idempotency-Key": newKey(us) },
  });
  expect(crashing.diedAt()).toMatch(/^after put/);
  expect(await orderIn(await seeOrder(us, cart, id))).toMatchObject({ state: "paid", requests: [{}] });
  const handled = await keepOrders(us.deps)(logOf(us).map(recordOf));
  expect(handled.ok).toBe(true);
  expect(await orderIn(await seeOrder(us, cart, id))).toMatchObject({ state: "refunded", requests: [] });
});

test("own facts ask nothing, and a region that placed nothing does nothing", async () => {
  const facts = logOf(us).map(recordOf);
  const before = us.items.operations.length;
  expect((await keepOrders(us.deps)(facts)).ok).toBe(true);
  expect(us.items.operations.length).toBe(before);
  const eu = world.shop("eu-west-1");
  await world.replicate();
  const held = eu.items.dump("Orders");
  expect((await keepOrders(eu.deps)(facts)).ok).toBe(true);
  expect(eu.items.dump("Orders")).toEqual(held);
});

test.each(["PLACED", "placed", "claimed", "released", "cart-ended"])(
  "a request taken where another placement lost is answered, though that region's %s arrives last",
  async (last) => {
    const eu = world.shop("eu-west-1");
    await deliverTo(eu, "LAMP", 5);
    const shared = await filledCart(us);
    await world.replicate();
    world.cut("us-east-1", "eu-west-1");
    const { order } = await placedIn(await buy(us, shared));
    expect((await buy(eu, shared)).status).toBe(409);
    eu.items.load("Orders", us.items.dump("Orders"));
    eu.items.load("Carts", us.items.dump("Carts"));
    world.clock.advance(60_000);
    await createRepair(eu.deps)(() => 55_000);
    expect((await cancel(eu, shared, order.id)).status).toBe(202);
    const said = eu.items
      .dump("Orders")
      .filter(({ pk, sk }) => pk === `ORDER#${order.id}` && sk.includes("#eu-west-1#1"));
    const isLast = ({ sk, type }: StoredItem) => sk.split("#")[0] === last || type === last;
    expect(said.filter(isLast)).toHaveLength(1);
    for (const item of [...said.filter((one) => !isLast(one)), ...said.filter(isLast)]) {
      us.items.load("Orders", [item]);
      expect((await keepOrders(us.deps)([recordOf(item)])).ok).toBe(true);
    }
    expect(await orderIn(await seeOrder(us, shared, order.id))).toMatchObject({
      state: "refunded",
      requests: [],
    });
  },
);

test("an order that cannot be read fails its records", async () => {
  if (!isOrderId(id)) {
    throw new Error(id);
  }
  const strange = { ...eventKey(id, "eu-west-1#1" as Origin, 1), v: 1, type: "exploded" };
  us.items.load("Orders", [strange]);
  expect(strange.pk).toBe(orderPartition(id));
  expect(await keepOrders(us.deps)([recordOf(strange)])).toMatchObject({ ok: false });
});
