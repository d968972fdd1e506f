import { describe, expect, test } from "vitest";
import { isStringSet } from "../items/item.ts";
import { sku } from "../testing/arbitraries.ts";
import { readCart } from "../testing/cart-invariants.ts";
import { type CartShop, createCartShop, exchange, op } from "../testing/cart-shop.ts";
import { cartIds } from "../testing/cart-steps.ts";
import { cartToItem } from "./cart-item.ts";
import { planRemove, planSet, planTidy } from "./change.ts";
import {
  cancelledPerItemMax,
  markerKeptMs,
  markersPerItemMax,
  operationsPerItemMax,
  operationsPerWriteMax,
} from "./limits.ts";

const us = () => createCartShop("us-east-1#1");
const eu = () => createCartShop("eu-west-1#1");

async function addMany(shop: CartShop, count: number, text = "LAMP"): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    expect(await shop.add(10_000 + number, text, 1)).toBe("written");
  }
}

/** Gives the item that many cancelled ids of the past. */
function burden(shop: CartShop, count: number): void {
  const own = shop.own();
  const cancelled = new Set(Array.from({ length: count }, (_, number) => op(50_000 + number)));
  if (own !== undefined) {
    const cart = readCart(own);
    shop.items.load("Carts", [
      cartToItem({ ...cart, cancelled: new Set([...cancelled, ...cart.cancelled]) }),
    ]);
  }
}

const namesOf = (shop: CartShop, prefix: string) =>
  Object.keys(shop.own() ?? {}).filter((name) => name.startsWith(prefix));

describe("a removal", () => {
  test("drops what it cancels of its own item, and says so once", async () => {
    const shop = us();
    await shop.add(1, "LAMP", 2);
    await shop.add(2, "TENT", 1);
    expect(await shop.remove(3, "LAMP")).toBe("written");
    expect(namesOf(shop, "o#")).toEqual([`o#${op(2)}`, `o#${op(3)}`]);
    expect(shop.own()).toMatchObject({ v: 3, n: 2, x: new Set([op(1)]), [`o#${op(3)}`]: "LAMP|-|0" });
    expect(await shop.remove(3, "LAMP")).toBe("done-already");
    expect(await shop.add(1, "LAMP", 2)).toBe("done-already");
    expect(shop.lines()).toBe("TENT 1");
  });

  test("sent again takes nothing that came after it, in the same region or where it is known", async () => {
    const [here, there] = [us(), eu()];
    await here.remove(1, "LAMP");
    await here.add(2, "LAMP", 1);
    exchange(here, there);
    expect(await here.remove(1, "LAMP")).toBe("done-already");
    expect(await there.remove(1, "LAMP")).toBe("done-already");
    expect(here.lines()).toBe("LAMP 1");
  });

  test("takes over what another region cancelled of its own operations, and so makes room", async () => {
    const [here, there] = [us(), eu()];
    await here.add(1, "LAMP", 2);
    exchange(here, there);
    await there.remove(2, "LAMP");
    exchange(here, there);
    await here.remove(3, "TENT");
    expect(namesOf(here, "o#")).toEqual([`o#${op(3)}`]);
    expect(here.own()).toMatchObject({ n: 1, x: new Set([op(1)]) });
  });

  test("of many operations drops some now and the rest with the changes after it", async () => {
    const shop = us();
    await addMany(shop, operationsPerWriteMax + 20);
    await shop.remove(1, "LAMP");
    expect(shop.lines()).toBe("");
    expect(shop.own()).toMatchObject({ n: 21 });
    await shop.remove(2, "LAMP");
    expect(shop.own()).toMatchObject({ n: 2 });
  });

  test("passes where the cart is full, and makes room for the next add", async () => {
    const shop = us();
    await addMany(shop, operationsPerItemMax);
    expect(await shop.add(1, "TENT", 1)).toBe("cart-full");
    expect(await shop.remove(2, "LAMP")).toBe("written");
    expect(await shop.add(1, "TENT", 1)).toBe("written");
    burden(shop, cancelledPerItemMax);
    expect(await shop.remove(3, "TENT")).toBe("written");
    expect(shop.lines()).toBe("");
  });

  test("leaves a bounded number of markers, and none whose id the door refuses", async () => {
    const shop = us();
    for (let number = 0; number < markersPerItemMax + 5; number += 1) {
      await shop.remove(number, "LAMP");
    }
    expect(namesOf(shop, "o#")).toHaveLength(markersPerItemMax);
    shop.nowMs += markerKeptMs;
    await shop.remove(9_999, "LAMP");
    expect(namesOf(shop, "o#")).toEqual([`o#${op(9_999)}`]);
    expect(shop.own()).toMatchObject({ n: 1 });
  });
});

