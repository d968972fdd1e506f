import { makeCellId, type OperationId, type Sku } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { cellsOf, deliverTo, newKey } from "../testing/buyer.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { takeDelivery } from "./deliver.ts";
import { grantAsked } from "./grant-asked.ts";

const contended = { type: "contended" as const, operation: "" };
const lamp = "LAMP" as Sku;

let waits: number[];
let world: TestShops;
let us: TestShop;

beforeEach(async () => {
  waits = [];
  world = createTestShops({ delay: async (ms) => void waits.push(ms) });
  us = world.shop("us-east-1");
  await world.beat();
});

describe("a delivery to a cell that others write", () => {
  const deliver = () =>
    takeDelivery(us.deps, { operationId: newKey(us) as OperationId, sku: lamp, quantity: 3 });

  test("waits before each further try, longer each time", async () => {
    us.items.failNext("TransactWriteItems Stock", contended, { times: 2 });
    expect(await deliver()).toEqual({ ok: true, value: "delivered" });
    expect(waits).toEqual([20, 40]);
  });

  test("is contended when others do not leave off", async () => {
    us.items.failNext("TransactWriteItems Stock", contended, { times: 9 });
    expect(await deliver()).toEqual({ ok: false, error: contended });
    expect(waits).toEqual([20, 40, 60, 80]);
  });

  test("whose first try was written though its answer was lost counts once", async () => {
    us.items.failNext("TransactWriteItems Stock", contended, { after: true });
    expect(await deliver()).toEqual({ ok: true, value: "delivered" });
    expect((await cellsOf(us)).map(({ restocked }) => restocked)).toEqual([3]);
  });
});

describe("a grant from a cell that others write", () => {
  const grant = () =>
    grantAsked(us.deps, {
      sku: lamp,
      from: makeCellId(us.deployment.origin, 0),
      to: makeCellId(world.shop("eu-west-1").deployment.origin, 0),
      target: 2,
    });

  test("waits before each further try, longer each time", async () => {
    await deliverTo(us, lamp, 5);
    us.items.failNext("UpdateItem Stock", contended, { times: 2 });
    expect(await grant()).toMatchObject({ ok: true, value: { granted: 2 } });
    expect(waits).toEqual([20, 40]);
  });

  test("is refused when others do not leave off", async () => {
    await deliverTo(us, lamp, 5);
    us.items.failNext("UpdateItem Stock", contended, { times: 9 });
    expect(await grant()).toMatchObject({ ok: false, error: { type: "refused" } });
    expect(waits).toEqual([20, 40, 60, 80]);
  });
});
