import {
  type CartId,
  cellToItem,
  emptyCell,
  makeCellId,
  type OperationId,
  type Sku,
  type StorageError,
} from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { buy, cellsOf, deliverTo, filledCart, newKey, oneLamp, totals } from "../testing/buyer.ts";
import { expectProblem } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { place } from "./place.ts";

let world: TestShops;
let us: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  await world.beat();
});

describe("units of one line in more cells than a checkout takes from", () => {
  const lines = [{ ...oneLamp, quantity: 6 }];

  beforeEach(() => {
    us.items.load(
      "Stock",
      [0, 1, 2].map((number) => {
        const cell = emptyCell("LAMP" as Sku, makeCellId(us.deployment.origin, number));
        return cellToItem({
          ...cell,
          counter: 1,
          restocked: 2,
          available: 2,
          cellCount: number === 0 ? 3 : 1,
        });
      }),
    );
  });

  test("are brought together, and sold", async () => {
    expect((await buy(us, await filledCart(us, lines), { lines })).status).toBe(201);
    expect(await totals(world.shops)).toEqual({ restocked: 6, sold: 6, held: 0, available: 0, inFlight: 0 });
    expect((await cellsOf(us)).filter(({ sold }) => sold > 0).length).toBeLessThanOrEqual(2);
  });

  test("are not asked of others, who have some, when they cannot be brought together", async () => {
    const eu = world.shop("eu-west-1");
    await deliverTo(eu, "LAMP", 5);
    us.items.load("Stock", eu.items.dump("Stock"));
    us.items.failNext("TransactWriteItems Stock", {
      type: "throttled",
      operation: "TransactWriteItems Stock",
    });
    const answer = await buy(us, await filledCart(us, lines), { lines });
    expect(await expectProblem(answer, 409, "stock-short")).toMatchObject({
      detail: expect.stringContaining("on its way"),
    });
    expect((await cellsOf(eu)).map(({ available }) => available)).toContain(5);
  });

  test("that cannot be brought together fall short, and the log says why", async () => {
    const cause: StorageError = { type: "throttled", operation: "TransactWriteItems Stock" };
    us.items.failNext("TransactWriteItems Stock", cause);
    const answer = await buy(us, await filledCart(us, lines), { lines });
    const problem = await expectProblem(answer, 409, "stock-short");
    expect(problem).toMatchObject({ shortfalls: [{ sku: "LAMP", wanted: 6, here: 6, elsewhere: 0 }] });
    expect(us.log.entries).toContainEqual(expect.objectContaining({ level: "warn", sku: "LAMP", cause }));
  });
});

describe("a checkout that all regions together cannot serve", () => {
  const lines = [
    { ...oneLamp, quantity: 6 },
    { sku: "TENT", quantity: 9, unitMinor: 2_000 },
  ];

  beforeEach(async () => {
    const eu = world.shop("eu-west-1");
    await deliverTo(us, "LAMP", 1);
    await deliverTo(eu, "LAMP", 10);
    await deliverTo(us, "TENT", 1);
    await deliverTo(eu, "TENT", 7);
    await world.replicate();
  });

  test("moves no unit, not even of the line that others could serve, and is no demand", async () => {
    const before = world.shops.map(({ items }) => items.dump("Stock"));
    const answer = await buy(us, await filledCart(us, lines), { lines });
    expect(await expectProblem(answer, 409, "stock-short")).toMatchObject({
      shortfalls: [
        { sku: "LAMP", wanted: 6, here: 1, elsewhere: 10 },
        { sku: "TENT", wanted: 9, here: 1, elsewhere: 7 },
      ],
    });
    expect(world.shops.map(({ items }) => items.dump("Stock"))).toEqual(before);
  });

  test("is served once it asks for no more than there is", async () => {
    const fewer = [lines[0] as (typeof lines)[0], { sku: "TENT", quantity: 8, unitMinor: 2_000 }];
    expect((await buy(us, await filledCart(us, fewer), { lines: fewer })).status).toBe(201);
    expect(await totals(world.shops, "TENT")).toMatchObject({ sold: 8, available: 0 });
  });
});

test("units that another region has given and that are on the way here count as within reach", async () => {
  const eu = world.shop("eu-west-1");
  await deliverTo(us, "LAMP", 1);
  await deliverTo(eu, "LAMP", 3);
  const [own, given] = [makeCellId(us.deployment.origin, 0), makeCellId(eu.deployment.origin, 0)];
  const giver = emptyCell("LAMP" as Sku, given);
  us.items.load("Stock", [cellToItem({ ...giver, counter: 9, restocked: 3, granted: new Map([[own, 3]]) })]);
  const lines = [{ ...oneLamp, quantity: 4 }];
  const answer = await buy(us, await filledCart(us, lines), { lines });
  expect(await expectProblem(answer, 409, "stock-short")).toMatchObject({
    detail: expect.stringContaining("on its way"),
    shortfalls: [{ sku: "LAMP", wanted: 4, here: 1, elsewhere: 3 }],
  });
});

test("a request that the door cannot have let in is a bug, not a shortfall", async () => {
  await deliverTo(us, "LAMP", 5);
  const cart = await filledCart(us);
  const placing = place(us.deps, {
    cartId: cart.id as CartId,
    generation: 0,
    operationId: newKey(us) as OperationId,
    requestDigest: "x".repeat(5_000),
    currency: "EUR",
    lines: [{ ...oneLamp, sku: "LAMP" as Sku }],
    method: "pm_card_visa",
    durability: "one-region",
    acceptPartial: false,
  });
  await expect(placing).rejects.toThrow("request-too-long");
  expect(await totals(world.shops)).toMatchObject({ held: 0, available: 5 });
});
