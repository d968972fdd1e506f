import { expect, test } from "vitest";
import { orderOp, orderTimeMs } from "../testing/order-data.ts";
import { createOrderShop, exchangeOrders } from "../testing/order-shop.ts";
import { orderHoldMs } from "./limits.ts";
import { shouldEndByMs } from "./overdue.ts";

const holdEndsAtMs = orderTimeMs + orderHoldMs;

async function confirmed() {
  const shop = createOrderShop("us-east-1#1");
  await shop.place();
  await shop.say(shop.claimed(), { type: "authorized" }, { type: "committed" });
  return shop;
}

test("a placement should be over when its hold ends, whatever was said by then", async () => {
  const shop = await confirmed();
  expect(shouldEndByMs(shop.seen(), shop.me)).toBe(holdEndsAtMs);
  shop.nowMs = orderTimeMs + 5;
  await shop.say({ type: "cancelled", request: orderOp(20) });
  expect(shouldEndByMs(shop.seen(), shop.me)).toBe(holdEndsAtMs);
});

test.each(["cancelled", "returned"] as const)(
  "one that is %s later has to give back money from then on",
  async (type) => {
    const shop = await confirmed();
    shop.nowMs = holdEndsAtMs + 86_400_000;
    await shop.say({ type, request: orderOp(20) });
    shop.nowMs += 60_000;
    await shop.say({ type: "refunded" });
    expect(shouldEndByMs(shop.seen(), shop.me)).toBe(holdEndsAtMs + 86_400_000);
  },
);

test("a region that has placed nothing has nothing to end", async () => {
  const [shop, other] = [await confirmed(), createOrderShop("eu-west-1#1")];
  exchangeOrders(shop, other);
  expect(shouldEndByMs(other.seen(), other.me)).toBeUndefined();
});
