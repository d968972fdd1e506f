import { describe, expect, test } from "vitest";
import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";
import { itemBytes, itemBytesMax } from "../items/item-size.ts";
import { origin, sku } from "../testing/arbitraries.ts";
import { createCartShop, exchange, op } from "../testing/cart-shop.ts";
import { cartIds } from "../testing/cart-steps.ts";
import { type CartItem, cartToItem } from "./cart-item.ts";
import {
  cancelledPerItemMax,
  markersPerItemMax,
  operationsPerItemMax,
  operationsPerWriteMax,
} from "./limits.ts";

const ids = (count: number, from = 0): ReadonlySet<OperationId> =>
  new Set(Array.from({ length: count }, (_, number) => op(from + number)));

const longestSku = sku("S".repeat(40));

/** Four regions and a second incarnation of one: the limits leave room for as many. */
const places = ["us-east-1#1", "eu-west-1#1", "ap-south-1#1", "ap-east-1#1", "us-east-1#2"].map(origin);

/** An origin's item that takes nothing new any more, no id of which any other origin has. */
function fullItem(at: Origin, generation: number): CartItem {
  const first = 100_000 * (1 + places.indexOf(at));
  const operation = { sku: longestSku, kind: "+", quantity: 99 } as const;
  return {
    cartId: cartIds.main,
    origin: at,
    counter: Number.MAX_SAFE_INTEGER - 10,
    generation,
    operations: new Map([...ids(operationsPerItemMax, first)].map((id) => [id, operation])),
    merges: new Map([...ids(markersPerItemMax, first + 10_000)].map((id) => [id, cartIds.guest])),
    cancelled: ids(cancelledPerItemMax, first + 20_000),
    ordered: new Map(),
    touchedAtMs: Number.MAX_SAFE_INTEGER,
    expiresAtSeconds: Number.MAX_SAFE_INTEGER,
  };
}

describe("the limits of a cart's item", () => {
  test("leave room for everything that full items of all origins can make one hold", () => {
    const [here = origin("us-east-1#1")] = places;
    const all = places.map((at) => fullItem(at, 99_999));
    const live = all.flatMap(({ operations }) => [...operations.keys()]);
    const item = cartToItem({
      ...fullItem(here, 99_999),
      cancelled: new Set([...live, ...all.flatMap(({ cancelled }) => [...cancelled])]),
      ordered: new Map([[99_999, new Set(live)]]),
    });
    expect(itemBytes(item)).toBeLessThan(itemBytesMax);
  });

  test("let a full item that is a checkout behind catch up, remove and order what four others hold", async () => {
    const shop = createCartShop("us-east-1#1");
    const all = places.map((at) => fullItem(at, at === shop.origin ? 0 : 1));
    shop.items.load("Carts", all.map(cartToItem));
    expect(await shop.remove(1, "TENT")).toBe("written");
    const taken = () => shop.seen().get(shop.origin)?.cancelled.size;
    expect(taken()).toBe(cancelledPerItemMax * places.length);
    expect(await shop.begin(1)).toBe("written");
    expect(await shop.remove(2, longestSku)).toBe("written");
    expect(taken()).toBe((cancelledPerItemMax + operationsPerItemMax) * places.length);
    expect(await shop.ordered(1, shop)).toBe("written");
    expect(shop.lines()).toBe("");
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
