import { err, type Payments } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { createCheckout } from "../checkout/create-checkout.ts";
import { buy, deliverTo, filledCart, placedIn } from "../testing/buyer.ts";
import { cancel } from "../testing/order-requests.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { createRepair } from "./create-repair.ts";

const minuteMs = 60_000;

let world: TestShops;
let us: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  await world.beat();
  await deliverTo(us, "LAMP", 400);
});

async function repair({ deps }: Pick<TestShop, "deps"> = us, timeLeftMs = () => 55_000) {
  const summary = await createRepair(deps)(timeLeftMs);
  if (!summary.ok) {
    throw new Error(JSON.stringify(summary.error));
  }
  return summary.value;
}

/** A run each minute, and what the last one said. */
async function repairFor(minutes: number, shop: Pick<TestShop, "deps"> = us) {
  for (let minute = 1; minute < minutes; minute += 1) {
    world.clock.advance(minuteMs);
    await repair(shop);
  }
  world.clock.advance(minuteMs);
  return repair(shop);
}

const providerAway = (isAway: boolean) =>
  world.payments.faultWith(() => (isAway ? { lost: "request" } : undefined));

/** The last value of each of repair's metrics. */
function measured() {
  const own = us.measurements.recorded.filter(({ name }) => name.startsWith("Orders"));
  return Object.fromEntries(own.map(({ name, values }) => [name, values]));
}

const overdueLogged = () => us.log.entries.filter(({ message }) => message === "order is overdue");

describe("an order is overdue", () => {
  test("when the provider stays away for ten minutes after its hold ended, though each run succeeds", async () => {
    providerAway(true);
    const { order } = await placedIn(await buy(us, await filledCart(us)));
    expect(await repairFor(24)).toMatchObject({ repaired: 1, failed: 0, overdue: 0 });
    expect(overdueLogged()).toEqual([]);
    expect(await repairFor(36)).toMatchObject({ repaired: 1, failed: 0, overdue: 1 });
    expect(measured()).toMatchObject({ OrdersRepaired: [1], OrdersNotRepaired: [0], OrdersOverdue: [1] });
    expect(overdueLogged().at(-1)).toMatchObject({ orderId: order.id, waitsFor: "provider" });
    providerAway(false);
    expect(await repairFor(1)).toMatchObject({ repaired: 1, overdue: 0 });
    expect(measured()).toMatchObject({ OrdersOverdue: [0] });
  });

  test("when it is confirmed and the provider does not take the money", async () => {
    world.payments.faultWith((operation) => (operation === "capture" ? { lost: "request" } : undefined));
    expect((await placedIn(await buy(us, await filledCart(us)))).order.state).toBe("confirmed");
    expect(await repairFor(30)).toMatchObject({ failed: 0, overdue: 1 });
  });

  test("when the region that won its cart is not heard", async () => {
    await deliverTo(world.shop("eu-west-1"), "LAMP", 5);
    const cart = await filledCart(us);
    await world.replicate();
    for (const other of ["eu-west-1", "ap-south-1", "ap-east-1"]) {
      world.cut("us-east-1", other);
    }
    expect((await buy(world.shop("eu-west-1"), cart)).status).toBe(201);
    expect((await buy(us, cart)).status).toBe(409);
    expect(await repairFor(24)).toMatchObject({ overdue: 0 });
    expect(await repairFor(3)).toMatchObject({ failed: 0, overdue: 1 });
    expect(overdueLogged().at(-1)).toMatchObject({ waitsFor: "winner" });
  });

  test("when every run of ten minutes failed, long before its hold ends", async () => {
    const capture: Payments["capture"] = async () =>
      err({ type: "refused", operation: "capture", code: "no", reason: "told to" });
    const deps = { ...us.deps, payments: { ...world.payments, capture } };
    await buy({ ...us, checkout: createCheckout(deps) }, await filledCart(us));
    expect(await repairFor(9, { deps })).toMatchObject({ repaired: 0, failed: 1, overdue: 0 });
    expect(await repairFor(2, { deps })).toMatchObject({ repaired: 0, failed: 1, overdue: 1 });
    expect(measured()).toMatchObject({ OrdersRepaired: [0], OrdersNotRepaired: [1], OrdersOverdue: [1] });
  });

  test("when nobody had time for it", async () => {
    providerAway(true);
    await buy(us, await filledCart(us));
    world.clock.advance(30 * minuteMs);
    expect(await repair(us, () => 0)).toEqual({ repaired: 0, failed: 0, overdue: 1, more: true });
  });
});

