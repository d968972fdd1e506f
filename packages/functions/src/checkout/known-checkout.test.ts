import { beforeEach, describe, expect, test } from "vitest";
import { buy, deliverTo, filledCart, newKey, placedIn } from "../testing/buyer.ts";
import { expectProblem, type Opened } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { generationsBackMax } from "./known-checkout.ts";

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

/** Checkouts of the cart that fail, each a generation. */
async function decline(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    world.clock.advance(600_000);
    await expectProblem(
      await buy(us, cart, { method: "pm_card_visa_chargeDeclined" }),
      402,
      "payment-declined",
    );
  }
}

async function readsOf(run: () => Promise<unknown>): Promise<number> {
  const before = us.items.operations.length;
  await run();
  return us.items.operations.slice(before).filter((operation) => operation === "Query Orders").length;
}

describe("a key is looked for in the cart's earlier checkouts", () => {
  test("and found as far back as the limit, whatever was checked out since", async () => {
    const method = "pm_card_visa_chargeDeclined";
    const key = newKey(us);
    const first = await expectProblem(await buy(us, cart, { key, method }), 402, "payment-declined");
    await decline(generationsBackMax - 1);
    const again = await expectProblem(await buy(us, cart, { key, method }), 402, "payment-declined");
    expect(Object(again).order).toBe(Object(first).order);
  });

  test("not further: the key is too old for the cart, each time, and nothing is placed", async () => {
    const key = newKey(us);
    await expectProblem(
      await buy(us, cart, { key, method: "pm_card_visa_chargeDeclined" }),
      402,
      "payment-declined",
    );
    await decline(generationsBackMax);
    for (const method of ["pm_card_visa_chargeDeclined", "pm_card_visa"]) {
      await expectProblem(await buy(us, cart, { key, method }), 422, "operation-too-old");
    }
    expect(world.payments.ledger().filter(({ captures }) => captures > 0)).toEqual([]);
    expect((await placedIn(await buy(us, cart))).order.state).toBe("paid");
  });

  test("with one read of an order for a new cart, and two for a new key of an old one", async () => {
    const before = await readsOf(async () =>
      expectProblem(await buy(us, cart, { method: null }), 422, "payment-method-needed"),
    );
    expect(before).toBe(1);
    await decline(3);
    world.clock.advance(600_000);
    expect(
      await readsOf(async () =>
        expectProblem(await buy(us, cart, { method: null }), 422, "payment-method-needed"),
      ),
    ).toBe(2);
  });
});
