import { beforeEach, describe, expect, test } from "vitest";
import { namedContracts } from "../../api/specification/contracts.ts";
import { requestHeaders, requestHeadersOf } from "../../api/specification/headers.ts";
import { buy, deliverTo, filledCart, newKey, oneLamp, placedIn, seeOrder } from "../../testing/buyer.ts";
import { mountedRoutes } from "../../testing/mounted-routes.ts";
import { listOrders } from "../../testing/order-requests.ts";
import { add, expectProblem, type Opened } from "../../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../../testing/test-shops.ts";
import { orderPageSchema } from "./orders/contract.ts";

let world: TestShops;
let us: TestShop;
let eu: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  eu = world.shop("eu-west-1");
  await world.beat();
  await deliverTo(us, "LAMP", 5);
  await deliverTo(eu, "LAMP", 5);
  await world.replicate();
});

const tagOf = async (response: Promise<Response>) => (await response).headers.get("etag") ?? "";

describe("the answer to a checkout", () => {
  let cart: Opened;
  let tag: string;

  /** Of two lamps that were put into the cart in one region, the other one has heard of the first. */
  beforeEach(async () => {
    cart = await filledCart(us);
    await world.replicate();
    tag = await tagOf(add(us, cart, { sku: "LAMP" }));
  });

  test("says that all was seen, and where the order is, by the order's own tag", async () => {
    const lines = [{ ...oneLamp, quantity: 2 }];
    const response = await buy(eu, cart, { lines, headers: { "Consistency-Token": tag } });
    expect(response.headers.get("consistency")).toBe("covered");
    const { order } = await placedIn(response);
    expect(response.headers.get("location")).toBe(`/v1/orders/${order.id}`);
    const seen = await seeOrder(eu, cart, order.id, { "If-None-Match": response.headers.get("etag") ?? "" });
    expect(seen.status).toBe(304);
  });

  test("says what was not seen, where less was accepted", async () => {
    world.cut("us-east-1", "eu-west-1");
    const headers = { "Consistency-Token": tag };
    const response = await buy(eu, cart, { headers, body: { acceptPartial: true } });
    expect(response.headers.get("consistency")).toBe('stale; missing="us-east-1#1:2"');
    expect((await placedIn(response)).order.totalMinor).toBe(100);
  });

  test("is a refusal where the client wants all or nothing, whatever the body accepts", async () => {
    world.cut("us-east-1", "eu-west-1");
    const headers = { "Consistency-Token": tag, Prefer: "consistency=strict" };
    const response = await buy(eu, cart, { headers, body: { acceptPartial: true } });
    expect(response.headers.get("preference-applied")).toBe("consistency=strict");
    expect(await expectProblem(response, 503, "not-covered")).toMatchObject({
      missing: { "us-east-1#1": 2 },
    });
    expect(eu.items.dump("Orders")).toEqual([]);
  });

  test("is the order, though two regions placed the request before they heard of each other", async () => {
    await world.replicate();
    world.cut("us-east-1", "eu-west-1");
    const sent = { key: newKey(us), lines: [{ ...oneLamp, quantity: 2 }] };
    world.payments.faultWith(() => ({ lost: "request" }));
    expect((await buy(us, cart, sent)).status).toBe(202);
    world.payments.faultWith(() => undefined);
    const { order } = await placedIn(await buy(eu, cart, sent));
    expect(order).toMatchObject({ state: "paid", placedIn: "eu-west-1#1" });
    // The payment names the other region, and what that one was asked is not known here.
    await expectProblem(await buy(us, cart, sent), 409, "checkout-superseded");
    world.heal();
    await world.replicate();
    for (const shop of world.shops) {
      const again = await buy(shop, cart, sent);
      expect(again.status).toBe(201);
      expect((await placedIn(again)).order).toEqual(order);
    }
    expect(world.payments.ledger().map(({ captures }) => captures)).toEqual([1]);
  });

  test("is the same without a token, but says nothing of what was seen", async () => {
    expect((await buy(eu, cart)).headers.get("consistency")).toBeNull();
  });
});

describe("a listing of orders", () => {
  let cart: Opened;
  let ids: readonly string[];

  beforeEach(async () => {
    cart = await filledCart(us);
    const first = await placedIn(await buy(us, cart, { body: { durability: "two-regions" } }));
    world.clock.advance(1_000);
    await add(us, cart, { sku: "LAMP" });
    const second = await placedIn(await buy(us, cart));
    ids = [second.order.id, first.order.id];
    await world.replicate();
  });

  const pageOf = async (shop: TestShop, query = "") => {
    const response = await listOrders(shop, cart, query);
    expect(response.status, await response.clone().text()).toBe(200);
    return orderPageSchema.parse(await response.json());
  };

  test("has the newest first, each once, in every region, a witnessed one too", async () => {
    for (const shop of world.shops) {
      const { items, next } = await pageOf(shop);
      expect(items.map(({ id }) => id)).toEqual(ids);
      expect(next).toBeNull();
    }
  });

  test("goes on where the page before ended, in another region", async () => {
    const { items, next } = await pageOf(us, "?limit=1");
    expect(items.map(({ id }) => id)).toEqual(ids.slice(0, 1));
    const more = await pageOf(eu, `?limit=2&cursor=${encodeURIComponent(next ?? "")}`);
    expect(more.items.map(({ id }) => id)).toEqual(ids.slice(1));
    expect(more.next).toBeNull();
  });

  test.each(["?limit=0", "?limit=51", "?limit=1e1", "?limit=", "?cursor=x", "?state=paid"])(
    "does not take %s",
    async (query) => {
      await expectProblem(await listOrders(us, cart, query), 400, "malformed-request");
    },
  );

  test("leaves out what it cannot read, and says so in the log; the order's own page is a failure", async () => {
    const [unreadable = "", readable] = ids;
    const future = { pk: `ORDER#${unreadable}`, sk: "EVENT#us-east-1#1#9", v: 1, future: true };
    us.items.load("Orders", [future]);
    expect((await pageOf(us)).items.map(({ id }) => id)).toEqual([readable]);
    expect(us.log.entries).toContainEqual(
      expect.objectContaining({ level: "error", message: "order left out of a listing" }),
    );
    await expectProblem(await seeOrder(us, cart, unreadable), 500, "stored-data-not-understood");
  });
});

describe("a browser of another origin", () => {
  const doors = mountedRoutes().checkout.map(({ contract }) => [contract.method, contract.path] as const);

  test.each(doors)("may send %s %s with all that it reads", async (method, path) => {
    const response = await us.checkout.request(path.replace(/:\w+/g, "x"), { method: "OPTIONS" });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-allow-methods")?.split(", ")).toContain(method);
    const allowed = response.headers.get("access-control-allow-headers")?.split(", ");
    const named = namedContracts.find(({ contract }) => contract.method === method && contract.path === path);
    const read = named === undefined ? ["not specified"] : requestHeadersOf(named.contract);
    for (const component of read.filter((name) => name !== "StripeSignature")) {
      expect(allowed).toContain(Object(requestHeaders[component]).name);
    }
    expect(allowed).toEqual(expect.arrayContaining(["Authorization", "Content-Type"]));
  });

  test("is told which methods a path of Checkout takes", async () => {
    const response = await us.checkout.request("/v1/orders/x/cancellations", { method: "PUT" });
    await expectProblem(response, 405, "method-not-allowed");
    expect(response.headers.get("allow")).toBe("OPTIONS, POST");
  });
});
