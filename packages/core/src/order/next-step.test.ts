import { describe, expect, test } from "vitest";
import type { Payment } from "../ports/payments.ts";
import { orderOf, orderOp } from "../testing/order-data.ts";
import { createOrderShop, exchangeOrders, type OrderShop } from "../testing/order-shop.ts";
import { planRequest } from "./append.ts";
import type { OrderFact } from "./events.ts";
import { orderDueAfterMs, orderHoldMs, paymentMarginMs } from "./limits.ts";
import type { OrderStep, PaymentSight } from "./steps.ts";

const us = () => createOrderShop("us-east-1#1");
const eu = () => createOrderShop("eu-west-1#1");

async function placed(...facts: readonly OrderFact[]): Promise<OrderShop> {
  const shop = us();
  await shop.place();
  await shop.say(...facts);
  return shop;
}

const claimed: OrderFact = { type: "claimed", winner: us().me, paymentId: "pay_1" };
const authorized: OrderFact = { type: "authorized" };
const committed: OrderFact = { type: "committed" };
const ended: OrderFact = { type: "cart-ended", outcome: "ordered" };

/** `record claimed`, `release expired`, `wait shopper`, or the step's type. */
function nameOf(step: OrderStep): string {
  switch (step.type) {
    case "record":
    case "decide":
      return `${step.type} ${step.fact.type}`;
    case "release":
      return `release ${step.reason}`;
    case "end-cart":
      return `end-cart ${step.outcome}`;
    case "wait":
      return `wait ${step.for}`;
    default:
      return step.type;
  }
}

async function ask(
  shop: OrderShop,
  type: "cancel-requested" | "ship-requested",
  number: number,
): Promise<void> {
  const request = { type, operationId: orderOp(number), by: "shopper" as const };
  const plan = planRequest(shop.seen(), shop.me, { request, nowMs: shop.nowMs });
  expect(plan.type).toBe("write");
  await shop.write({ writes: plan.type === "write" ? [plan.write] : [] });
}

type Sight = Partial<Payment> | "out-of-reach" | undefined;

/** What was said, when it is asked, how the payment is, and the step. */
const cases: readonly (readonly [readonly OrderFact[], number, Sight, string])[] = [
  [[], 0, undefined, "claim"],
  [[], 0, {}, "record claimed"],
  [[], 0, "out-of-reach", "wait provider"],
  [[], orderHoldMs - 1, "out-of-reach", "wait provider"],
  [[], orderHoldMs, "out-of-reach", "release expired"],
  [[], orderHoldMs, undefined, "claim"],
  [[claimed], 0, undefined, "authorize"],
  [[claimed], orderHoldMs - paymentMarginMs - 1, undefined, "authorize"],
  [[claimed], orderHoldMs - paymentMarginMs, undefined, "read-payment"],
  [[claimed], orderHoldMs - paymentMarginMs, {}, "wait shopper"],
  [[claimed], orderHoldMs, {}, "release expired"],
  [[claimed], 0, { status: "needs-action" }, "wait shopper"],
  [[claimed], 0, { status: "processing" }, "wait shopper"],
  [[claimed], orderHoldMs, { status: "needs-action" }, "release expired"],
  [[claimed], orderHoldMs, { status: "processing" }, "release expired"],
  [[claimed], orderHoldMs, { status: "authorized" }, "record authorized"],
  [[claimed], orderHoldMs, "out-of-reach", "release expired"],
  [[claimed], 0, "out-of-reach", "wait provider"],
  [[claimed], 0, { declineCode: "lost_card" }, "record declined"],
  [[claimed], 0, { status: "cancelled" }, "record declined"],
  [[claimed, authorized], orderHoldMs + 1, undefined, "commit"],
  [[claimed, authorized], 0, { status: "cancelled" }, "record declined"],
  [[claimed, authorized, committed], 0, undefined, "end-cart ordered"],
  [[claimed, authorized, committed, ended], 0, undefined, "capture"],
  [[claimed, authorized, committed, ended], 0, "out-of-reach", "wait provider"],
  [[claimed, authorized, committed, ended], 0, { status: "captured" }, "record captured"],
  [[claimed, authorized, committed, ended], 0, { status: "cancelled" }, "record cancelled"],
  [[claimed, authorized, committed, ended, { type: "captured" }], 0, undefined, "close"],
  [[claimed, { type: "declined", code: "lost_card" }], 0, undefined, "release declined"],
  [[claimed, { type: "released", reason: "expired" }], 0, undefined, "end-cart failed"],
  [[{ type: "released", reason: "expired" }], 0, undefined, "claim"],
];

