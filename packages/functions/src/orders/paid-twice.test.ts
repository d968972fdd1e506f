import { cartAheadMaxMs, cartShopper, isCartId } from "@antipode/core";
import { ulidAt } from "@antipode/core/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStripePayments } from "../payments/create-stripe-payments.ts";
import { buy, deliverTo, newKey, orderIn, placedIn, seeOrder, totals } from "../testing/buyer.ts";
import {
  type SandboxProcess,
  sandboxKey,
  startSandbox,
} from "../testing/payments-conformance/start-sandbox.ts";
import { add, expectProblem, type Opened, openCart } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";

const hourMs = 60 * 60_000;

/** A new session's cart, with an id as its shopper may make it up. */
async function cartMadeAt(shop: TestShop, atMs: number): Promise<Opened> {
  const { id, token } = await openCart(shop);
  if (!isCartId(id)) {
    throw new Error(id);
  }
  return { id: `crt_${cartShopper(id)}_${ulidAt(atMs, 1)}`, token };
}

/** One cart that is known in two regions which hear the others and not one another. */
async function cutInTwo(
  world: TestShops,
  aheadMs = 0,
): Promise<{ us: TestShop; eu: TestShop; cart: Opened }> {
  const [us, eu] = [world.shop("us-east-1"), world.shop("eu-west-1")];
  await world.beat();
  await deliverTo(us, "LAMP", 5);
  await deliverTo(eu, "LAMP", 5);
  const cart = await cartMadeAt(us, world.clock.nowMs() + aheadMs);
  expect((await add(us, cart, { sku: "LAMP", quantity: 1 })).status).toBe(200);
  await world.replicate();
  world.cut("us-east-1", "eu-west-1");
  return { us, eu, cart };
}

describe("one cart ordered on both sides of a cut that lasts a day, at a provider that forgets keys", () => {
  let sandbox: SandboxProcess;

  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.close());

  test.each([
    ["now", 0],
    ["as far ahead as its id may be", cartAheadMaxMs],
  ])("is paid once, and is one order when they hear one another; made %s", async (_, aheadMs) => {
    const payments = createStripePayments({
      secretKey: sandboxKey,
      baseUrl: sandbox.url,
      clock: { nowMs: () => world.clock.nowMs() },
      delay: async () => {},
    });
    const world: TestShops = createTestShops({ payments });
    world.clock.advance(Date.now() - world.clock.nowMs()); // the provider's own
    const { us, eu, cart } = await cutInTwo(world, aheadMs);
    const { order } = await placedIn(await buy(us, cart));
    expect(order.state).toBe("paid");
    const ms = 24 * hourMs + 60_000; // it forgets them now
    world.clock.advance(ms);
    await sandbox.post("/sandbox/pass-time", { ms });
    await world.beat();
    expect((await buy(eu, cart)).status).toBe(409);
    world.heal();
    await world.replicate();
    const { payments: objects } = await sandbox.ledger(order.id);
    expect(objects).toMatchObject([{ placement: us.deployment.origin, status: "succeeded" }]);
    expect(await totals(world.shops)).toMatchObject({ sold: 1, held: 0 });
    expect(await orderIn(await seeOrder(eu, cart, order.id))).toMatchObject({ state: "paid" });
  });
});

test("a checkout that was paid beside another one is not answered by that one's order as its own", async () => {
  const world = createTestShops();
  const { us, eu, cart } = await cutInTwo(world);
  const first = newKey(us);
  const { order } = await placedIn(await buy(us, cart, { key: first }));
  world.clock.advance(hourMs);
  world.payments.forgetClaims();
  const second = newKey(eu);
  await placedIn(await buy(eu, cart, { key: second }));
  world.heal();
  await world.replicate();
  for (const shop of [us, eu]) {
    const refused = await expectProblem(await buy(shop, cart, { key: second }), 409, "checkout-superseded");
    expect(refused).toMatchObject({
      order: order.id,
      placedIn: us.deployment.origin,
      detail: expect.stringContaining("gives that back"),
    });
    expect((await placedIn(await buy(shop, cart, { key: first }))).order.id).toBe(order.id);
  }
});

test("an order that was paid twice all the same is left as it is, and a person is told in both regions", async () => {
  const world = createTestShops();
  const { us, eu, cart } = await cutInTwo(world);
  const { order } = await placedIn(await buy(us, cart));
  world.clock.advance(hourMs);
  world.payments.forgetClaims();
  expect((await placedIn(await buy(eu, cart))).order.state).toBe("paid");
  const told = ({ log, measurements }: TestShop) => [
    measurements.recorded.some(({ name }) => name === "OrdersPaidTwice"),
    log.entries.find(({ message }) => message === "order has two payments"),
  ];
  expect([told(us), told(eu)]).toEqual([
    [false, undefined],
    [false, undefined],
  ]);
  world.heal();
  await world.replicate();
  const [first, second] = world.payments.ledger();
  expect([first, second]).toMatchObject([
    { captures: 1, payment: { refundedMinor: 0 } },
    { captures: 1, payment: { refundedMinor: 0 } },
  ]);
  const entry = expect.objectContaining({
    level: "error",
    orderId: order.id,
    shown: us.deployment.origin,
    placements: [
      { origin: us.deployment.origin, state: "paid", payment: first?.payment.id },
      { origin: eu.deployment.origin, state: "paid", payment: second?.payment.id },
    ],
  });
  expect([told(us), told(eu)]).toEqual([
    [true, entry],
    [true, entry],
  ]);
  expect(told(world.shop("ap-south-1"))).toEqual([false, undefined]);
  for (const shop of world.shops) {
    expect(await orderIn(await seeOrder(shop, cart, order.id))).toMatchObject({ state: "paid" });
  }
});
