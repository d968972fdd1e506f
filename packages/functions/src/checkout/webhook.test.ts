import { beforeEach, expect, test } from "vitest";
import { createRepair } from "../repair/create-repair.ts";
import { buy, deliverTo, filledCart, orderIn, placedIn, seeOrder, totals } from "../testing/buyer.ts";
import { cancel } from "../testing/order-requests.ts";
import { expectProblem, type Opened } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";

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
  const { order, paymentClientSecret } = await placedIn(
    await buy(us, cart, { method: "pm_card_authenticationRequired" }),
  );
  id = order.id;
  expect(order.state).toBe("placed");
  expect(paymentClientSecret).toBeDefined();
  await world.replicate();
});

const paymentId = () => world.payments.ledger()[0]?.payment.id ?? "";

function hook(shop: TestShop, hint: unknown, signature = "good") {
  return shop.checkout.request("/v1/payments/webhook", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Stripe-Signature": signature },
    body: JSON.stringify(hint),
  });
}

const hint = () => ({ eventId: "evt_1", orderId: id, placement: "us-east-1#1", paymentId: paymentId() });
const counted = ({ measurements }: TestShop, metric: string) =>
  measurements.recorded.filter(({ name }) => name === metric).length;
const state = async (shop: TestShop) => (await orderIn(await seeOrder(shop, cart, id))).state;

test("brings the order to its end where it was placed, however often it comes", async () => {
  world.payments.act(paymentId(), "success");
  expect((await hook(us, hint())).status).toBe(200);
  expect((await hook(us, hint())).status).toBe(200);
  expect(await state(us)).toBe("paid");
  expect(world.payments.ledger().map(({ captures }) => captures)).toEqual([1]);
});

test("is handed on by a region that placed nothing", async () => {
  world.payments.act(paymentId(), "success");
  expect((await hook(eu, hint())).status).toBe(200);
  expect(await state(us)).toBe("paid");
});

test("is refused while the placing region cannot be reached: the provider comes again", async () => {
  world.cut("us-east-1", "eu-west-1");
  world.payments.act(paymentId(), "success");
  await expectProblem(await hook(eu, hint()), 503, "region-away");
  expect([counted(us, "RefusedForPeers"), counted(eu, "RefusedForPeers")]).toEqual([0, 1]);
  expect(await state(us)).toBe("placed");
});

test("is not believed: the provider is asked", async () => {
  expect((await hook(us, hint())).status).toBe(200);
  expect(await state(us)).toBe("placed");
  world.payments.act(paymentId(), "failure");
  await hook(us, hint());
  expect(await state(us)).toBe("declined");
});

test("that comes when the hold is over finds the units gone and the payment given up", async () => {
  world.clock.advance(16 * 60_000);
  expect(await createRepair(us.deps)(() => 55_000)).toMatchObject({ ok: true, value: { repaired: 1 } });
  expect((await hook(us, hint())).status).toBe(200);
  expect(await state(us)).toBe("expired");
  expect(world.payments.ledger()[0]?.payment.status).toBe("cancelled");
  expect(await totals(world.shops)).toMatchObject({ held: 0, available: 5 });
});

test("that comes while the units are still held sells them, late as it is", async () => {
  world.clock.advance(16 * 60_000);
  world.payments.act(paymentId(), "success");
  expect((await hook(us, hint())).status).toBe(200);
  expect(await state(us)).toBe("paid");
});

test("of nobody's signature, and of no order of ours", async () => {
  await expectProblem(await hook(us, hint(), "bad"), 400, "signature-refused");
  expect((await hook(us, null)).status).toBe(200);
});

test("of a refund that failed after its order was closed tells a person, in whatever region it comes to", async () => {
  world.payments.act(paymentId(), "success");
  await hook(us, hint());
  expect((await cancel(us, cart, id)).status).toBe(200);
  expect(await state(us)).toBe("refunded");
  expect((await hook(eu, { ...hint(), refundFailed: true })).status).toBe(200);
  expect(await state(us)).toBe("refunded");
  expect(eu.log.entries).toContainEqual(
    expect.objectContaining({
      level: "error",
      message: "a refund has failed",
      orderId: id,
      payment: paymentId(),
    }),
  );
  expect([counted(us, "RefundsFailed"), counted(eu, "RefundsFailed")]).toEqual([0, 1]);
});
