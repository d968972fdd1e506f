import { describe, expect, test } from "vitest";
import { createOrderShop, exchangeOrders, type OrderShop } from "../testing/order-shop.ts";
import type { OrderFact } from "./events.ts";
import { paidTwice } from "./order.ts";

const paid: readonly OrderFact[] = [
  { type: "authorized" },
  { type: "committed" },
  { type: "cart-ended", outcome: "ordered" },
  { type: "captured" },
];
const failed = { type: "cart-ended", outcome: "failed" } as const;
const declined: readonly OrderFact[] = [
  { type: "declined", code: "lost_card" },
  { type: "released", reason: "declined" },
  failed,
  { type: "voided" },
];
const expired: readonly OrderFact[] = [{ type: "released", reason: "expired" }, failed, { type: "voided" }];

function wonAlone(shop: OrderShop): OrderFact {
  return { type: "claimed", winner: shop.me, paymentId: `of ${shop.me}` };
}

async function both(earlier: readonly OrderFact[], later: readonly OrderFact[]) {
  const [first, second] = [createOrderShop("us-east-1#1"), createOrderShop("eu-west-1#1")];
  await first.place();
  await second.place({ op: 11, nowMs: first.nowMs + 1 });
  await first.say(wonAlone(first), ...earlier);
  await second.say(wonAlone(second), ...later);
  exchangeOrders(first, second);
  return { first, second };
}

describe("two placements that have both won, as no provider should say", () => {
  test.each<readonly [string, readonly OrderFact[]]>([
    ["paid", paid],
    ["declined", declined],
    ["expired", expired],
    ["not decided", []],
  ])(
    "the later one that is paid stays so where the earlier one is %s, and both are named",
    async (_, facts) => {
      const { first, second } = await both(facts, paid);
      expect(second.next()).toEqual({ type: "close" });
      for (const shop of [first, second]) {
        expect(paidTwice(shop.seen())).toMatchObject([
          { origin: first.me, paymentId: `of ${first.me}` },
          { origin: second.me, paymentId: `of ${second.me}`, state: "paid" },
        ]);
      }
    },
  );

  test("are named where the earlier one alone is paid", async () => {
    const { first, second } = await both(paid, declined);
    expect(first.next()).toEqual({ type: "close" });
    expect(paidTwice(second.seen())).toHaveLength(2);
  });

  test("need nobody while neither has sold", async () => {
    const { first } = await both(declined, expired);
    expect(paidTwice(first.seen())).toEqual([]);
  });
});

test("an order with one winner is not paid twice", async () => {
  const [first, second] = [createOrderShop("us-east-1#1"), createOrderShop("eu-west-1#1")];
  await first.place();
  await second.place({ op: 11, nowMs: first.nowMs + 1 });
  await first.say(wonAlone(first), ...paid);
  await second.say(wonAlone(first), { type: "released", reason: "superseded" });
  exchangeOrders(first, second);
  expect(paidTwice(second.seen())).toEqual([]);
});
