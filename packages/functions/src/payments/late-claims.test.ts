import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { amounts, answered, newOrder, placements, refused } from "../testing/payments-conformance/orders.ts";
import {
  type SandboxProcess,
  sandboxKey,
  startSandbox,
} from "../testing/payments-conformance/start-sandbox.ts";
import { createStripePayments } from "./create-stripe-payments.ts";
import { createStripeClient } from "./stripe-client.ts";

const hourMs = 60 * 60_000;

let sandbox: SandboxProcess;
let aheadMs = 0;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox?.close());

const nowMs = () => Date.now() + aheadMs;

/** For the provider and for the shop: hours in which two regions do not hear one another. */
async function pass(hours: number): Promise<void> {
  aheadMs += hours * hourMs;
  expect(await sandbox.post("/sandbox/pass-time", { ms: hours * hourMs })).toBe(200);
}

function region({ pageSize = 100 } = {}) {
  return createStripePayments({
    secretKey: sandboxKey,
    baseUrl: sandbox.url,
    timeouts: { readMs: 5_000, changeMs: 5_000 },
    delay: (ms) => sleep(ms / 100),
    clock: { nowMs },
    pageSize,
  });
}

type Order = ReturnType<typeof newOrder>;

const claimOf = (orderId: Order, index: 0 | 1) => ({
  orderId,
  placement: placements[index],
  amount: amounts[index],
});

const objectsOf = async (orderId: Order) => (await sandbox.ledger(orderId)).payments;

/** An object that the adapter did not make. */
async function madeByHand(order: string, metadata: Record<string, string>): Promise<void> {
  const stripe = createStripeClient({ secretKey: sandboxKey, baseUrl: sandbox.url });
  await stripe.paymentIntents.create({ amount: 700, currency: "usd", metadata: { order, ...metadata } });
}

describe("a claim a day after the first one, when Stripe knows its keys no more", () => {
  it("finds the order's payment, whoever claimed it", async () => {
    const orderId = newOrder(nowMs());
    const won = answered(await region().claim(claimOf(orderId, 0)));
    await pass(25);
    expect(answered(await region().claim(claimOf(orderId, 1)))).toEqual(won);
    expect(answered(await region().claim(claimOf(orderId, 0)))).toEqual(won);
    expect(await objectsOf(orderId)).toHaveLength(1);
  });

  it("finds it at whatever hour, however far the index is behind, while there is any overlap", async () => {
    for (const hours of [19, 20, 21, 23, 24, 48]) {
      const orderId = newOrder(nowMs());
      await pass(30); // the cart is old when it is first ordered
      const won = answered(await region().claim(claimOf(orderId, 0)));
      await pass(hours);
      await sandbox.tell({ type: "index-late", ms: 23 * hourMs });
      expect(answered(await region().claim(claimOf(orderId, 1)))).toEqual(won);
      await sandbox.tell();
      expect(await objectsOf(orderId)).toHaveLength(1);
    }
  });

  it("makes one for two that come at once to an old cart, though neither is in the index", async () => {
    const orderId = newOrder(nowMs() - 30 * hourMs);
    const answers = await Promise.all(([0, 1] as const).map((at) => region().claim(claimOf(orderId, at))));
    const won = answered(await region().claim(claimOf(orderId, 1)));
    for (const answer of answers) {
      expect(answer.ok ? answer.value : answer.error.type).toEqual(answer.ok ? won : "unavailable");
    }
    expect(await objectsOf(orderId)).toHaveLength(1);
  });

  it("finds the one that was claimed among those that were not, over the index's pages", async () => {
    const orderId = newOrder(nowMs());
    await sandbox.tell({ type: "fail", effect: "after", on: ["create"], times: 2 });
    const won = answered(await region().claim(claimOf(orderId, 0)));
    await sandbox.tell();
    await madeByHand(orderId, {});
    await pass(25);
    expect(answered(await region({ pageSize: 1 }).claim(claimOf(orderId, 1)))).toEqual(won);
    expect((await objectsOf(orderId)).filter(({ placement }) => placement === "")).toHaveLength(2);
  });

  it("leaves out what the index takes for the order's and is not", async () => {
    const orderId = newOrder(nowMs());
    await madeByHand(orderId.toLowerCase(), { placement: placements[1] });
    const won = answered(await region().claim(claimOf(orderId, 0)));
    await pass(25);
    expect(answered(await region().claim(claimOf(orderId, 1)))).toEqual(won);
  });

  it("tells nobody a winner while the search does not answer", async () => {
    const orderId = newOrder(nowMs());
    const won = answered(await region().claim(claimOf(orderId, 0)));
    await pass(25);
    for (const fault of [{ type: "unreachable" }, { type: "limit" }, { type: "gateway" }]) {
      await sandbox.tell({ ...fault, on: ["search"] });
      const answer = refused(await region().claim(claimOf(orderId, 1)));
      expect(answer).toMatchObject({ type: "unavailable", operation: "claim" });
    }
    await sandbox.tell();
    expect(answered(await region().claim(claimOf(orderId, 1)))).toEqual(won);
    expect(await objectsOf(orderId)).toHaveLength(1);
  });
});

it("does not search for a young cart's", async () => {
  await sandbox.tell({ type: "unreachable", on: ["search"] });
  const orderId = newOrder(nowMs());
  await pass(19);
  expect(answered(await region().claim(claimOf(orderId, 0))).placement).toBe(placements[0]);
  const ofTheFuture = newOrder(nowMs() + hourMs);
  expect(refused(await region().claim(claimOf(ofTheFuture, 0)))).toMatchObject({ type: "unavailable" });
  await sandbox.tell();
});

describe("a payment that nobody has claimed as long as keys are relied on", () => {
  it("is never claimed: the one made after it is", async () => {
    const orderId = newOrder(nowMs());
    await sandbox.tell({ type: "unreachable", on: ["update"] });
    refused(await region().claim(claimOf(orderId, 0)));
    await sandbox.tell();
    const [left] = await objectsOf(orderId);
    await pass(21);
    const won = answered(await region().claim(claimOf(orderId, 1)));
    expect(won).toMatchObject({ placement: placements[1] });
    expect(won.id).not.toBe(left?.id);
    expect(answered(await region().claim(claimOf(orderId, 0)))).toEqual(won);
    expect((await objectsOf(orderId)).map(({ placement }) => placement).sort()).toEqual(["", placements[1]]);
  });

  it("has one winner where the first one's key is forgotten while it goes on to the next", async () => {
    const orderId = newOrder(nowMs());
    await sandbox.tell(
      { type: "fail", effect: "none", on: ["update"], times: 1 },
      { type: "unreachable", on: ["read"] },
    );
    refused(await region().claim(claimOf(orderId, 0))); // the failure is stored, and the region goes away
    await pass(24 - 1 / 3_600);
    await sandbox.tell({ type: "slow", ms: 2_000, when: "before", on: ["update"], times: 2 });
    const late = region().claim(claimOf(orderId, 0));
    await sleep(1_100);
    const other = await region().claim(claimOf(orderId, 1));
    const named = new Set(
      [await late, other].flatMap((answer) => (answer.ok ? [answer.value.placement] : [])),
    );
    expect(named.size).toBeLessThanOrEqual(1);
    await sandbox.tell();
    await pass(25);
    const won = answered(await region().claim(claimOf(orderId, 1)));
    expect([...named, won.placement].every((placement) => placement === won.placement)).toBe(true);
    expect((await objectsOf(orderId)).filter(({ placement }) => placement !== "")).toHaveLength(1);
  });
});
