import { describe, expect, test } from "vitest";
import { type CartId, isCartId } from "../ids/cart-id.ts";
import type { ItemValue, StoredItem } from "../items/item.ts";
import { operationId, origin, sku, ulidAt } from "../testing/arbitraries.ts";
import { createFakeItems } from "../testing/fake-items.ts";
import { cartExpiresAtSeconds } from "./access.ts";
import { addUpdate, explainAddRefusal, explainAddReuse, withdrawUpdate } from "./add.ts";
import { replicasOf, viewCart } from "./cart.ts";
import { type CartItem, cartKey, cartToItem, itemToCart } from "./cart-item.ts";
import { cancelledPerItemMax, operationsPerItemMax } from "./limits.ts";

const nowMs = 1_760_000_000_000;
const us = origin("us-east-1#1");
const eu = origin("eu-west-1#1");

function cartIdAt(ms: number): CartId {
  const text = `crt_${ulidAt(ms, 1)}_${ulidAt(ms, 2)}`;
  if (!isCartId(text)) {
    throw new Error(text);
  }
  return text;
}

const cartId = cartIdAt(nowMs);
const op = (number: number) => operationId(ulidAt(nowMs, number));

function item(at: typeof us, attributes: Record<string, ItemValue>): CartItem {
  const read = itemToCart({ ...cartKey(cartId, at), v: 1, ...attributes });
  if (!read.ok) {
    throw new Error(JSON.stringify(read.error));
  }
  return read.value;
}

const linesOf = (...items: CartItem[]) => viewCart(replicasOf(items)).lines;

describe("the value of a cart", () => {
  test("adds from two regions are summed", () => {
    expect(
      linesOf(item(us, { [`o#${op(1)}`]: "LAMP|+|2" }), item(eu, { [`o#${op(2)}`]: "LAMP|+|3" })),
    ).toEqual([{ sku: "LAMP", quantity: 5 }]);
  });

  test("one operation in two regions counts once", () => {
    const taken = { [`o#${op(1)}`]: "LAMP|+|2" };
    expect(linesOf(item(us, taken), item(eu, taken))).toEqual([{ sku: "LAMP", quantity: 2 }]);
  });

  test("of two sets the larger counts, and an add beside them is on top", () => {
    const cart = linesOf(
      item(us, { [`o#${op(1)}`]: "LAMP|=|4", [`o#${op(3)}`]: "LAMP|+|1" }),
      item(eu, { [`o#${op(2)}`]: "LAMP|=|7" }),
    );
    expect(cart).toEqual([{ sku: "LAMP", quantity: 8 }]);
  });

  test("what any region cancelled is gone, and a line without units is no line", () => {
    const cart = linesOf(
      item(us, { [`o#${op(1)}`]: "LAMP|+|4", [`o#${op(2)}`]: "DESK|=|0" }),
      item(eu, { x: new Set([op(1)]) }),
    );
    expect(cart).toEqual([]);
  });

  test("has the highest generation, and a checkout is open while one of that generation is", () => {
    const taken = new Set([op(1)]);
    const ended = viewCart(replicasOf([item(us, { g: 2 }), item(eu, { g: 1, "k#1": taken })]));
    expect(ended).toMatchObject({ generation: 2, checkoutOpen: false });
    const open = viewCart(replicasOf([item(us, { g: 2 }), item(eu, { g: 2, "k#2": taken })]));
    expect(open).toMatchObject({ generation: 2, checkoutOpen: true });
  });

  test("the marker of a removal counts for nothing", () => {
    expect(linesOf(item(us, { [`o#${op(1)}`]: "LAMP|-|0" }))).toEqual([]);
  });

  test("one id with two contents is settled alike in every order", () => {
    const left = item(us, { [`o#${op(1)}`]: "LAMP|+|1" });
    const right = item(eu, { [`o#${op(1)}`]: "LAMP|+|2" });
    expect(linesOf(left, right)).toEqual(linesOf(right, left));
    expect(linesOf(left, right)).toEqual([{ sku: "LAMP", quantity: 2 }]);
  });
});