describe("an order is not overdue", () => {
  test("while it waits for the shopper's bank, and when its hold has ended", async () => {
    const method = "pm_card_authenticationRequired";
    const { order } = await placedIn(await buy(us, await filledCart(us), { method }));
    expect(order.state).toBe("placed");
    expect(await repairFor(14)).toMatchObject({ overdue: 0 });
    expect(await repairFor(30)).toMatchObject({ overdue: 0 });
    expect(overdueLogged()).toEqual([]);
  });

  test("the minute it is cancelled, however long ago it was placed; ten minutes later it is", async () => {
    const cart = await filledCart(us);
    const { order } = await placedIn(await buy(us, cart));
    world.clock.advance(86_400_000);
    providerAway(true);
    expect((await cancel(us, cart, order.id)).status).toBe(200);
    expect(await repairFor(9)).toMatchObject({ repaired: 1, overdue: 0 });
    expect(await repairFor(2)).toMatchObject({ overdue: 1 });
    providerAway(false);
    expect(await repairFor(1)).toMatchObject({ repaired: 1, overdue: 0 });
  });
});

describe("a run", () => {
  const orders = 130; // beyond a page

  beforeEach(async () => {
    providerAway(true);
    for (let order = 0; order < orders; order += 1) {
      world.clock.advance(order === 60 ? 1_000 : 0); // many are due in the same ms
      expect((await buy(us, await filledCart(us))).status).toBe(202);
    }
    providerAway(false);
    world.clock.advance(minuteMs);
  });

  test("takes page after page, and leaves nothing that is due in the same instant", async () => {
    expect(await repair()).toMatchObject({ repaired: orders, failed: 0, more: false });
    expect(us.items.dump("Orders").filter((item) => "openBy" in item)).toEqual([]);
    expect(measured()).toMatchObject({ OrdersRepaired: [orders], OrdersNotRepaired: [0] });
    expect(await repair()).toMatchObject({ repaired: 0, more: false });
  });

  test("stops when its time is nearly over, says that there is more, and the next one goes on", async () => {
    let looks = 0;
    const first = await repair(us, () => {
      looks += 1;
      return looks > 40 ? 1_000 : 55_000;
    });
    expect(first).toMatchObject({ failed: 0, more: true });
    expect(first.repaired).toBeGreaterThan(0);
    expect(first.repaired).toBeLessThan(orders);
    expect(await repair()).toMatchObject({ repaired: orders - first.repaired, more: false });
  });
});

test("an order that throws is one that fails, and the others are repaired", async () => {
  const orders: string[] = [];
  world.payments.failNext("claim", { lost: "request" }, { times: 2 });
  for (const cart of [await filledCart(us), await filledCart(us)]) {
    orders.push((await placedIn(await buy(us, cart))).order.id);
  }
  const payments: Payments = {
    ...us.deps.payments,
    claim: async (claim) => {
      if (claim.orderId === orders[0]) {
        throw new TypeError("a bug");
      }
      return us.deps.payments.claim(claim);
    },
  };
  world.clock.advance(minuteMs);
  expect(await repair({ deps: { ...us.deps, payments } })).toMatchObject({ repaired: 1, failed: 1 });
  const logged = us.log.entries.filter(({ message }) => message === "order not brought forward");
  expect(logged).toMatchObject([{ orderId: orders[0], cause: expect.stringMatching(/^TypeError: a bug\n/) }]);
});

test("a run whose index cannot be read is an error", async () => {
  const error = { type: "unavailable" as const, operation: "Query", reason: "away" };
  us.items.failNext("Query Orders", error);
  expect(await createRepair(us.deps)(() => 55_000)).toEqual({ ok: false, error });
});
