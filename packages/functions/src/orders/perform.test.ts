import { err, type OrderId, type PaymentError, type Payments } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { createCheckout } from "../checkout/create-checkout.ts";
import { createRepair } from "../repair/create-repair.ts";
import { buy, deliverTo, filledCart, placedIn, seeOrder, totals } from "../testing/buyer.ts";
import { cancel } from "../testing/order-requests.ts";
import type { Opened } from "../testing/shopper.ts";
import { expectProblem } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { advanceOrder } from "./advance.ts";

let world: TestShops;
let us: TestShop;
let cart: Opened;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  await world.beat();
  await deliverTo(us, "LAMP", 5);
  cart = await filledCart(us);
});

/** The region's functions over a provider that differs from what it is. */
function withPayments(change: Partial<Payments>) {
  const deps = { ...us.deps, payments: { ...world.payments, ...change } };
  return { ...us, deps, checkout: createCheckout(deps) };
}

const answers = (type: PaymentError["type"], operation: string) => async () =>
  err(
    type === "refused"
      ? { type, operation, code: "not_so", reason: "told to" }
      : { type, operation, reason: "told to" },
  );

const logged = (level: string) => us.log.entries.filter((entry) => entry.level === level);
const calls = (operation: string) =>
  world.payments.operations.filter((call) => call.startsWith(`${operation} `)).length;

describe("a claim that the provider refuses", () => {
  test("is no word on who has won: logged, asked again, and the units go back when the hold is over", async () => {
    const shop = withPayments({ claim: answers("refused", "claim") });
    const { order } = await placedIn(await buy(shop, cart));
    expect(order).toMatchObject({ state: "placed", decided: false });
    expect(await totals(world.shops)).toMatchObject({ held: 1, available: 4 });
    expect(logged("error")).toMatchObject([
      { message: "the payment provider refuses a claim", orderId: order.id, cause: { code: "not_so" } },
    ]);
    world.clock.advance(16 * 60_000);
    expect(await createRepair(shop.deps)(() => 55_000)).toMatchObject({ value: { repaired: 1, failed: 0 } });
    expect(await totals(world.shops)).toMatchObject({ held: 0, available: 5 });
  });
});

describe("what the provider refuses of a payment that was claimed", () => {
  test("is looked at: what was given up at the provider's page is no order", async () => {
    const shop = withPayments({
      capture: async (attempt) => {
        await world.payments.cancel(attempt);
        return world.payments.capture(attempt);
      },
    });
    const { order } = await placedIn(await buy(shop, cart));
    expect(order.state).toBe("cancelled");
    expect(logged("error")).toEqual([]);
    expect(await totals(world.shops)).toMatchObject({ held: 0 });
  });

  test("is looked at: what was taken before it could be given up goes back", async () => {
    world.payments.failNext("capture", { lost: "answer" }); // taken, and nobody heard
    const { order } = await placedIn(await buy(us, cart));
    expect(order.state).toBe("confirmed");
    const cancelled = await us.checkout.request(`/v1/orders/${order.id}/cancellations`, {
      method: "POST",
      headers: { Authorization: `Bearer ${cart.token}`, "Idempotency-Key": order.id.slice(4, 30) },
    });
    expect(cancelled.status, await cancelled.clone().text()).toBe(200);
    expect(await cancelled.json()).toMatchObject({ state: "refunded" });
    expect(world.payments.ledger()).toMatchObject([{ captures: 1, refunds: 1 }]);
  });

  test("is a decline when nothing can be authorised with it: the units go back at once", async () => {
    const shop = withPayments({ authorize: answers("refused", "authorize") });
    const declined = await expectProblem(await buy(shop, cart), 402, "payment-declined");
    expect(declined).toMatchObject({ declineCode: "not_so" });
    expect(await totals(world.shops)).toMatchObject({ held: 0, sold: 0 });
    expect(world.payments.ledger()).toMatchObject([{ payment: { status: "cancelled" } }]);
  });

  test("is a failure when the payment is as it was: nobody asks for ever", async () => {
    let asked = 0;
    const shop = withPayments({
      capture: async () => {
        asked += 1;
        return answers("refused", "capture")();
      },
    });
    const { order } = await placedIn(await buy(shop, cart));
    expect(order.state).toBe("confirmed");
    expect([asked, calls("read")]).toEqual([2, 2]);
    expect(logged("error")).toMatchObject([{ step: "capture", cause: { code: "not_so" } }]);
    const again = await advanceOrder(shop.deps, order.id as OrderId);
    expect(again).toMatchObject({ ok: false, error: { step: "capture" } });
  });

  test("is a failure when nothing is refused and nothing changes, as by a bank that sends refunds back", async () => {
    const { order } = await placedIn(await buy(us, cart));
    let asked = 0;
    const shop = withPayments({
      refund: async ({ paymentId }) => {
        asked += 1;
        return world.payments.read(paymentId);
      },
    });
    expect((await cancel(shop, cart, order.id)).status).toBe(200);
    expect(asked).toBe(2);
    expect(logged("error")).toMatchObject([{ orderId: order.id, step: "refund" }]);
    expect(await advanceOrder(us.deps, order.id as OrderId)).toMatchObject({
      value: { next: { type: "nothing" } },
    });
    expect(world.payments.ledger()).toMatchObject([{ payment: { refundedMinor: 100 } }]);
  });

  test("waits for the provider when the payment cannot be read", async () => {
    const shop = withPayments({
      authorize: answers("refused", "authorize"),
      read: answers("unavailable", "read"),
    });
    const { order } = await placedIn(await buy(shop, cart));
    expect(await advanceOrder(shop.deps, order.id as OrderId)).toMatchObject({
      ok: true,
      value: { next: { type: "wait", for: "provider" } },
    });
    expect(logged("error")).toEqual([]);
  });
});

test.each(["claim", "authorize", "capture"] as const)(
  "an unreadable answer to %s is a failure",
  async (verb) => {
    const shop = withPayments({ [verb]: answers("unreadable", verb) });
    const { order } = await placedIn(await buy(shop, cart));
    expect(logged("error")).toMatchObject([{ step: verb, cause: { type: "unreadable" } }]);
    await createRepair(us.deps)(() => 55_000);
    world.clock.advance(60_000);
    await createRepair(us.deps)(() => 55_000);
    expect(await (await seeOrder(us, cart, order.id)).json()).toMatchObject({ state: "paid" });
  },
);