describe("a placement that has won, or may", () => {
  test.each(cases)("%j at %d ms, the payment %j: %s", async (facts, ms, sight, expected) => {
    const shop = await placed(...facts);
    shop.nowMs += ms;
    const payment: PaymentSight | undefined = typeof sight === "object" ? shop.payment(sight) : sight;
    expect(nameOf(shop.next(payment))).toBe(expected);
  });

  test.each<readonly [Sight, string]>([
    [undefined, "cancel-payment"],
    [{ status: "authorized" }, "cancel-payment"],
    [{ status: "processing" }, "wait provider"],
    ["out-of-reach", "wait provider"],
    [{ status: "cancelled" }, "record voided"],
    [{ status: "captured" }, "refund"],
    [{ status: "captured", refundedMinor: 1 }, "refund"],
    [{ status: "captured", refundedMinor: 2_499 }, "refund"],
    [{ status: "captured", refundedMinor: 2_500 }, "record refunded"],
  ])("its units gone back, the payment %j: %s", async (sight, expected) => {
    const shop = await placed(
      claimed,
      { type: "released", reason: "expired" },
      { type: "cart-ended", outcome: "failed" },
    );
    expect(nameOf(shop.next(typeof sight === "object" ? shop.payment(sight) : sight))).toBe(expected);
  });

  test("waits for the shopper until the hold is over, for the provider a while", async () => {
    const shop = await placed(claimed);
    expect(shop.next(shop.payment({ status: "needs-action" }))).toMatchObject({
      untilMs: shop.nowMs + orderHoldMs,
    });
    expect(shop.next("out-of-reach")).toMatchObject({ untilMs: shop.nowMs + orderDueAfterMs });
  });

  test("sends the provider what it needs", async () => {
    const shop = await placed();
    expect(shop.next()).toEqual({
      type: "claim",
      claim: { orderId: orderOf(0), placement: shop.me, amount: { amountMinor: 2_500, currency: "EUR" } },
    });
    await shop.say(claimed);
    expect(shop.next()).toMatchObject({ attempt: { paymentId: "pay_1", attempt: 0, method: "pm_card" } });
  });

  test("a payment of another order is a bug", async () => {
    const shop = await placed();
    expect(() => shop.next(shop.payment({ orderId: orderOf(1) }))).toThrow("another order");
  });
});

describe("a placement that has lost", () => {
  test("gives its units back, waits for the winner's end, and ends its cart the same way", async () => {
    const [winner, loser] = [await placed(), eu()];
    await loser.place({ op: 11 });
    await loser.say({ ...claimed, winner: winner.me } as OrderFact);
    expect(nameOf(loser.next())).toBe("release superseded");
    await loser.say({ type: "released", reason: "superseded" });
    expect(nameOf(loser.next())).toBe("wait winner");
    exchangeOrders(winner, loser);
    expect(nameOf(loser.next())).toBe("wait winner");
    await winner.say(claimed, authorized, committed);
    exchangeOrders(winner, loser);
    expect(loser.next()).toMatchObject({
      type: "end-cart",
      outcome: "ordered",
      winner: winner.me,
      generation: 0,
    });
    await loser.say(ended);
    expect(nameOf(loser.next())).toBe("close");
  });

  test("learns it from the winner's log, and asks no provider who was first", async () => {
    const [winner, loser] = [await placed(claimed), eu()];
    await loser.place({ op: 11 });
    expect(nameOf(loser.next())).toBe("claim");
    exchangeOrders(winner, loser);
    for (const payment of [undefined, "out-of-reach"] as const) {
      expect(loser.next(payment)).toEqual({ type: "record", fact: claimed });
    }
  });
});

