import { describe, expect, test } from "vitest";
import { compareStamps } from "../clock/stamp.ts";
import { lamp, lampLine, lampUnits, orderDigest, orderOp, orderTimeMs } from "../testing/order-data.ts";
import { createOrderShop, exchangeOrders } from "../testing/order-shop.ts";
import { planAllocationChange, planClose, planPutOff, planRecord } from "./allocation-change.ts";
import { planWitness } from "./answer.ts";
import { appendFact, planRequest } from "./append.ts";
import type { OrderRequest } from "./events.ts";
import { orderDueAfterMs, orderHoldMs, orderRequestsMax } from "./limits.ts";
import { placedBefore, requestText } from "./place.ts";

const us = () => createOrderShop("us-east-1#1");
const eu = () => createOrderShop("eu-west-1#1");

async function placed() {
  const shop = us();
  await shop.place();
  return shop;
}

const lost = { type: "unavailable" as const, operation: "TransactWriteItems", reason: "no answer" };

describe("the end of the own log", () => {
  test("is written once, by whoever is first", async () => {
    const shop = await placed();
    const [one, other] = [
      appendFact(shop.seen(), shop.me, shop.claimed(), 1),
      appendFact(shop.seen(), shop.me, { type: "authorized" }, 2),
    ];
    expect(await shop.write({ writes: [one.write] })).toBe("written");
    expect(await shop.write({ writes: [other.write] })).toBe("refused");
  });

  test("has a stamp above everything seen of the order, whatever the clocks say", async () => {
    const [shop, other] = [await placed(), eu()];
    other.nowMs -= 60_000;
    exchangeOrders(shop, other);
    const request: OrderRequest = { type: "cancel-requested", operationId: orderOp(20), by: "shopper" };
    const plan = planRequest(other.seen(), other.me, { request, nowMs: other.nowMs });
    const stamp = shop.seen().placed.get(shop.me)?.stamp;
    if (plan.type !== "write" || stamp === undefined) {
      throw new Error(plan.type);
    }
    expect(compareStamps(plan.entry.stamp, stamp)).toBeGreaterThan(0);
    expect(plan.entry).toMatchObject({ number: 1, atMs: other.nowMs });
  });
});

describe("a request", () => {
  const request: OrderRequest = { type: "cancel-requested", operationId: orderOp(20), by: "shopper" };

  test("is taken once, here or elsewhere; its id stands for nothing else", async () => {
    const [shop, other] = [await placed(), eu()];
    const ask = (at: typeof shop, change: Partial<OrderRequest> = {}) =>
      planRequest(at.seen(), at.me, { request: { ...request, ...change }, nowMs: at.nowMs });
    expect(ask(other).type).toBe("order-not-seen");
    exchangeOrders(shop, other);
    const plan = ask(other);
    await other.write({ writes: plan.type === "write" ? [plan.write] : [] });
    expect(ask(other).type).toBe("done-already");
    expect(ask(shop).type).toBe("write");
    exchangeOrders(shop, other);
    expect(ask(shop).type).toBe("done-already");
    expect(ask(shop, { type: "ship-requested" })).toEqual({
      type: "operation-id-reused",
      taken: "cancel-requested",
    });
    expect(ask(shop, { operationId: orderOp(10) })).toEqual({ type: "operation-id-reused", taken: "placed" });
  });

  test("is refused when the region's log holds enough of them", async () => {
    const shop = await placed();
    const ask = (number: number) =>
      planRequest(shop.seen(), shop.me, {
        request: { ...request, operationId: orderOp(number) },
        nowMs: shop.nowMs,
      });
    for (let number = 0; number < orderRequestsMax; number += 1) {
      const plan = ask(100 + number);
      await shop.write({ writes: plan.type === "write" ? [plan.write] : [] });
    }
    expect(ask(99)).toEqual({ type: "too-many-requests", limit: orderRequestsMax });
  });
});

