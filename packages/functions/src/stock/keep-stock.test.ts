import { availabilityKey, itemToAvailability, type Sku, type StoredItem } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { buy, cellsOf, deliverTo, filledCart, totals } from "../testing/buyer.ts";
import { expectProblem } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { keepStock } from "./keep-stock.ts";

let world: TestShops;
let us: TestShop;
let eu: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  eu = world.shop("eu-west-1");
  await world.beat();
});

const availableIn = async (shop: TestShop) =>
  (await cellsOf(shop))
    .filter(({ cell }) => cell.startsWith(shop.deployment.origin))
    .reduce((sum, { available }) => sum + available, 0);

describe("the dispatcher of stock", () => {
  test("moves units to where they are sold, and never makes or loses any", async () => {
    await deliverTo(us, "LAMP", 200);
    await world.replicate();
    for (let sale = 0; sale < 20; sale += 1) {
      expect((await buy(eu, await filledCart(eu))).status).toBe(201);
      world.clock.advance(10_000);
      await world.replicate();
    }
    const sums = await totals(world.shops);
    expect(sums).toMatchObject({ restocked: 200, sold: 20, held: 0 });
    expect(sums.available + sums.inFlight).toBe(180);
    expect(await availableIn(eu)).toBeGreaterThan(0);
    const asked = eu.measurements.recorded.filter(
      ({ name, dimensions }) => name === "StockMoved" && dimensions["how"] === "asked",
    );
    expect(asked.length).toBeLessThan(10); // most of what was sold had come before it was needed
  });

  test("does the same again for nothing when a record is delivered again", async () => {
    await deliverTo(us, "LAMP", 20);
    await world.replicate();
    const before = JSON.stringify(await cellsOf(us));
    await world.replicate();
    expect(JSON.stringify(await cellsOf(us))).toBe(before);
  });

  test("keeps a summary that everybody may read", async () => {
    await deliverTo(us, "LAMP", 7);
    await world.replicate();
    await expectProblem(await us.checkout.request("/v1/stock/TENT"), 404, "sku-not-found");
    await expectProblem(await us.checkout.request("/v1/stock/-"), 404, "sku-not-found");
    const seen = await eu.checkout.request("/v1/stock/LAMP");
    expect(await seen.json()).toEqual({ sku: "LAMP", here: 0, elsewhere: 7, selling: "yes" });
    const item = eu.items.dump("Views").find(({ pk }) => pk === availabilityKey("LAMP" as Sku).pk);
    const view = item === undefined ? undefined : itemToAvailability(item);
    expect(view?.ok === true && view.value.available).toBe(7);
  });

  test("does not look when held units become sold, and looks when they go back", async () => {
    await deliverTo(us, "LAMP", 20);
    const cell = us.items.dump("Stock").find(({ sk }) => sk.startsWith("CELL#"));
    if (cell === undefined) {
      throw new Error("no cell");
    }
    const change = (before: StoredItem, item: StoredItem) => ({
      sequenceNumber: "1",
      eventName: "MODIFY" as const,
      key: { pk: item.pk, sk: item.sk },
      parsed: { entity: "LAMP", kind: "CELL", writer: us.deployment.origin, number: 0 },
      item,
      before,
    });
    const held = { ...cell, held: 2, available: 18, v: 2 };
    const sold = { ...held, held: 0, sold: 2, v: 3, touchedAt: 1 };
    const looks = async (before: StoredItem, item: StoredItem) => {
      const asked = us.items.operations.length;
      expect((await keepStock(us.deps)([change(before, item)])).ok).toBe(true);
      return us.items.operations.length > asked;
    };
    expect(await looks(held, sold)).toBe(false);
    expect(await looks(held, { ...cell, v: 3 })).toBe(true);
    expect(await looks(cell, { ...cell, v: 3, "w#eu-west-1#1#0": 4 })).toBe(true);
  });

  test("of a region without a lease gives nothing away", async () => {
    const cold = createTestShops();
    await deliverTo(cold.shop("us-east-1"), "LAMP", 10);
    await cold.replicate();
    expect(await totals(cold.shops)).toMatchObject({ available: 10, inFlight: 0 });
  });
});
