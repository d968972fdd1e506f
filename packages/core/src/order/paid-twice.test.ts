import { describe, expect, test } from "vitest";
import { orderOp } from "../testing/order-data.ts";
import { createOrderShop, exchangeOrders, type OrderShop } from "../testing/order-shop.ts";
import type { OrderFact } from "./events.ts";

const authorized: OrderFact = { type: "authorized" };
const committed: OrderFact = { type: "committed" };
const ended: OrderFact = { type: "cart-ended", outcome: "ordered" };

describe("two placements that have both won, as no provider should say", () => {
  const wonAlone = (shop: OrderShop): OrderFact => ({
    type: "claimed",
    winner: shop.me,
    paymentId: `of ${shop.me}`,
  });
  const paid = [authorized, committed, ended, { type: "captured" }] as const;

  async function both(...facts: readonly OrderFact[]) {
    const [first, second] = [createOrderShop("us-east-1#1"), createOrderShop("eu-west-1#1")];
    await first.place();
    await second.place({ op: 11, nowMs: first.nowMs + 1 });
    await first.say(wonAlone(first), ...paid);
    await second.say(wonAlone(second), ...facts);
    exchangeOrders(first, second);
    return { first, second };
  }

  test("the later one is called off and its money goes back, the earlier one goes on", async () => {
    const { first, second } = await both(...paid);
    const cancelled = { type: "cancelled", code: "paid-twice" } as const;
    expect(second.next()).toEqual({ type: "record", fact: cancelled });
    expect(first.next()).toEqual({ type: "close" });
    await second.say(cancelled);
    expect(second.next()).toMatchObject({ type: "refund", attempt: { paymentId: `of ${second.me}` } });
    await second.say({ type: "refunded" });
    expect(second.next().type).toBe("close");
    exchangeOrders(first, second);
    expect(second.order()).toEqual(first.order());
    expect(first.order()).toMatchObject({ owner: first.me, state: "paid", payment: { refunded: false } });
  });

  test.each<readonly [readonly OrderFact[], object]>([
    [[], { type: "release", reason: "cancelled" }],
    [[authorized], { type: "release", reason: "cancelled" }],
    [[authorized, committed, ended], { type: "cancel-payment" }],
  ])("also before it is paid: %j, then %s", async (facts, next) => {
    const { second } = await both(...facts);
    await second.say({ type: "cancelled", code: "paid-twice" });
    expect(second.next()).toMatchObject(next);
  });

  test("what was shipped was paid for, and what ended otherwise has nothing to call off", async () => {
    const shipped = await both(...paid, { type: "shipped", request: orderOp(21) });
    expect(shipped.second.next().type).toBe("close");
    const declined = await both({ type: "declined", code: "lost_card" });
    expect(declined.second.next()).toMatchObject({ type: "release", reason: "declined" });
  });
});
