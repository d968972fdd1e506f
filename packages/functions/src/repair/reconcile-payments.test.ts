import { err, makeCartId, makeOrderId, type OrderId, type ShopperId } from "@antipode/core";
import { origin, ulid, ulidAt } from "@antipode/core/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { buy, deliverTo, filledCart, placedIn } from "../testing/buyer.ts";
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

const looks = () => 0; // by chance, this run does

/** A run that looks at payments, unless `changed` says otherwise. */
async function repair(
  shop: TestShop,
  changed: Partial<TestShop["deps"]> = {},
  timeLeftMs: () => number = () => 55_000,
) {
  const summary = await createRepair({ ...shop.deps, chance: looks, ...changed })(timeLeftMs);
  return summary.ok ? summary.value : summary.error;
}

const recorded = () => us.measurements.recorded.filter(({ name }) => name === "PaymentsUnmatched");
const away = { type: "unavailable" as const, operation: "Query", reason: "away" };

test("a payment that no order knows is let go, counted, and named in the log", async () => {
  await buy(us, await filledCart(us));
  const stray = await strayPayment();
  world.clock.advance(600_000);
  expect(await repair(us)).toMatchObject({ unmatchedPayments: 1 });
  const ledger = new Map(world.payments.ledger().map(({ payment }) => [payment.id, payment.status]));
  expect(ledger.get(stray.paymentId)).toBe("cancelled");
  expect([...ledger.values()].sort()).toEqual(["cancelled", "captured"]);
  expect(us.log.entries).toContainEqual(
    expect.objectContaining({ message: "payment without an order", orderId: stray.orderId, cancelled: true }),
  );
  expect(recorded()).toEqual([{ name: "PaymentsUnmatched", values: [1], dimensions: {} }]);
  expect(await repair(us)).toMatchObject({ unmatchedPayments: 0 });
});

test("one that was taken is left to a person", async () => {
  const stray = await strayPayment();
  await world.payments.capture(stray);
  world.clock.advance(600_000);
  expect(await repair(us)).toMatchObject({ unmatchedPayments: 1 });
  expect(world.payments.ledger()[0]?.payment.status).toBe("captured");
});

test.each(["captured", "authorized"] as const)(
  "a second payment of an order, %s, is settled once",
  async (status) => {
    const { order } = await placedIn(await buy(us, await filledCart(us)));
    world.payments.forgetClaims();
    const [orderId, placement] = [order.id as OrderId, origin("us-east-1#1")];
    const amount = { amountMinor: 100, currency: "EUR" } as const;
    const second = await world.payments.claim({ orderId, placement, amount });
    const attempt = { orderId, paymentId: second.ok ? second.value.id : "", attempt: 0 };
    await world.payments.authorize({ ...attempt, method: "pm_card_visa" });
    if (status === "captured") {
      await world.payments.capture(attempt);
    }
    world.clock.advance(600_000);
    expect(await repair(us)).toMatchObject({ unmatchedPayments: 1 });
    const settled = status === "captured" ? ["captured", 100] : ["cancelled", 0];
    const books = world.payments.ledger().map(({ payment }) => [payment.status, payment.refundedMinor]);
    expect(books).toEqual([["captured", 0], settled]);
    expect(us.log.entries).toContainEqual(
      expect.objectContaining({
        message: "second payment of an order",
        orderId,
        payment: attempt.paymentId,
        [status === "captured" ? "refunded" : "cancelled"]: true,
      }),
    );
    expect(await repair(us)).toMatchObject({ unmatchedPayments: 0 });
  },
);

test("other regions' and young ones are nobody's business here", async () => {
  await strayPayment();
  expect(await repair(us)).toMatchObject({ unmatchedPayments: 0 });
  world.clock.advance(60_000);
  expect(await repair(world.shop("eu-west-1"))).toMatchObject({ unmatchedPayments: 0 });
  expect(await repair(us)).toMatchObject({ unmatchedPayments: 1 });
});

test("one run in ten looks, by chance: at whatever minute it lands", async () => {
  for (let minute = 0; minute < 10; minute += 1) {
    world.clock.advance(60_000);
    expect(await repair(us, { chance: () => 0.099 })).toHaveProperty("unmatchedPayments");
    expect(await repair(us, { chance: () => 0.1 })).not.toHaveProperty("unmatchedPayments");
  }
});

describe("a look that is not complete says nothing of how many there are", () => {
  const log = () => us.log.entries.filter(({ message }) => message === "payments are not all looked at");

  beforeEach(async () => {
    await strayPayment();
    world.clock.advance(600_000);
  });

  test("when the time is over inside a page", async () => {
    for (let order = 0; order < 3; order += 1) {
      await buy(us, await filledCart(us));
    }
    world.clock.advance(120_000);
    let asked = 0;
    const left = () => {
      asked += 1;
      return asked > 2 ? 9_000 : 55_000;
    };
    expect(await repair(us, {}, left)).not.toHaveProperty("unmatchedPayments");
    expect(world.payments.ledger()[0]?.payment.status).toBe("authorized");
    expect(recorded()).toEqual([]);
    expect(log()).toHaveLength(1);
  });

  test("when the provider does not list", async () => {
    world.payments.failNext("list", { lost: "request" });
    expect(await repair(us)).not.toHaveProperty("unmatchedPayments");
    expect(recorded()).toEqual([]);
  });

  test("when an order cannot be read", async () => {
    const items = { ...us.items, queryPartition: async () => err(away) };
    expect(await repair(us, { items })).not.toHaveProperty("unmatchedPayments");
    expect(world.payments.ledger()[0]?.payment.status).toBe("authorized");
    expect(recorded()).toEqual([]);
    expect(log()).toMatchObject([{ level: "warn", cause: away }]);
  });

  test("when it is not known which regions were given up", async () => {
    const eu = world.shop("eu-west-1");
    expect(await repair(eu, { rights: async () => err(away) })).not.toHaveProperty("unmatchedPayments");
    expect(eu.measurements.recorded.filter(({ name }) => name === "PaymentsUnmatched")).toEqual([]);
    expect(eu.log.entries).toContainEqual(
      expect.objectContaining({ message: "payments are not all looked at", cause: away }),
    );
  });
});

test("an order that this version cannot read is an order all the same", async () => {
  const { order } = await placedIn(await buy(us, await filledCart(us)));
  us.items.load("Orders", [{ pk: `ORDER#${order.id}`, sk: "EVENT#us-east-1#1#99", v: 1, future: true }]);
  world.clock.advance(600_000);
  expect(await repair(us)).toMatchObject({ unmatchedPayments: 0 });
});
