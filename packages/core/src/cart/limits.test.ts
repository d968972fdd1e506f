import { describe, expect, test } from "vitest";
import type { OperationId } from "../ids/ulid.ts";
import { itemBytes } from "../items/item-size.ts";
import { origins } from "../testing/arbitraries.ts";
import { createCartShop, exchange, op } from "../testing/cart-shop.ts";
import { cartIds } from "../testing/cart-steps.ts";
import { cartKey } from "./cart-item.ts";
import {
  cancelledPerItemMax,
  markersPerItemMax,
  operationsPerItemMax,
  operationsPerWriteMax,
} from "./limits.ts";

const ids = (count: number, from = 0): ReadonlySet<OperationId> =>
  new Set(Array.from({ length: count }, (_, number) => op(from + number)));

describe("the limits of a cart's item", () => {
  test("leave room, in a full item, to remove or order what four full regions hold", () => {
    const operations = [...ids(operationsPerItemMax + markersPerItemMax)];
    const live = operationsPerItemMax * origins.length;
    const item = {
      ...cartKey(cartIds.main, createCartShop("us-east-1#1").origin),
      ...Object.fromEntries(operations.map((id) => [`o#${id}`, `${"S".repeat(40)}|+|99`])),
      x: ids(cancelledPerItemMax + live, 10_000),
      "k#99999": ids(live, 20_000),
      v: Number.MAX_SAFE_INTEGER,
      n: operations.length,
      g: 99_999,
      touchedAt: Number.MAX_SAFE_INTEGER,
      expiresAt: Number.MAX_SAFE_INTEGER,
    };
    expect(itemBytes(item)).toBeLessThan(300_000); // DynamoDB takes 400 KB
  });

  test("keep one write that copies and drops as much as it may within what an update takes", async () => {
    const us = createCartShop("us-east-1#1");
    const eu = createCartShop("eu-west-1#1");
    for (let number = 0; number < operationsPerWriteMax + 20; number += 1) {
      await us.add(number, "LAMP", 1);
      await us.add(1_000 + number, "TENT", 1, cartIds.guest);
    }
    exchange(us, eu);
    await eu.remove(5_000, "LAMP");
    exchange(us, eu);
    expect(await us.mergeOnce(5_001)).toBe("written");
    expect(us.own()).toMatchObject({ n: operationsPerWriteMax + 20, v: operationsPerWriteMax + 21 });
    expect(us.lines()).toBe(`TENT ${operationsPerWriteMax}`);
    expect(await us.merge(5_001)).toBe("done-already");
    expect(us.own()).toMatchObject({ n: operationsPerWriteMax + 21 });
  });
});
