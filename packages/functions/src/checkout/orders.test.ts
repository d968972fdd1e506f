import { orderRequestsMax } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { buy, deliverTo, filledCart, newKey, orderIn, placedIn, seeOrder, totals } from "../testing/buyer.ts";
import { operatorToken } from "../testing/operator.ts";
import { expectProblem, type Opened, openCart } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { orderPageSchema } from "./routes/orders/contract.ts";

let world: TestShops;
let us: TestShop;
let eu: TestShop;
let cart: Opened;
let id: string;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  eu = world.shop("eu-west-1");
  await world.beat();
  await deliverTo(us, "LAMP", 5);
  cart = await filledCart(us);
  id = (await placedIn(await buy(us, cart))).order.id;
  await world.replicate();
});

interface Sent {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function cancel(shop: TestShop, token: string, { key = newKey(shop), headers = {} }: Sent = {}) {
  return shop.checkout.request(`/v1/orders/${id}/cancellations`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Idempotency-Key": key, ...headers },
  });
}

async function fulfil(shop: TestShop, type: string, { key = newKey(shop) }: Sent = {}) {
  return shop.checkout.request(`/v1/orders/${id}/fulfilments`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${await operatorToken(shop)}`,
      "Content-Type": "application/json",
      "Idempotency-Key": key,
    },
    body: JSON.stringify({ type }),
  });
}

const refunds = () => world.payments.ledger().map(({ refunds: count }) => count);

describe("reading", () => {
  test("is the shopper's or an operator's, and has a tag", async () => {
    const seen = await seeOrder(eu, cart, id);
    const tag = seen.headers.get("etag") ?? "";
    expect((await seeOrder(us, cart, id, { "If-None-Match": tag })).status).toBe(304);
    const operator = { ...cart, token: await operatorToken(us) };
    expect((await seeOrder(us, operator, id)).status).toBe(200);
    await expectProblem(await seeOrder(us, await openCart(us), id), 403, "order-of-another-shopper");
    await expectProblem(await seeOrder(us, cart, id.replace(/_0$/, "_7")), 404, "order-not-found");
    await expectProblem(await seeOrder(us, cart, "ord_1"), 404, "order-not-found");
  });

  test("covers what the client has seen, where it was written", async () => {
    const other = await filledCart(us);
    world.cut("us-east-1", "ap-south-1");
    const placed = await buy(us, other);
    const token = placed.headers.get("etag") ?? "";
    const { order } = await placedIn(placed);
    const covered = await seeOrder(eu, other, order.id, { "Consistency-Token": token });
    expect(covered.headers.get("consistency")).toBe("covered");
    expect(await orderIn(covered)).toMatchObject({ id: order.id, state: "paid" });
    const away = world.shop("ap-south-1");
    await expectProblem(
      await seeOrder(away, other, order.id, { "Consistency-Token": token, Prefer: "consistency=strict" }),
      503,
      "not-covered",
    );
  });

  test("a shopper's orders are listed at once, newest first, page by page, in any region", async () => {
    const session = { Authorization: `Bearer ${cart.token}` };
    const ids = [id];
    for (let more = 0; more < 3; more += 1) {
      world.clock.advance(1_000);
      const next = await openCart(us, session);
      await us.app.request(`/v1/carts/${next.id}/lines`, {
        method: "POST",
        headers: { ...session, "Content-Type": "application/json", "Idempotency-Key": newKey(us) },
        body: JSON.stringify({ sku: "LAMP", quantity: 1 }),
      });
      ids.unshift((await placedIn(await buy(us, { ...next, token: cart.token }))).order.id);
    }
    const page = async (shop: TestShop, query: string) => {
      const response = await shop.checkout.request(`/v1/orders${query}`, { headers: session });
      expect(response.status).toBe(200);
      return orderPageSchema.parse(await response.json());
    };
    expect((await page(us, "")).items.map((order) => order.id)).toEqual(ids);
    await world.replicate();
    const first = await page(eu, "?limit=3");
    expect(first.items.map((order) => order.id)).toEqual(ids.slice(0, 3));
    const rest = await page(eu, `?limit=3&cursor=${encodeURIComponent(first.next ?? "")}`);
    expect(rest).toMatchObject({ items: [{ id }], next: null });
    const bad = await eu.checkout.request("/v1/orders?cursor=1", { headers: session });
    await expectProblem(bad, 400, "malformed-request");
    expect((await page(us, "?limit=1")).items).toHaveLength(1);
  });
});

describe("cancelling", () => {
  test("where the order was placed is done at once, and the money goes back once", async () => {
    const key = newKey(us);
    const cancelled = await cancel(us, cart.token, { key });
    expect(cancelled.status).toBe(200);
    expect((await orderIn(cancelled)).state).toBe("refunded");
    expect((await cancel(us, cart.token, { key })).status).toBe(200);
    expect(refunds()).toEqual([1]);
    await world.replicate();
    expect((await orderIn(await seeOrder(eu, cart, id))).state).toBe("refunded");
  });

  test("elsewhere waits for the owner, and is shown until then", async () => {
    const asked = await cancel(eu, cart.token);
    expect(asked.status).toBe(202);
    expect(await orderIn(asked)).toMatchObject({ state: "paid", requests: [{ type: "cancel-requested" }] });
    await world.replicate();
    expect(await orderIn(await seeOrder(eu, cart, id))).toMatchObject({ state: "refunded", requests: [] });
    expect(refunds()).toEqual([1]);
  });

  test("of what was shipped is refused", async () => {
    expect((await orderIn(await fulfil(us, "ship"))).state).toBe("shipped");
    const refused = await expectProblem(await cancel(us, cart.token), 409, "order-state");
    expect(refused).toMatchObject({ state: "shipped" });
  });

  test("and shipping at the same moment in two regions are both recorded, and one decides", async () => {
    world.cut("us-east-1", "eu-west-1");
    world.cut("eu-west-1", "ap-south-1");
    world.cut("eu-west-1", "ap-east-1");
    const key = newKey(eu);
    expect((await cancel(eu, cart.token, { key })).status).toBe(202);
    expect((await orderIn(await fulfil(us, "ship"))).state).toBe("shipped");
    world.heal();
    await world.replicate();
    for (const shop of world.shops) {
      expect(await orderIn(await seeOrder(shop, cart, id))).toMatchObject({ state: "shipped", requests: [] });
    }
    expect(refunds()).toEqual([0]);
    const rejected = us.items.dump("Orders").filter((item) => item["type"] === "rejected");
    expect(rejected).toHaveLength(1);
    for (const shop of [us, eu]) {
      const again = await expectProblem(await cancel(shop, cart.token, { key }), 409, "order-state");
      expect(again).toMatchObject({ state: "shipped" });
    }
  });

  test("with a key that stands for something else is refused", async () => {
    const key = newKey(us);
    await fulfil(us, "ship", { key });
    await expectProblem(await cancel(us, cart.token, { key }), 422, "operation-id-reused");
  });

  test("is nobody else's", async () => {
    const stranger = await openCart(us);
    await expectProblem(await cancel(us, stranger.token), 403, "order-of-another-shopper");
    expect((await cancel(us, await operatorToken(us))).status).toBe(200);
  });

  test("by an operator is logged with who it was; a shopper's is not", async () => {
    const logged = () => us.log.entries.filter(({ message }) => message === "an operator cancels an order");
    await cancel(us, cart.token);
    expect(logged()).toEqual([]);
    const response = await cancel(us, await operatorToken(us));
    const requestId = response.headers.get("request-id");
    expect(logged()).toMatchObject([{ level: "info", operator: "alice", orderId: id, requestId }]);
  });

  test("more often than a region takes is refused, and says how often that is", async () => {
    for (let asked = 0; asked < orderRequestsMax; asked += 1) {
      expect((await fulfil(us, "deliver")).status).toBe(202);
    }
    const refused = await expectProblem(await fulfil(us, "deliver"), 409, "order-state");
    expect(refused).toMatchObject({ limit: 20, detail: "One region takes 20 requests of an order." });
    await expectProblem(await cancel(us, cart.token), 409, "order-state");
    expect((await orderIn(await seeOrder(us, cart, id))).requests).toHaveLength(20);
  });
});

describe("fulfilling", () => {
  test("goes step by step, from any region, and a return gives the money back", async () => {
    expect((await fulfil(eu, "ship")).status).toBe(202);
    await world.replicate();
    expect((await orderIn(await fulfil(us, "deliver"))).state).toBe("delivered");
    expect((await orderIn(await fulfil(us, "return"))).state).toBe("refunded");
    expect(refunds()).toEqual([1]);
    expect(await totals(world.shops)).toMatchObject({ sold: 1 }); // until a delivery brings the unit back
  });

  test("is an operator's, and knows three steps", async () => {
    const shopper = await us.checkout.request(`/v1/orders/${id}/fulfilments`, {
      method: "POST",
      headers: { Authorization: `Bearer ${cart.token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ type: "ship" }),
    });
    await expectProblem(shopper, 403, "admin-scope-needed");
    await expectProblem(await fulfil(us, "eat"), 422, "invalid-body");
  });
});
