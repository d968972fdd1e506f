import { makeCartId, makeOrderId, type ShopperId } from "@antipode/core";
import { origin, ulid, ulidAt } from "@antipode/core/testing";
import { beforeEach, expect, test } from "vitest";
import { buy, deliverTo, filledCart } from "../testing/buyer.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { startMs } from "../testing/test-world.ts";
import { createRepair } from "./create-repair.ts";

let world: TestShops;
let us: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  await world.beat();
  await deliverTo(us, "LAMP", 2);
});

/** A payment as a region leaves it whose storage went back in time. */
async function strayPayment() {
  const orderId = makeOrderId(
    makeCartId(ulid(ulidAt(startMs, 71)) as ShopperId, ulid(ulidAt(startMs, 72))),
    0,
  );
  const claimed = await world.payments.claim({
    orderId,
    placement: origin("us-east-1#1"),
    amount: { amountMinor: 100, currency: "EUR" },
  });
  if (!claimed.ok) {
    throw new Error(claimed.error.type);
  }
  const attempt = { orderId, paymentId: claimed.value.id, attempt: 0 };
  await world.payments.authorize({ ...attempt, method: "pm_card_visa" });
  return attempt;
}

/** To the next minute in which repair looks at payments. */
function advanceToTenth(): void {
  const minute = Math.floor(world.clock.nowMs() / 60_000);
  world.clock.advance((10 - (minute % 10)) * 60_000 + 600_000);
}

const repair = async (shop: TestShop) => {
  const summary = await createRepair(shop.deps)(() => 55_000);
  return summary.ok ? summary.value : summary.error;
};

test("a payment that no order knows is let go, counted, and named in the log", async () => {
  await buy(us, await filledCart(us));
  const stray = await strayPayment();
  advanceToTenth();
  expect(await repair(us)).toMatchObject({ unmatchedPayments: 1 });
  const ledger = new Map(world.payments.ledger().map(({ payment }) => [payment.id, payment.status]));
  expect(ledger.get(stray.paymentId)).toBe("cancelled");
  expect([...ledger.values()].sort()).toEqual(["cancelled", "captured"]);
  expect(us.log.entries).toContainEqual(
    expect.objectContaining({ message: "payment without an order", orderId: stray.orderId, cancelled: true }),
  );
  expect(us.measurements.recorded).toContainEqual({ name: "PaymentsUnmatched", values: [1], dimensions: {} });
  expect(await repair(us)).toMatchObject({ unmatchedPayments: 0 });
});

test("one that was taken is left to a person", async () => {
  const stray = await strayPayment();
  await world.payments.capture(stray);
  advanceToTenth();
  expect(await repair(us)).toMatchObject({ unmatchedPayments: 1 });
  expect(world.payments.ledger()[0]?.payment.status).toBe("captured");
});

test("other regions' and young ones are nobody's business here, and most runs do not look", async () => {
  await strayPayment();
  advanceToTenth();
  expect(await repair(world.shop("eu-west-1"))).toMatchObject({ unmatchedPayments: 0 });
  world.clock.advance(60_000);
  expect(await repair(us)).not.toHaveProperty("unmatchedPayments");
});