describe("reading an item", () => {
  const good: StoredItem = { ...cartKey(cartId, us), v: 1 };

  test.each<[string, string, ItemValue]>([
    ["an unknown attribute", "colour", "red"],
    ["an operation of no SKU", `o#${op(1)}`, "lamp|+|1"],
    ["an operation of no kind", `o#${op(1)}`, "LAMP|*|1"],
    ["a removal's marker with units", `o#${op(1)}`, "LAMP|-|1"],
    ["a merge of no cart", `m#${op(1)}`, "LAMP"],
    ["a merge with an id that is none", "m#1", cartId],
    ["an add of nothing", `o#${op(1)}`, "LAMP|+|0"],
    ["a quantity above 99", `o#${op(1)}`, "LAMP|+|100"],
    ["an operation of two kinds", `o#${op(1)}`, "LAMP|+=|1"],
    ["an operation with a part too few", `o#${op(1)}`, "LAMP|+=1"],
    ["an operation of one part", `o#${op(1)}`, "LAMP"],
    ["an operation with more parts", `o#${op(1)}`, "LAMP|+|1|1"],
    ["an operation id that is none", "o#1", "LAMP|+|1"],
    ["cancelled ids that are no set", "x", "1"],
    ["cancelled ids that are none", "x", new Set(["1"])],
    ["a generation that is no number", "k#a", new Set([op(1)])],
    ["a counter that is no integer", "v", 1.5],
    ["a counter of 0", "v", 0],
    ["a counter below 0", "v", -1],
  ])("%s is a failure that names the attribute", (_what, attribute, value) => {
    const read = itemToCart({ ...good, [attribute]: value });
    expect(read.ok ? undefined : read.error.attribute).toBe(attribute);
  });

  test("another item's key is a failure", () => {
    expect(itemToCart({ ...good, pk: "CART#1" }).ok).toBe(false);
    expect(itemToCart({ ...good, sk: "R#us-east-1" }).ok).toBe(false);
  });

  test("a whole item reads back", () => {
    const whole = item(us, {
      v: 9,
      n: 4,
      g: 1,
      [`o#${op(1)}`]: "LAMP|+|4",
      [`o#${op(2)}`]: "LAMP|=|0",
      [`o#${op(4)}`]: "LAMP|-|0",
      [`m#${op(5)}`]: cartId,
      x: new Set([op(3)]),
      "k#0": new Set([op(3)]),
      touchedAt: nowMs,
      expiresAt: 5,
    });
    expect(itemToCart(cartToItem(whole))).toEqual({ ok: true, value: whole });
    expect(cartToItem(whole)).toMatchObject({ n: 4, "k#0": new Set([op(3)]), [`o#${op(4)}`]: "LAMP|-|0" });
  });
});