describe("requests", () => {
  test("a cancellation comes before the money and the units", async () => {
    const shop = await placed(claimed);
    await ask(shop, "cancel-requested", 20);
    expect(nameOf(shop.next())).toBe("decide cancelled");
    const sold = await placed(claimed, authorized, committed, ended);
    await ask(sold, "cancel-requested", 20);
    expect(nameOf(sold.next())).toBe("decide cancelled");
  });

  test("a shipment waits for the money, and of it and a later cancellation it happens", async () => {
    const shop = await placed(claimed, authorized, committed, ended);
    await ask(shop, "ship-requested", 21);
    expect(nameOf(shop.next())).toBe("capture");
    await shop.say({ type: "captured" });
    await ask(shop, "cancel-requested", 20);
    expect(nameOf(shop.next())).toBe("decide shipped");
    await shop.say({ type: "shipped", request: orderOp(21) });
    expect(shop.next()).toMatchObject({ type: "decide", fact: { type: "rejected", request: orderOp(20) } });
  });

  test("are the owner's to answer", async () => {
    const [winner, loser] = [await placed(claimed), eu()];
    await loser.place({ op: 11 });
    await ask(loser, "cancel-requested", 20);
    exchangeOrders(winner, loser);
    await loser.say({ ...claimed, winner: winner.me } as OrderFact, {
      type: "released",
      reason: "superseded",
    });
    expect(nameOf(loser.next())).toBe("wait winner");
    expect(nameOf(winner.next())).toBe("decide cancelled");
  });
});

describe("what costs nothing", () => {
  async function free(): Promise<OrderShop> {
    const shop = us();
    await shop.place({ unitMinor: 0 });
    return shop;
  }

  test("is claimed at the provider as all is, and sold without money", async () => {
    const shop = await free();
    const amount = { amountMinor: 0, currency: "EUR" };
    expect(shop.next()).toEqual({
      type: "claim",
      claim: { orderId: orderOf(0), placement: shop.me, amount },
    });
    expect(nameOf(shop.next(shop.payment({ placement: eu().me })))).toBe("record claimed");
    expect(nameOf(shop.next("out-of-reach"))).toBe("wait provider");
    shop.nowMs += orderHoldMs;
    expect(nameOf(shop.next("out-of-reach"))).toBe("release expired");
    await shop.say(claimed);
    expect(nameOf(shop.next())).toBe("release expired");
    shop.nowMs -= orderHoldMs;
    expect(nameOf(shop.next(shop.payment()))).toBe("commit");
    await shop.say(committed, ended);
    expect(shop.order().state).toBe("paid");
  });

  test("leaves no payment open at the provider, and is shipped after that", async () => {
    const shop = await free();
    await shop.say(claimed, committed, ended);
    await ask(shop, "ship-requested", 21);
    expect(nameOf(shop.next())).toBe("cancel-payment");
    expect(nameOf(shop.next("out-of-reach"))).toBe("wait provider");
    expect(nameOf(shop.next(shop.payment({ status: "cancelled" })))).toBe("record voided");
    await shop.say({ type: "voided" });
    expect(nameOf(shop.next())).toBe("decide shipped");
    await shop.say({ type: "shipped", request: orderOp(21) });
    expect(shop.order().state).toBe("shipped");
    expect(nameOf(shop.next())).toBe("close");
  });

  test("is called off before its payment is given up", async () => {
    const shop = await free();
    await shop.say(claimed, committed, ended);
    await ask(shop, "cancel-requested", 20);
    expect(nameOf(shop.next("out-of-reach"))).toBe("decide cancelled");
    await shop.say({ type: "cancelled", request: orderOp(20) });
    expect(nameOf(shop.next())).toBe("cancel-payment");
    await shop.say({ type: "voided" });
    expect(nameOf(shop.next())).toBe("close");
  });
});

test("half of the own transaction is read again; a region that placed nothing has nothing to do", async () => {
  const shop = await placed(claimed);
  const half = us();
  half.items.load(
    "Orders",
    shop.items.dump("Orders").filter(({ sk }) => !sk.startsWith("ALLOC")),
  );
  expect(nameOf(half.next())).toBe("wait own-items");
  const other = eu();
  exchangeOrders(shop, other);
  expect(nameOf(other.next())).toBe("nothing");
});