describe("the markers of removals, where there are more than an item keeps,", () => {
  test("go oldest first: a retry of a late removal is still known", async () => {
    const shop = us();
    for (let number = 0; number <= markersPerItemMax; number += 1) {
      await shop.remove(number, "LAMP");
    }
    await shop.add(9_000, "LAMP", 2);
    expect(await shop.remove(markersPerItemMax, "LAMP")).toBe("done-already");
    expect(await shop.remove(markersPerItemMax - 1, "LAMP")).toBe("done-already");
    expect(shop.lines()).toBe("LAMP 2");
  });
});

describe("a set", () => {
  test("replaces what it has seen, once", async () => {
    const shop = us();
    await shop.add(1, "LAMP", 2);
    expect(await shop.set(2, "LAMP", 7)).toBe("written");
    await shop.add(3, "LAMP", 1);
    expect(await shop.set(2, "LAMP", 7)).toBe("done-already");
    expect(shop.lines()).toBe("LAMP 8");
  });

  test("to 0 leaves nothing of what it has seen, and is known", async () => {
    const shop = us();
    await shop.add(1, "LAMP", 2);
    await shop.set(2, "LAMP", 0);
    expect(shop.lines()).toBe("");
    expect(shop.own()).toMatchObject({ [`o#${op(2)}`]: "LAMP|=|0" });
    expect(await shop.set(2, "LAMP", 1)).toBe("operation-id-reused");
  });

  test("retried in a region that has not seen it counts once, in one that has it is done", async () => {
    const [here, there] = [us(), eu()];
    await here.set(1, "LAMP", 7);
    await there.set(1, "LAMP", 7);
    exchange(here, there);
    expect(there.lines()).toBe("LAMP 7");
    expect(await there.set(1, "LAMP", 7)).toBe("done-already");
  });

  test("cancelled since is done, and does not come to life", async () => {
    const [here, there] = [us(), eu()];
    await here.set(1, "LAMP", 7);
    await here.remove(2, "LAMP");
    exchange(here, there);
    expect(await there.set(1, "LAMP", 7)).toBe("done-already");
    expect(there.lines()).toBe("");
  });

  test("is refused where the item is full of operations or of cancelled ids, unless it makes room", async () => {
    const shop = us();
    await addMany(shop, operationsPerItemMax);
    const line = shop.change(1, "TENT");
    const plan = planSet(shop.seen(), shop.origin, { ...line, quantity: 1 });
    expect(plan).toEqual({ type: "cart-full", of: "operations", limit: operationsPerItemMax });
    expect(await shop.set(2, "LAMP", 5)).toBe("written");

    const old = us();
    await old.add(1, "LAMP", 1);
    burden(old, cancelledPerItemMax);
    const one = { ...old.change(2, "LAMP"), quantity: 2 };
    const passed = { type: "cart-full", of: "cancelled", limit: cancelledPerItemMax };
    expect(planSet(old.seen(), old.origin, one)).toEqual(passed);
    expect(await old.set(2, "LAMP", 2)).toBe("cart-full");
    expect(await old.add(3, "LAMP", 2)).toBe("cart-full");

    const younger = us();
    await younger.add(1, "LAMP", 1);
    burden(younger, cancelledPerItemMax - 1);
    expect(await younger.set(2, "LAMP", 2)).toBe("written");
  });

  test("of a quantity that no line has is a bug", () => {
    const shop = us();
    const line = { ...shop.change(1, "LAMP"), quantity: 100 };
    expect(() => planSet(shop.seen(), shop.origin, line)).toThrow("LAMP|=|100");
  });
});

