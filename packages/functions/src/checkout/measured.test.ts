import { orderHoldMs } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { buy, deliverTo, filledCart, newKey, oneLamp } from "../testing/buyer.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";

let world: TestShops;
let us: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  await world.beat();
  await deliverTo(us, "LAMP", 5);
  await world.replicate();
});

/** What a region measured under a name: its values, by the one dimension that it has. */
function measured({ measurements }: TestShop, name: string): readonly (readonly [string, number])[] {
  return measurements.recorded
    .filter((one) => one.name === name)
    .flatMap(({ values, dimensions }) =>
      Object.values(dimensions).flatMap((dimension) => values.map((value) => [dimension, value] as const)),
    );
}

describe("CheckoutsRefused counts what the shopper is told", () => {
  const refused = (shop: TestShop) => measured(shop, "CheckoutsRefused");

  test("nothing, where there is an order", async () => {
    await buy(us, await filledCart(us));
    expect(refused(us)).toEqual([]);
  });

  test("of the cart and of stock", async () => {
    await buy(us, await filledCart(us, []));
    const lines = [{ ...oneLamp, quantity: 6 }];
    await buy(us, await filledCart(us, lines), { lines });
    await buy(us, { ...(await filledCart(us)), id: "crt_1" });
    expect(refused(us)).toEqual([
      ["cart-empty", 1],
      ["stock-short", 1],
      ["cart-not-found", 1],
    ]);
  });

  test("of a payment", async () => {
    await buy(us, await filledCart(us), { method: "pm_card_visa_chargeDeclined" });
    expect(refused(us)).toEqual([["payment-declined", 1]]);
  });

  test("of a checkout that came second", async () => {
    const eu = world.shop("eu-west-1");
    await deliverTo(eu, "LAMP", 5);
    const cart = await filledCart(us);
    await world.replicate();
    world.cut("us-east-1", "eu-west-1");
    await buy(us, cart);
    await buy(eu, cart);
    expect([refused(us), refused(eu)]).toEqual([[], [["checkout-superseded", 1]]]);
  });

  test("of a checkout that was not paid in time", async () => {
    const cart = await filledCart(us);
    const key = newKey(us);
    world.payments.faultWith(() => ({ lost: "request" }));
    await buy(us, cart, { key });
    world.clock.advance(orderHoldMs);
    await buy(us, cart, { key });
    expect(refused(us)).toEqual([["checkout-expired", 1]]);
  });
});

describe("OrderFacts counts what the region says of its orders", () => {
  const facts = (shop: TestShop) => measured(shop, "OrderFacts").map(([fact]) => fact);

  test("from the placing on, each once, whatever is sent again", async () => {
    const cart = await filledCart(us);
    const sent = { key: newKey(us), body: { durability: "two-regions" } };
    await buy(us, cart, sent);
    const whole = ["placed", "witnessed", "claimed", "authorized", "committed", "cart-ended", "captured"];
    expect(facts(us)).toEqual(whole);
    await buy(us, cart, sent);
    expect(facts(us)).toEqual(whole);
  });

  test("on the other way out, too", async () => {
    await buy(us, await filledCart(us), { method: "pm_card_visa_chargeDeclined" });
    expect(facts(us)).toEqual(["placed", "claimed", "declined", "released", "cart-ended", "voided"]);
  });
});