describe("placing", () => {
  test("writes the placement, its units, and the first entry, once; a lost answer is found again", async () => {
    const shop = us();
    shop.items.failNext("TransactWriteItems", lost, { after: true });
    expect(await shop.place()).toBe("unavailable");
    expect(await shop.place()).toBe("done-already");
    expect(shop.seen().allocations.get(shop.me)).toMatchObject({
      state: "held",
      holdEndsAtMs: orderTimeMs + orderHoldMs,
      dueAtMs: orderTimeMs + orderDueAfterMs,
    });
    expect(shop.items.dump("Orders").map(({ sk }) => sk)).toEqual([
      `ALLOC#${shop.me}#0`,
      `EVENT#${shop.me}#1`,
      `PLACED#${shop.me}`,
    ]);
  });

  test("again with the same key: the same answer, another body is a mistake, another key comes too late", async () => {
    const [shop, other] = [await placed(), eu()];
    exchangeOrders(shop, other);
    expect(await other.place()).toBe("done-already");
    expect(await other.place({ requestDigest: orderDigest("cash") })).toBe("operation-id-reused");
    expect(await other.place({ op: 12 })).toBe("placed-before");
  });

  test("of placements of one key it names the one of the same body", async () => {
    const [shop, other] = [await placed(), eu()];
    const requestDigest = orderDigest("cash");
    await other.place({ requestDigest, nowMs: orderTimeMs + 9 });
    exchangeOrders(shop, other);
    const known = placedBefore(shop.seen(), { operationId: orderOp(10), requestDigest });
    expect(known).toMatchObject({ type: "done-already", placement: { origin: other.me } });
  });

  test.each([
    ["too many lines", { lines: Array.from({ length: 41 }, () => lampLine(1, 100)) }, "too-many-lines"],
    ["a large line", { lines: [lampLine(1_000, 100)] }, "line-too-large"],
    [
      "too many cells",
      { units: Array.from({ length: 91 }, () => lampUnits(us().me, 1)).flat() },
      "units-too-scattered",
    ],
    ["a long digest", { requestDigest: "x".repeat(65) }, "request-too-long"],
  ] as const)("refuses %s", async (_what, change, refusal) => {
    expect(await us().place(change)).toBe(refusal);
  });

  test("refuses what costs something and has nothing to pay it with; units that are not the lines' are a bug", async () => {
    const shop = us();
    expect(await shop.place({ unitMinor: 0, lines: [lampLine(2, 5)] })).toBe("method-missing");
    await expect(
      shop.place({ units: [{ ...lampUnits(shop.me, 3)[0], sku: lamp, units: 3 } as never] }),
    ).rejects.toThrow();
    expect(await shop.place({ unitMinor: 0 })).toBe("written");
  });

  test("is refused where this region has written of a placement that it does not see", async () => {
    const [shop, other] = [await placed(), eu()];
    exchangeOrders(shop, other);
    const request: OrderRequest = { type: "cancel-requested", operationId: orderOp(20), by: "shopper" };
    const plan = planRequest(other.seen(), other.me, { request, nowMs: other.nowMs });
    const bare = eu();
    await bare.write({ writes: plan.type === "write" ? [plan.write] : [] });
    expect(await bare.place()).toBe("placement-not-seen");
  });

  test("a request's text is one for equal requests", () => {
    expect(requestText({ b: [1, { d: null, c: true }], a: "x", e: undefined })).toBe(
      requestText({ a: "x", b: [1, { c: true, d: null }] }),
    );
    expect(requestText({ a: [1, 2] })).not.toBe(requestText({ a: [2, 1] }));
  });
});

describe("the allocation", () => {
  test("changes once: of two that want to, one is refused", async () => {
    const shop = await placed();
    await shop.say(shop.claimed(), { type: "authorized" });
    const own = shop.own();
    const commit = planAllocationChange(own, { type: "committed" });
    const release = planAllocationChange(own, { type: "released", reason: "expired" });
    expect(await shop.write(commit)).toBe("written");
    expect(await shop.write(release)).toBe("refused");
    await shop.say({ type: "voided" });
    expect(await shop.write(planAllocationChange(shop.own(), { type: "released", reason: "expired" }))).toBe(
      "refused",
    );
    expect(shop.seen().allocations.get(shop.me)).toMatchObject({ state: "committed", counter: 2 });
  });

  test("is not closed when the log has grown since, and a cancellation opens it again", async () => {
    const shop = await placed();
    const old = shop.own();
    await shop.say(shop.claimed());
    expect(await shop.write(planClose(old))).toBe("refused");
    expect(await shop.write(planClose(shop.own()))).toBe("written");
    expect(shop.seen().allocations.get(shop.me)?.dueAtMs).toBeUndefined();
    expect(await shop.write(planPutOff(shop.own()))).toBe("refused");
    await shop.say({ type: "cancelled", request: orderOp(20) });
    expect(shop.seen().allocations.get(shop.me)?.dueAtMs).toBe(shop.nowMs + orderDueAfterMs);
  });

  test("is put off until it says, and not before repair's usual time", async () => {
    const shop = await placed();
    const dueAt = () => shop.seen().allocations.get(shop.me)?.dueAtMs;
    await shop.write(planPutOff(shop.own(), shop.nowMs + orderHoldMs));
    expect(dueAt()).toBe(shop.nowMs + orderHoldMs);
    await shop.write(planPutOff(shop.own(), 5));
    expect(dueAt()).toBe(shop.nowMs + orderDueAfterMs);
    expect(shop.items.dump("Orders")[0]).toMatchObject({
      openBy: shop.me,
      dueAt: String(shop.nowMs + orderDueAfterMs),
    });
  });

  test("a record that opens nothing leaves it as it is", async () => {
    const shop = await placed();
    expect(planRecord(shop.own(), shop.claimed()).writes).toHaveLength(1);
  });
});

describe("answers to another region's placement", () => {
  test("a witness keeps one placement, and never its own", async () => {
    const [shop, other] = [await placed(), eu()];
    const { placed: placements, allocations } = shop.seen();
    const [placement, allocation] = [placements.get(shop.me), allocations.get(shop.me)];
    if (placement === undefined || allocation === undefined) {
      throw new Error("unreachable");
    }
    const seen = { placement, units: allocation.units, nowMs: 1 };
    const plan = planWitness(other.seen(), other.me, seen);
    await other.write({ writes: plan.type === "write" ? [plan.write] : [] });
    expect(planWitness(other.seen(), other.me, seen).type).toBe("done-already");
    const third = { ...seen, placement: { ...placement, origin: createOrderShop("ap-south-1#1").me } };
    expect(planWitness(other.seen(), other.me, third)).toEqual({ type: "witness-taken", placement: shop.me });
    expect(() => planWitness(shop.seen(), shop.me, seen)).toThrow("its own placement");
  });
});
