import {
  cellsMax,
  cellsOf,
  cellToItem,
  emptyCell,
  makeCellId,
  orderLinesMax,
  type Shortfall,
  type Sku,
  stockPartition,
} from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { SellingRights } from "../control/selling-rights.ts";
import { buy, filledCart, oneLamp, totals } from "../testing/buyer.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { askDonors } from "./ask-donors.ts";

let world: TestShops;
let us: TestShop;
let eu: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  eu = world.shop("eu-west-1");
  await world.beat();
});

/** One unit in each of as many cells as a region uses, as both regions see them. */
function spread(sku: Sku): void {
  const items = Array.from({ length: cellsMax }, (_, number) =>
    cellToItem({
      ...emptyCell(sku, makeCellId(us.deployment.origin, number)),
      counter: 1,
      restocked: 1,
      available: 1,
      cellCount: number === 0 ? cellsMax : 1,
    }),
  );
  us.items.load("Stock", items);
  eu.items.load("Stock", items);
}

async function seenBy(shop: TestShop, sku: Sku) {
  const partition = await shop.items.queryPartition("Stock", stockPartition(sku));
  const cells = partition.ok ? cellsOf(partition.value) : partition;
  if (!cells.ok) {
    throw new Error(cells.error.type);
  }
  return cells.value;
}

async function rightsOf({ deps }: TestShop): Promise<SellingRights> {
  const rights = await deps.rights();
  if (!rights.ok) {
    throw new Error(rights.error.type);
  }
  return rights.value;
}

/** Asks the others, from Europe, for all that one region has of these SKUs. */
async function askForAll(skus: readonly Sku[]): Promise<boolean> {
  const cells = await Promise.all(skus.map(async (sku) => [sku, await seenBy(eu, sku)] as const));
  const shortfalls = skus.map((sku): Shortfall => {
    return { type: "insufficient-stock", sku, wanted: cellsMax, here: 0, elsewhere: cellsMax };
  });
  return askDonors(eu.deps, await rightsOf(eu), new Map(cells), shortfalls);
}

const availableIn = async (sku: Sku) =>
  (await seenBy(eu, sku)).get(makeCellId(eu.deployment.origin, 0))?.available;

describe("a shopper's region that lacks units", () => {
  test("gets them of all cells of a region at once", async () => {
    spread("LAMP" as Sku);
    const lines = [{ ...oneLamp, quantity: cellsMax }];
    expect((await buy(eu, await filledCart(eu, lines), { lines })).status).toBe(201);
    expect(await totals(world.shops)).toMatchObject({ sold: cellsMax, available: 0, inFlight: 0 });
  });

  test("gets those of the largest order, each SKU in as many cells as there can be, by one request", async () => {
    const skus = Array.from({ length: orderLinesMax }, (_, line) => `SKU-${line}` as Sku);
    skus.forEach(spread);
    expect(await askForAll(skus)).toBe(true);
    expect(await Promise.all(skus.map(availableIn))).toEqual(skus.map(() => cellsMax));
  });

  test("gets what was granted before a donor refused", async () => {
    const skus = ["LAMP", "TENT"] as Sku[];
    skus.forEach(spread);
    us.items.failNext("UpdateItem Stock", { type: "unavailable", operation: "", reason: "" });
    expect(await askForAll(skus)).toBe(true);
    const got = await Promise.all(skus.map(availableIn));
    expect(got.filter((units) => units === cellsMax)).toHaveLength(1);
    const given = us.items
      .dump("Stock")
      .filter((item) => Object.keys(item).some((name) => name.startsWith("g#")));
    expect(given).toHaveLength(got.reduce((sum: number, units) => sum + (units ?? 0), 0));
  });

  test("says in the log that its own word of what is missing was not written", async () => {
    spread("LAMP" as Sku);
    const cause = { type: "unavailable" as const, operation: "", reason: "" };
    eu.items.failNext("UpdateItem Stock", cause);
    expect(await askForAll(["LAMP" as Sku])).toBe(true);
    expect(eu.log.entries).toContainEqual(expect.objectContaining({ level: "warn", sku: "LAMP", cause }));
  });

  test("says in the log what a donor that is away was asked for", async () => {
    spread("LAMP" as Sku);
    world.cut("us-east-1", "eu-west-1");
    expect(await askForAll(["LAMP" as Sku])).toBe(false);
    expect(eu.log.entries).toContainEqual(
      expect.objectContaining({ message: "a donor gave no answer", peer: "us-east-1", skus: ["LAMP"] }),
    );
  });
});
