import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStripePayments } from "../payments/create-stripe-payments.ts";
import { createRepair } from "../repair/create-repair.ts";
import { buy, deliverTo, filledCart, orderIn, placedIn, seeOrder, totals } from "../testing/buyer.ts";
import {
  type SandboxProcess,
  sandboxKey,
  startSandbox,
} from "../testing/payments-conformance/start-sandbox.ts";
import type { Opened } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";

const hourMs = 60 * 60_000;

/** One cart that is known in two regions which hear the others and not one another. */
async function cutInTwo(world: TestShops): Promise<{ us: TestShop; eu: TestShop; cart: Opened }> {
  const [us, eu] = [world.shop("us-east-1"), world.shop("eu-west-1")];
  await world.beat();
  await deliverTo(us, "LAMP", 5);
  await deliverTo(eu, "LAMP", 5);
  const cart = await filledCart(us);
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

  test("is paid once, and is one order when they hear one another", async () => {
    const payments = createStripePayments({
      secretKey: sandboxKey,
      baseUrl: sandbox.url,
      clock: { nowMs: () => world.clock.nowMs() },
      delay: async () => {},
    });
    const world: TestShops = createTestShops({ payments });
    world.clock.advance(Date.now() - world.clock.nowMs()); // the provider's own
    const { us, eu, cart } = await cutInTwo(world);
    const { order } = await placedIn(await buy(us, cart));
    expect(order.state).toBe("paid");
    world.clock.advance(25 * hourMs);
    await sandbox.post("/sandbox/pass-time", { ms: 25 * hourMs });
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

test("an order that was paid twice all the same keeps the first payment, and says so", async () => {
  const world = createTestShops();
  const { us, eu, cart } = await cutInTwo(world);
  const { order } = await placedIn(await buy(us, cart));
  world.clock.advance(hourMs);
  world.payments.forgetClaims();
  expect((await placedIn(await buy(eu, cart))).order.state).toBe("paid");
  world.payments.failNext("refund", { lost: "request" });
  world.heal();
  await world.replicate();
  world.clock.advance(60_000);
  expect(await createRepair(eu.deps)(() => 55_000)).toMatchObject({ value: { failed: 0 } });
  await world.replicate();
  const books = world.payments.ledger().map(({ payment, captures }) => [captures, payment.refundedMinor]);
  expect(books).toEqual([
    [1, 0],
    [1, 100],
  ]);
  expect(eu.log.entries).toContainEqual(
    expect.objectContaining({ level: "error", message: "order has two payments", orderId: order.id }),
  );
  const counted = ({ measurements }: TestShop) =>
    measurements.recorded.filter(({ name }) => name === "OrdersPaidTwice").length;
  expect([counted(us), counted(eu)]).toEqual([0, 1]);
  for (const shop of world.shops) {
    expect(await orderIn(await seeOrder(shop, cart, order.id))).toMatchObject({ state: "paid" });
  }
});
