import { describe, expect, test } from "vitest";
import type { StoredItem } from "../items/item.ts";
import { orderOp } from "../testing/order-data.ts";
import { createOrderShop, exchangeOrders, type OrderShop, readSeen } from "../testing/order-shop.ts";
import { planWitness } from "./answer.ts";
import { planRequest } from "./append.ts";
import { viewOrder } from "./order.ts";

const us = () => createOrderShop("us-east-1#1");
const eu = () => createOrderShop("eu-west-1#1");

const itemsOf = (shop: OrderShop, ...kinds: readonly string[]): readonly StoredItem[] =>
  shop.items.dump("Orders").filter(({ sk }) => kinds.some((kind) => sk.startsWith(kind)));

const vectorOf = (items: readonly StoredItem[]) => viewOrder(readSeen(items));

async function paid(): Promise<OrderShop> {
  const shop = us();
  await shop.place();
  await shop.say(
    shop.claimed(),
    { type: "authorized" },
    { type: "committed" },
    { type: "cart-ended", outcome: "ordered" },
    { type: "captured" },
  );
  return shop;
}

describe("half of a transaction", () => {
  test("the log's first entry alone shows nothing yet, nor does what follows it", async () => {
    const shop = await paid();
    expect(vectorOf(itemsOf(shop, "EVENT"))).toEqual({ type: "incomplete", vector: {} });
    expect(vectorOf([])).toEqual({ type: "incomplete", vector: {} });
  });

  test("the placement alone is the order as it was placed", async () => {
    const shop = await paid();
    expect(vectorOf(itemsOf(shop, "PLACED"))).toMatchObject({
      type: "order",
      order: { state: "placed", vector: { [shop.me]: 1 }, total: { amountMinor: 2_500, currency: "EUR" } },
    });
  });

  test("what comes after a gap waits", async () => {
    const shop = await paid();
    const gap = shop.items.dump("Orders").filter(({ sk }) => sk !== `EVENT#${shop.me}#3`);
    expect(vectorOf(gap)).toMatchObject({
      order: {
        state: "placed",
        owner: shop.me,
        payment: { id: "pay_1", captured: false },
        vector: { [shop.me]: 2 },
      },
    });
    expect(shop.order()).toMatchObject({
      state: "paid",
      payment: { captured: true },
      vector: { [shop.me]: 6 },
    });
  });
});

describe("a witness", () => {
  test("stands for the placement whose region was lost, and the log goes on from it", async () => {
    const shop = await paid();
    const witness = eu();
    const { placed, allocations } = shop.seen();
    const [placement, allocation] = [placed.get(shop.me), allocations.get(shop.me)];
    if (placement === undefined || allocation === undefined) {
      throw new Error("unreachable");
    }
    const plan = planWitness(witness.seen(), witness.me, { placement, units: allocation.units, nowMs: 1 });
    expect(plan.type).toBe("write");
    expect(await witness.write({ writes: plan.type === "write" ? [plan.write] : [] })).toBe("written");
    expect(witness.order()).toMatchObject({ state: "placed", shown: shop.me, vector: { [shop.me]: 1 } });
    witness.items.load("Orders", itemsOf(shop, "EVENT"));
    expect({ ...witness.order() }).toEqual({ ...shop.order() });
  });

  test("counts once the placing region has said so", async () => {
    const shop = us();
    await shop.place({ durability: "two-regions" });
    expect(shop.order().durability).toEqual({ asked: "two-regions", reached: "one-region" });
    await shop.say({ type: "witnessed", by: eu().me });
    expect(shop.order().durability.reached).toBe("two-regions");
  });
});

describe("two placements of one generation", () => {
  async function both() {
    const [first, second] = [us(), eu()];
    await first.place({ quantity: 2 });
    second.nowMs += 5;
    await second.place({ quantity: 3, op: 11 });
    exchangeOrders(first, second);
    return { first, second };
  }

  test("are one order that is undecided, and shown as the earlier one", async () => {
    const { first, second } = await both();
    expect(second.order()).toMatchObject({ state: "placed", shown: first.me, total: { amountMinor: 2_500 } });
    expect(second.order().owner).toBeUndefined();
    expect(second.order()).toEqual(first.order());
  });

  test("are the winner's order from when anybody knows who has won", async () => {
    const { first, second } = await both();
    await first.say({ type: "claimed", winner: second.me, paymentId: "pay_1" });
    expect(first.order()).toMatchObject({
      shown: second.me,
      owner: second.me,
      total: { amountMinor: 3_750 },
    });
    await first.say({ type: "released", reason: "superseded" });
    expect(first.order()).toMatchObject({
      state: "placed",
      placements: [{ state: "superseded" }, { state: "placed" }],
    });
  });

  test("show what is seen while the winner's own placement is not", async () => {
    const first = us();
    await first.place();
    await first.say({ type: "claimed", winner: eu().me, paymentId: "pay_1" });
    expect(first.order()).toMatchObject({ state: "placed", shown: first.me, owner: eu().me });
  });

  test("move by the owner's log alone", async () => {
    const { first, second } = await both();
    await second.say({ type: "claimed", winner: second.me, paymentId: "pay_1" }, { type: "authorized" });
    await first.say({ type: "released", reason: "expired" });
    exchangeOrders(first, second);
    expect(first.order().state).toBe("authorized");
  });
});

describe("requests", () => {
  test("are pending until the owner's log answers, by stamp, and asked twice they are one", async () => {
    const [shop, other] = [await paid(), eu()];
    exchangeOrders(shop, other);
    const ask = (at: OrderShop, type: "cancel-requested" | "ship-requested", number: number) => {
      const request = { type, operationId: orderOp(number), by: "operator" as const };
      return planRequest(at.seen(), at.me, { request, nowMs: at.nowMs });
    };
    for (const plan of [ask(other, "ship-requested", 21)]) {
      await other.write({ writes: plan.type === "write" ? [plan.write] : [] });
    }
    for (const plan of [ask(shop, "cancel-requested", 20), ask(shop, "ship-requested", 21)]) {
      await shop.write({ writes: plan.type === "write" ? [plan.write] : [] });
    }
    exchangeOrders(shop, other);
    const pending = other.order().pending.map(({ operationId }) => operationId);
    expect([...pending].sort()).toEqual([orderOp(20), orderOp(21)]);
    await shop.say({ type: "shipped", request: orderOp(21) });
    await shop.say({ type: "rejected", request: orderOp(20), reason: "too-late" });
    exchangeOrders(shop, other);
    expect(other.order()).toMatchObject({ state: "shipped", pending: [] });
  });
});

test("what the machine refuses changes nothing", async () => {
  const shop = await paid();
  await shop.say({ type: "returned", request: orderOp(30) });
  expect(shop.order().state).toBe("paid");
});
