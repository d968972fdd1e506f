import { describe, expect, test } from "vitest";
import { type CartShop, createCartShop, exchange, op } from "../testing/cart-shop.ts";
import { cartIds } from "../testing/cart-steps.ts";
import { planGuestMerge } from "./guest-merge.ts";
import { operationsPerItemMax, operationsPerWriteMax } from "./limits.ts";

const us = () => createCartShop("us-east-1#1");
const eu = () => createCartShop("eu-west-1#1");

async function fillGuest(shop: CartShop, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    expect(await shop.add(number, "LAMP", 1, cartIds.guest)).toBe("written");
  }
}

const planOf = (shop: CartShop, number: number) =>
  planGuestMerge(shop.seen(), shop.origin, {
    cartId: cartIds.main,
    operationId: op(number),
    guest: shop.seen(cartIds.guest),
    nowMs: shop.nowMs,
  });

describe("merging a guest's cart", () => {
  test("of many operations takes several writes, the cancelled ids in the first, and ends", async () => {
    const shop = us();
    await fillGuest(shop, 250);
    await shop.remove(900, "LAMP", cartIds.guest);
    for (let number = 300; number < 550; number += 1) {
      await shop.add(number, "TENT", 1, cartIds.guest);
    }
    expect(await shop.mergeOnce(1_000)).toBe("written");
    expect(shop.own()).toMatchObject({ n: operationsPerWriteMax });
    expect(shop.seen().get(shop.origin)?.cancelled.size).toBe(250);
    expect(await shop.merge(1_000)).toBe("done-already");
    expect(shop.lines()).toBe("TENT 250");
    expect(shop.own()).toMatchObject({ v: 3, n: 251, [`m#${op(1_000)}`]: cartIds.guest });
  });

  test("that was cut short goes on where it is sent again, and counts nothing twice", async () => {
    const [here, there] = [us(), eu()];
    await fillGuest(here, 150);
    await here.mergeOnce(1_000);
    expect(here.lines()).toBe("LAMP 100");
    exchange(here, there);
    expect(await there.merge(1_000)).toBe("done-already");
    expect(there.lines()).toBe("LAMP 150");
    exchange(here, there);
    expect(await here.merge(1_000)).toBe("done-already");
    expect(here.lines()).toBe("LAMP 150");
  });

  test("takes stragglers under a new id, and brings nothing back that was removed since", async () => {
    const shop = us();
    await shop.add(1, "LAMP", 2, cartIds.guest);
    await shop.merge(10);
    await shop.remove(11, "LAMP");
    await shop.add(2, "TENT", 1, cartIds.guest);
    expect(await shop.merge(10)).toBe("done-already");
    expect(shop.lines()).toBe("");
    await shop.merge(12);
    expect(shop.lines()).toBe("TENT 1");
    expect(shop.own()).toHaveProperty(`o#${op(2)}`);
    expect(shop.own()).not.toHaveProperty(`o#${op(1)}`);
  });

  test("leaves out markers and operations without units, and leaves the guest's cart as it is", async () => {
    const shop = us();
    await shop.remove(1, "LAMP", cartIds.guest);
    await shop.add(2, "LAMP", 1, cartIds.guest);
    const before = shop.own(cartIds.guest);
    await shop.merge(10);
    expect(Object.keys(shop.own() ?? {}).filter((name) => name.startsWith("o#"))).toEqual([`o#${op(2)}`]);
    expect(shop.own(cartIds.guest)).toEqual(before);
  });

  test("that nothing was seen of is nothing to do", async () => {
    const shop = us();
    expect(await shop.merge(10)).toBe("done-already");
    expect(shop.own()).toBeUndefined();
  });

  test("of a cart that is being checked out is refused, until that has ended", async () => {
    const shop = us();
    await shop.add(1, "LAMP", 2, cartIds.guest);
    await shop.begin(0, cartIds.guest);
    expect(planOf(shop, 10)).toEqual({ type: "cart-in-checkout" });
  });

  test("that does not fit as a whole copies nothing", async () => {
    const shop = us();
    await shop.add(9_000, "TENT", 1);
    await fillGuest(shop, operationsPerItemMax - 1);
    expect(planOf(shop, 10_000)).toEqual({
      type: "cart-full",
      of: "operations",
      limit: operationsPerItemMax,
    });
    expect(shop.own()).toMatchObject({ v: 1 });
    await shop.remove(10_001, "LAMP", cartIds.guest);
    expect(planOf(shop, 10_000).type).toBe("write");
  });

  test("with an id that stands for another merge is refused", async () => {
    const shop = us();
    await shop.add(1, "LAMP", 2, cartIds.guest);
    await shop.merge(10);
    const [guest] = shop.seen(cartIds.guest).values();
    const other =
      guest === undefined ? new Map() : new Map([[shop.origin, { ...guest, cartId: cartIds.main }]]);
    const merge = { cartId: cartIds.main, operationId: op(10), guest: other, nowMs: shop.nowMs };
    const plan = planGuestMerge(shop.seen(), shop.origin, merge);
    expect(plan).toEqual({ type: "operation-id-reused", taken: `merge|${cartIds.guest}` });
  });

  test("under the id of one of the guest's own operations is refused before anything is copied", async () => {
    const shop = us();
    await fillGuest(shop, 150);
    expect(planOf(shop, 0)).toMatchObject({ type: "operation-id-reused" });
    expect(shop.own()).toBeUndefined();
  });
});
