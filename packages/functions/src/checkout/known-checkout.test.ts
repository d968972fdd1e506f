import { ok } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { buy, deliverTo, filledCart, newKey, orderIn, placedIn, seeOrder } from "../testing/buyer.ts";
import { cancel } from "../testing/order-requests.ts";
import { add, expectProblem, type Opened } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { createCheckout } from "./create-checkout.ts";

let world: TestShops;
let us: TestShop;
let eu: TestShop;
let ap: TestShop;
let cart: Opened;
let key: string;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  eu = world.shop("eu-west-1");
  ap = world.shop("ap-south-1");
  await world.beat();
  for (const shop of [us, eu, ap]) {
    await deliverTo(shop, "LAMP", 5);
  }
  cart = await filledCart(us);
  await world.replicate();
  key = newKey(us);
});

/** What one region has of its own arrives in another, of one table alone. */
function arrive(from: TestShop, to: TestShop, table: "Carts" | "Orders"): void {
  const own = ({ sk }: { readonly sk: string }) => sk.includes(`#${from.deployment.origin}`);
  to.items.load(table, from.items.dump(table).filter(own));
}

const captures = () => world.payments.ledger().filter((entry) => entry.captures > 0);

describe("one key is about one order, whatever has arrived", () => {
  test("declined in a region that is away, though the cart's next generation is here", async () => {
    world.payments.failNext("authorize", { decline: true });
    const first = await expectProblem(await buy(us, cart, { key }), 402, "payment-declined");
    arrive(us, eu, "Carts");
    world.cut("us-east-1", "eu-west-1");
    await expectProblem(await buy(eu, cart, { key }), 503, "region-away");
    expect(captures()).toEqual([]);
    world.heal();
    const again = await expectProblem(await buy(eu, cart, { key }), 402, "payment-declined");
    expect(Object(again).order).toBe(Object(first).order);
  });

  test("ordered in a region that is away, and the cart filled again", async () => {
    const first = await placedIn(await buy(us, cart, { key }));
    arrive(us, eu, "Carts");
    world.cut("us-east-1", "eu-west-1");
    await expectProblem(await buy(eu, cart, { key }), 503, "region-away");
    await add(eu, cart, { sku: "LAMP", quantity: 1 });
    await expectProblem(await buy(eu, cart, { key }), 503, "region-away");
    world.heal();
    expect((await placedIn(await buy(eu, cart, { key }))).order.id).toBe(first.order.id);
    expect(captures()).toHaveLength(1);
  });

  test("nothing is cut, orders lag behind carts, and a placement that lost has arrived", async () => {
    world.cut("us-east-1", "eu-west-1");
    world.payments.failNext("authorize", { decline: true });
    const first = await expectProblem(await buy(us, cart, { key }), 402, "payment-declined");
    await expectProblem(await buy(eu, cart), 409, "checkout-superseded");
    world.heal();
    arrive(eu, ap, "Orders");
    arrive(eu, ap, "Carts");
    arrive(us, ap, "Carts");
    const again = await expectProblem(await buy(ap, cart, { key }), 402, "payment-declined");
    expect(Object(again).order).toBe(Object(first).order);
  });

  test("used late in a region that lagged, after a younger generation elsewhere", async () => {
    for (const peer of ["us-east-1", "ap-south-1", "ap-east-1"]) {
      world.cut("eu-west-1", peer);
    }
    const { order } = await placedIn(await buy(us, cart));
    await add(us, cart, { sku: "LAMP", quantity: 1 });
    await placedIn(await buy(us, cart));
    world.clock.advance(30 * 60_000);
    const late = newKey(eu);
    await expectProblem(await buy(eu, cart, { key: late }), 409, "checkout-superseded");
    world.heal();
    await world.replicate();
    await add(us, cart, { sku: "LAMP", quantity: 1 });
    await world.replicate();
    for (const shop of [us, eu, ap]) {
      const again = await expectProblem(await buy(shop, cart, { key: late }), 409, "checkout-superseded");
      expect(Object(again).order).toBe(order.id);
    }
    expect(captures()).toHaveLength(2);
  });
});