describe("the add", () => {
  const line = (number: number, quantity = 1) => ({
    cartId,
    operationId: op(number),
    sku: sku("LAMP"),
    quantity,
    nowMs,
  });

  test("sent again writes nothing and is explained as done", async () => {
    const items = createFakeItems(us);
    await items.update("Carts", cartKey(cartId, us), addUpdate(line(1)));
    const again = await items.update("Carts", cartKey(cartId, us), addUpdate(line(1)));
    expect(again).toMatchObject({ ok: true, value: { type: "refused", item: { v: 1, n: 1 } } });
    const stored = items.dump("Carts")[0];
    expect(explainAddRefusal(line(1), stored)).toEqual({ type: "done-already" });
    expect(explainAddRefusal(line(1, 2), stored)).toEqual({ type: "operation-id-reused", taken: "LAMP|+|1" });
  });

  test("of a cancelled operation is done, and does not come to life", async () => {
    const items = createFakeItems(us);
    items.load("Carts", [cartToItem(item(us, { x: new Set([op(1)]) }))]);
    const outcome = await items.update("Carts", cartKey(cartId, us), addUpdate(line(1)));
    expect(outcome).toMatchObject({ ok: true, value: { type: "refused" } });
    expect(explainAddRefusal(line(1), items.dump("Carts")[0])).toEqual({ type: "done-already" });
  });

  test("is refused by a full item, and by the last place it is not", async () => {
    const items = createFakeItems(us);
    for (let number = 0; number < operationsPerItemMax; number += 1) {
      const outcome = await items.update("Carts", cartKey(cartId, us), addUpdate(line(number)));
      expect(outcome).toMatchObject({ ok: true, value: { type: "written" } });
    }
    const outcome = await items.update("Carts", cartKey(cartId, us), addUpdate(line(operationsPerItemMax)));
    expect(outcome).toMatchObject({ ok: true, value: { type: "refused" } });
    expect(explainAddRefusal(line(operationsPerItemMax), items.dump("Carts")[0])).toEqual({
      type: "cart-full",
      of: "operations",
      limit: operationsPerItemMax,
    });
    expect(explainAddRefusal(line(operationsPerItemMax), undefined)).toEqual({ type: "unexplained" });
  });

  test("is refused by an item full of cancelled ids, and by the last place it is not", async () => {
    const cancelled = Array.from({ length: cancelledPerItemMax }, (_, number) => op(1_000 + number));
    const items = createFakeItems(us);
    items.load("Carts", [cartToItem(item(us, { x: new Set(cancelled) }))]);
    expect(await items.update("Carts", cartKey(cartId, us), addUpdate(line(1)))).toMatchObject({
      value: { type: "refused" },
    });
    expect(explainAddRefusal(line(1), items.dump("Carts")[0])).toEqual({
      type: "cart-full",
      of: "cancelled",
      limit: cancelledPerItemMax,
    });
    items.load("Carts", [cartToItem(item(us, { x: new Set(cancelled.slice(1)) }))]);
    expect(await items.update("Carts", cartKey(cartId, us), addUpdate(line(1)))).toMatchObject({
      value: { type: "written" },
    });
  });

  test("taken back is gone with its place, and only as long as it is there", async () => {
    const items = createFakeItems(us);
    const send = (update: ReturnType<typeof addUpdate>) => items.update("Carts", cartKey(cartId, us), update);
    await send(addUpdate(line(1)));
    await send(addUpdate(line(2)));
    expect(await send(withdrawUpdate(line(1, 2)))).toMatchObject({ value: { type: "refused" } });
    expect(await send(withdrawUpdate(line(1)))).toMatchObject({
      value: { type: "written", item: { v: 3, n: 1, [`o#${op(2)}`]: "LAMP|+|1" } },
    });
    expect(items.dump("Carts")[0]).not.toHaveProperty(`o#${op(1)}`);
    expect(await send(withdrawUpdate(line(1)))).toMatchObject({ value: { type: "refused" } });
  });

  test.each<[string, Record<string, ItemValue>, string | undefined]>([
    ["the same add", { [`o#${op(1)}`]: "LAMP|+|1" }, undefined],
    ["a cancelled operation", { x: new Set([op(1)]) }, undefined],
    ["another add", { [`o#${op(1)}`]: "AXE|+|1" }, "AXE|+|1"],
    ["a set", { [`o#${op(1)}`]: "LAMP|=|1" }, "LAMP|=|1"],
    ["a removal", { [`o#${op(1)}`]: "LAMP|-|0" }, "LAMP|-|0"],
    ["a merge", { [`m#${op(1)}`]: cartId }, `merge|${cartId}`],
  ])("whose id is %s in another region is told so", (_what, attributes, taken) => {
    const replicas = replicasOf([item(us, { [`o#${op(1)}`]: "LAMP|+|1" }), item(eu, attributes)]);
    const reuse = explainAddReuse(line(1), replicas, us);
    expect(reuse).toEqual(taken === undefined ? undefined : { type: "operation-id-reused", taken });
  });

  test("gives every region's item one expiry: seven days after the last write that anyone could make", () => {
    const late = addUpdate({ ...line(1), nowMs: nowMs + 50 * 86_400_000 });
    expect(late.set).toMatchObject({ expiresAt: cartExpiresAtSeconds(cartId) });
    expect(cartExpiresAtSeconds(cartId) * 1000 - nowMs).toBe((60 + 7) * 86_400_000);
  });
});