describe("tidying", () => {
  const plan = (shop: CartShop) => planTidy(shop.seen(), shop.origin, shop.change(0, "LAMP"));
  const tidy = async (shop: CartShop) => {
    const update = plan(shop);
    return update === undefined ? "nothing" : shop.apply({ type: "write", update });
  };

  test("makes room for adds where another region removed what a full item holds", async () => {
    const [here, there] = [us(), eu()];
    await addMany(here, operationsPerItemMax);
    exchange(here, there);
    await there.remove(1, "LAMP");
    expect(plan(here)).toBeUndefined(); // nothing has arrived here of the removal
    exchange(here, there);
    expect(await here.add(2, "TENT", 1)).toBe("cart-full");
    expect(await tidy(here)).toBe("written");
    expect(here.own()).toMatchObject({ n: operationsPerItemMax - operationsPerWriteMax });
    expect(await here.add(2, "TENT", 1)).toBe("written");
    exchange(here, there);
    expect([here.lines(), there.lines()]).toEqual(["TENT 1", "TENT 1"]);
  });

  test("comes to an end, and takes nothing that is live", async () => {
    const shop = us();
    await addMany(shop, operationsPerWriteMax * 2 + 20);
    await shop.remove(1, "LAMP");
    await shop.add(2, "TENT", 1);
    expect([await tidy(shop), await tidy(shop), await tidy(shop)]).toEqual(["written", "written", "nothing"]);
    expect(shop.lines()).toBe("TENT 1");
    expect(shop.own()).toMatchObject({ n: 2 });
  });

  test("is nothing to do where cancelled ids fill the item, or nobody wrote it", async () => {
    const [here, there] = [us(), eu()];
    await here.add(1, "LAMP", 1);
    exchange(here, there);
    await there.remove(2, "LAMP");
    exchange(here, there);
    burden(here, cancelledPerItemMax - 2);
    expect(plan(here)).toBeDefined();
    burden(here, cancelledPerItemMax - 1);
    expect(plan(here)).toBeUndefined();
    expect(plan(us())).toBeUndefined();
  });
});

describe("an operation id", () => {
  test("taken with two contents in two regions stands for the greater one in both", async () => {
    const [here, there] = [us(), eu()];
    await here.set(7, "LAMP", 2);
    await there.set(7, "LAMP", 5);
    exchange(here, there);
    for (const shop of [here, there]) {
      expect(await shop.set(7, "LAMP", 5)).toBe("done-already");
      expect(await shop.set(7, "LAMP", 2)).toBe("operation-id-reused");
      expect(shop.lines()).toBe("LAMP 5");
    }
  });

  test("that stands for something else is refused, whatever it stands for", async () => {
    const [here, there] = [us(), eu()];
    await here.add(1, "LAMP", 2);
    await here.remove(2, "LAMP");
    await here.add(3, "TENT", 1, cartIds.guest);
    await here.merge(4);
    exchange(here, there);
    for (const shop of [here, there]) {
      expect(await shop.set(2, "LAMP", 2)).toBe("operation-id-reused");
      expect(await shop.remove(3, "TENT")).toBe("operation-id-reused");
      expect(await shop.remove(4, "LAMP")).toBe("operation-id-reused");
      expect(await shop.set(4, "LAMP", 1)).toBe("operation-id-reused");
    }
    expect(await here.add(2, "LAMP", 2)).toBe("operation-id-reused");
    expect(await here.add(4, "LAMP", 2)).toBe("operation-id-reused");
    const reused = planRemove(here.seen(), here.origin, here.change(4, "LAMP"));
    expect(reused).toEqual({ type: "operation-id-reused", taken: `merge|${cartIds.guest}` });
  });
});

describe("a plan", () => {
  test("is refused once the item has changed, and the next plan sees why", async () => {
    const shop = us();
    await shop.add(1, "LAMP", 2);
    const stale = planRemove(shop.seen(), shop.origin, shop.change(2, "LAMP"));
    await shop.add(3, "LAMP", 1);
    expect(await shop.apply(stale)).toBe("refused");
    expect(await shop.remove(2, "LAMP")).toBe("written");
    const cancelled = shop.own()?.["x"];
    expect(isStringSet(cancelled) && cancelled.size).toBe(2);
  });

  test("for a cart that nobody wrote holds only while nobody has", async () => {
    const shop = us();
    const first = planSet(shop.seen(), shop.origin, { ...shop.change(1, "LAMP"), quantity: 2 });
    const second = planSet(shop.seen(), shop.origin, { ...shop.change(2, "TENT"), quantity: 2 });
    expect(await shop.apply(first)).toBe("written");
    expect(await shop.apply(second)).toBe("refused");
    expect(sku("LAMP")).toBe(shop.view().lines[0]?.sku);
  });
});