describe("a region that has written of an order that it does not hold", () => {
  /** The order is another region's, and its shopper wanted it cancelled here. */
  async function cancelledHere() {
    world.payments.faultWith(() => ({ lost: "request" }));
    const placed = await buy(us, cart);
    const { order } = await placedIn(placed);
    const headers = { "Consistency-Token": placed.headers.get("etag") ?? "" };
    expect((await cancel(eu, cart, order.id, { headers })).status).toBe(202);
    return order;
  }

  test("asks whoever may hold it", async () => {
    const order = await cancelledHere();
    const refused = await expectProblem(await buy(eu, cart), 409, "cart-in-checkout");
    expect(refused).toMatchObject({ order: order.id });
  });

  test("wants for a peer, and is not contended, while nobody who holds it answers", async () => {
    await cancelledHere();
    world.cut("us-east-1", "eu-west-1");
    await expectProblem(await buy(eu, cart), 503, "region-away");
  });
});

describe("a cart that says it was checked out here", () => {
  /** The shop in which orders are read that many reads later than they are written. */
  function reading({ deps }: TestShop, lateReads: number) {
    let late = lateReads;
    const waits: number[] = [];
    const queryPartition: typeof deps.items.queryPartition = async (table, pk) => {
      const isLate = table === "Orders" && late > 0;
      late -= isLate ? 1 : 0;
      return isLate ? ok([]) : deps.items.queryPartition(table, pk);
    };
    const delay = async (ms: number) => {
      waits.push(ms);
    };
    const checkout = createCheckout({ ...deps, delay, items: { ...deps.items, queryPartition } });
    return { waits, shop: { ...us, checkout } };
  }

  beforeEach(async () => {
    world.payments.faultWith(() => ({ lost: "request" }));
    await placedIn(await buy(us, cart, { key }));
  });

  test("is looked at again while its order is being written", async () => {
    const { shop, waits } = reading(us, 2);
    await expectProblem(await buy(shop, cart), 409, "cart-in-checkout");
    expect(waits).toEqual([20, 40]);
  });

  test("and whose order stays away, is the region's own failure, and not contended", async () => {
    const { shop } = reading(us, 1_000);
    await expectProblem(await buy(shop, cart), 503, "unavailable");
    const { shop: later } = reading(us, 0);
    expect((await placedIn(await buy(later, cart, { key }))).order).toMatchObject({
      placedIn: "us-east-1#1",
    });
  });
});

describe("a generation that has ended", () => {
  test("takes no other key either: its order is the answer", async () => {
    const { order } = await placedIn(await buy(us, cart, { key }));
    await world.replicate();
    await add(us, cart, { sku: "LAMP", quantity: 1 });
    for (const shop of [us, eu]) {
      const refused = await expectProblem(
        await buy(shop, cart, { generation: 0 }),
        409,
        "checkout-superseded",
      );
      expect(refused).toMatchObject({ order: order.id, placedIn: "us-east-1#1" });
    }
    expect(captures()).toHaveLength(1);
    expect((await orderIn(await seeOrder(us, cart, order.id))).state).toBe("paid");
  });

  test("is looked up with one read of an order, however many there were since", async () => {
    const method = "pm_card_visa_chargeDeclined";
    const first = await expectProblem(await buy(us, cart, { key, method }), 402, "payment-declined");
    for (let time = 0; time < 60; time += 1) {
      await expectProblem(await buy(us, cart, { method }), 402, "payment-declined");
    }
    const before = us.items.operations.length;
    const again = await expectProblem(await buy(us, cart, { key, method }), 402, "payment-declined");
    expect(Object(again).order).toBe(Object(first).order);
    const reads = us.items.operations.slice(before).filter((operation) => operation === "Query Orders");
    expect(reads.length).toBeLessThanOrEqual(2); // the lookup, and what comes next of it
  });
});

describe("a generation that the region has not heard of", () => {
  test("is refused, whatever part of the cart the client would do with", async () => {
    const body = { acceptPartial: true };
    const refused = await expectProblem(
      await buy(us, cart, { generation: 1, body }),
      409,
      "cart-not-covered",
    );
    expect(refused).toMatchObject({ generation: 0 });
    expect(us.items.dump("Orders")).toEqual([]);
  });

  test.each([-1, 0.5, 100_000, "0", null])("%s is no generation", async (generation) => {
    await expectProblem(await buy(us, cart, { body: { generation } }), 422, "invalid-body");
  });
});
