import { setTimeout as sleep } from "node:timers/promises";
import { testMethods } from "@antipode/core/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  amounts,
  answered,
  attemptOf,
  newOrder,
  placements,
  refused,
} from "../testing/payments-conformance/orders.ts";
import {
  type SandboxProcess,
  sandboxKey,
  startSandbox,
} from "../testing/payments-conformance/start-sandbox.ts";
import { createStripePayments } from "./create-stripe-payments.ts";
import { createStripeClient } from "./stripe-client.ts";

const dayMs = 24 * 60 * 60_000;

let sandbox: SandboxProcess;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.tell());
afterAll(() => sandbox?.close());

function region({ secretKey = sandboxKey, changeMs = 5_000, shorten = 100 } = {}) {
  return createStripePayments({
    secretKey,
    baseUrl: sandbox.url,
    timeouts: { readMs: 5_000, changeMs },
    delay: (ms) => sleep(ms / shorten),
  });
}

const claimOf = (orderId: ReturnType<typeof newOrder>, index: 0 | 1) => ({
  orderId,
  placement: placements[index],
  amount: amounts[index],
});

describe("a failure that Stripe has stored under the claim's key", () => {
  it("is stepped over by the placement that took the key, and by nobody else", async () => {
    const orderId = newOrder();
    await sandbox.tell({ type: "fail", effect: "none", on: ["update"], times: 1 });
    const first = await region().claim(claimOf(orderId, 0));
    expect(answered(first).placement).toBe(placements[0]);
    expect(answered(await region().claim(claimOf(orderId, 1)))).toEqual(answered(first));
  });

  it("leaves the winner to the first key when the failed placement comes back late", async () => {
    const orderId = newOrder();
    await sandbox.tell(
      { type: "fail", effect: "none", on: ["update"], times: 1 },
      { type: "unreachable", on: ["read"], times: 1 },
    );
    // the first placement took the key, and was cut off before it could go on
    expect(refused(await region().claim(claimOf(orderId, 0)))).toMatchObject({ type: "unavailable" });
    expect(refused(await region().claim(claimOf(orderId, 1)))).toMatchObject({ type: "unavailable" });
    expect(answered(await region().claim(claimOf(orderId, 0))).placement).toBe(placements[0]);
    expect(answered(await region().claim(claimOf(orderId, 1))).placement).toBe(placements[0]);
  });

  it("is a claim when the effect is there all the same", async () => {
    const orderId = newOrder();
    await sandbox.tell({ type: "fail", effect: "after", on: ["update"], times: 1 });
    expect(answered(await region().claim(claimOf(orderId, 0))).placement).toBe(placements[0]);
    expect(answered(await region().claim(claimOf(orderId, 1))).placement).toBe(placements[0]);
  });

  it.each(["create", "update"])("of every %s for a while is over when Stripe is well again", async (on) => {
    const orderId = newOrder();
    await sandbox.tell({ type: "fail", effect: "none", on: [on] });
    for (let run = 0; run < 5; run += 1) {
      const answer = await region({ shorten: 1_000 }).claim(claimOf(orderId, 0));
      expect(refused(answer)).toMatchObject({ type: "unavailable" });
    }
    await sandbox.tell();
    expect(answered(await region().claim(claimOf(orderId, 0))).placement).toBe(placements[0]);
    expect(answered(await region().claim(claimOf(orderId, 1))).placement).toBe(placements[0]);
  });

  it("makes another payment when making it failed, the same one for all", async () => {
    const orderId = newOrder();
    await sandbox.tell({ type: "fail", effect: "after", on: ["create"], times: 2 });
    const first = answered(await region().claim(claimOf(orderId, 1)));
    expect(answered(await region().claim(claimOf(orderId, 0)))).toEqual(first);
    const { payments } = await sandbox.ledger(orderId);
    expect(payments.filter(({ placement }) => placement !== "")).toMatchObject([{ id: first.id }]);
  });
});

describe("a claim that is under way for long", () => {
  it("is not overtaken: the second placement waits, and is told to ask again", async () => {
    const orderId = newOrder();
    await sandbox.tell({ type: "slow", ms: 1_500, when: "before", on: ["update"], times: 1 });
    const slow = region().claim(claimOf(orderId, 0));
    await sandbox.underWay("update");
    expect(refused(await region().claim(claimOf(orderId, 1)))).toMatchObject({ type: "unavailable" });
    expect(answered(await slow).placement).toBe(placements[0]);
    expect(answered(await region().claim(claimOf(orderId, 1))).placement).toBe(placements[0]);
  });

  it("is waited for while its name is about to be written", async () => {
    const orderId = newOrder();
    await sandbox.tell({ type: "slow", ms: 400, when: "before", on: ["update"], times: 1 });
    const slow = region().claim(claimOf(orderId, 0));
    await sandbox.underWay("update");
    expect(answered(await region({ shorten: 1 }).claim(claimOf(orderId, 1))).placement).toBe(placements[0]);
    expect(answered(await slow).placement).toBe(placements[0]);
  });

  it("is asked for again by its own placement, which meets its own key in use", async () => {
    const orderId = newOrder();
    await sandbox.tell({ type: "slow", ms: 1_500, when: "before", on: ["update"], times: 1 });
    const slow = region().claim(claimOf(orderId, 0));
    await sandbox.underWay("update");
    expect(refused(await region().claim(claimOf(orderId, 0)))).toMatchObject({
      type: "unavailable",
      reason: expect.stringContaining("in-progress"),
    });
    const won = answered(await slow);
    expect(answered(await region().claim(claimOf(orderId, 0)))).toEqual(won);
  });
});

describe("a failure that nobody has stored", () => {
  it("is no reason to go on to another key: the first one is still free, and decides", async () => {
    const orderId = newOrder();
    await sandbox.tell({ type: "unreachable", on: ["update"], times: 1 });
    refused(await region().claim(claimOf(orderId, 1)));
    await sandbox.tell({ type: "slow", ms: 1_500, when: "after", on: ["read"], times: 1 });
    const late = region().claim(claimOf(orderId, 1));
    await sandbox.underWay("read");
    await sandbox.tell({ type: "gateway", on: ["update"], times: 1 });
    expect(answered(await region().claim(claimOf(orderId, 0))).placement).toBe(placements[0]);
    expect(answered(await late).placement).toBe(placements[0]);
    expect(answered(await region().claim(claimOf(orderId, 0))).placement).toBe(placements[0]);
  });
});

describe("a claim that comes again", () => {
  it("writes nothing", async () => {
    const orderId = newOrder();
    const won = answered(await region().claim(claimOf(orderId, 0)));
    await sandbox.tell({ type: "unreachable", on: ["update"] });
    expect(answered(await region().claim(claimOf(orderId, 0)))).toEqual(won);
    expect(answered(await region().claim(claimOf(orderId, 1)))).toEqual(won);
  });

  it("says how the payment is by then, though it looked before the claim was written", async () => {
    const orderId = newOrder();
    await sandbox.tell({ type: "unreachable", on: ["update"], times: 1 });
    refused(await region().claim(claimOf(orderId, 0)));
    await sandbox.tell({ type: "slow", ms: 1_500, when: "after", on: ["read"], times: 1 });
    const late = region().claim(claimOf(orderId, 0));
    await sandbox.underWay("read");
    const payment = answered(await region().claim(claimOf(orderId, 0)));
    const attempt = { ...attemptOf(payment), method: testMethods.approved };
    expect(answered(await region().authorize(attempt)).status).toBe("authorized");
    expect(answered(await late).status).toBe("authorized");
  });
});

describe("failures that Stripe has stored under other keys", () => {
  it("of every capture for a while are over when Stripe is well again", async () => {
    const stripe = region({ shorten: 1_000 });
    const payment = answered(await stripe.claim(claimOf(newOrder(), 0)));
    const attempt = { ...attemptOf(payment), method: testMethods.approved };
    expect(answered(await stripe.authorize(attempt)).status).toBe("authorized");
    await sandbox.tell({ type: "fail", effect: "none", on: ["capture"] });
    for (let run = 0; run < 5; run += 1) {
      expect(refused(await stripe.capture(attempt))).toMatchObject({ type: "unavailable" });
    }
    await sandbox.tell();
    expect(answered(await stripe.capture(attempt)).status).toBe("captured");
  });

  it.each(["none", "after"])("are no end of a payment, the effect being %s", async (effect) => {
    const stripe = region();
    const payment = answered(await stripe.claim(claimOf(newOrder(), 0)));
    await sandbox.tell({ type: "fail", effect, on: ["confirm", "capture", "refund"], share: 1, times: 1 });
    const attempt = { ...attemptOf(payment), method: testMethods.approved };
    expect(answered(await stripe.authorize(attempt)).status).toBe("authorized");
    await sandbox.tell({ type: "fail", effect, on: ["capture"], times: 1 });
    expect(answered(await stripe.capture(attempt)).status).toBe("captured");
    await sandbox.tell({ type: "fail", effect, on: ["refund"], times: 1 });
    expect(answered(await stripe.refund(attempt)).refundedMinor).toBe(amounts[0].amountMinor);
    const { payments } = await sandbox.ledger(payment.orderId);
    expect(payments[0]?.charges).toMatchObject([{ status: "succeeded", captures: 1, amountCaptured: 2_500 }]);
    expect(payments[0]?.refunds).toEqual([{ amount: 2_500, status: "succeeded" }]);
  });

  it("of a cancellation", async () => {
    const stripe = region();
    const payment = answered(await stripe.claim(claimOf(newOrder(), 0)));
    await sandbox.tell({ type: "fail", effect: "none", on: ["cancel"], times: 1 });
    expect(answered(await stripe.cancel(attemptOf(payment))).status).toBe("cancelled");
  });

  it("do not hide whether a card was declined: it is asked again, once", async () => {
    const stripe = region();
    const payment = answered(await stripe.claim(claimOf(newOrder(), 0)));
    await sandbox.tell({ type: "fail", effect: "after", on: ["confirm"], times: 1 });
    const attempt = { ...attemptOf(payment), method: testMethods.declined };
    expect(answered(await stripe.authorize(attempt))).toMatchObject({
      status: "open",
      declineCode: "generic_decline",
    });
    expect((await sandbox.ledger(payment.orderId)).payments[0]?.charges).toHaveLength(2);
  });
});

describe("when Stripe cannot be used", () => {
  it.each([
    ["it is too slow", { type: "slow", ms: 2_000, on: ["create"] }],
    ["there are too many requests", { type: "limit" }],
    ["an object stays locked", { type: "limit", code: "lock_timeout" }],
    ["something in between fails", { type: "gateway" }],
    ["it fails", { type: "fail", effect: "none", status: 503 }],
  ])("says so: %s", async (_, fault) => {
    await sandbox.tell(fault);
    const answer = await region({ changeMs: 100 }).claim(claimOf(newOrder(), 0));
    expect(refused(answer)).toMatchObject({ type: "unavailable", operation: "claim" });
  });

  it("gets over a lock that is short", async () => {
    await sandbox.tell({ type: "limit", code: "lock_timeout", times: 2 });
    expect(answered(await region().claim(claimOf(newOrder(), 0))).placement).toBe(placements[0]);
  });

  it("says so of a key that Stripe does not accept, and never shows it", async () => {
    const secretKey = "sk_test_of_another_account";
    const answer = await region({ secretKey }).claim(claimOf(newOrder(), 0));
    expect(refused(answer)).toMatchObject({ type: "unavailable" });
    expect(JSON.stringify(answer)).not.toContain(secretKey);
  });

  it("says so where nothing listens", async () => {
    const nowhere = createStripePayments({ secretKey: "sk_test_1", baseUrl: "http://127.0.0.1:9" });
    expect(refused(await nowhere.read("pi_1"))).toMatchObject({ type: "unavailable", operation: "read" });
  });
});

it("lists no payments of others in the account", async () => {
  const account = createStripeClient({ secretKey: sandboxKey, baseUrl: sandbox.url });
  const ours = answered(await region().claim(claimOf(newOrder(), 0)));
  const theirs = await account.paymentIntents.create({ amount: 700, currency: "usd" });
  const { payments } = answered(await region().list({ createdSinceMs: 0 }));
  expect(payments[0]).toEqual(ours);
  expect(payments.map(({ id }) => id)).not.toContain(theirs.id);
});

it("goes on a day later, when Stripe knows the keys no more", async () => {
  const stripe = region();
  const payment = answered(await stripe.claim(claimOf(newOrder(), 0)));
  const attempt = { ...attemptOf(payment), method: testMethods.approved };
  answered(await stripe.authorize(attempt));
  answered(await stripe.capture(attempt));
  await sandbox.post("/sandbox/pass-time", { ms: dayMs });
  expect(answered(await stripe.authorize(attempt)).status).toBe("captured");
  expect(answered(await stripe.capture(attempt)).status).toBe("captured");
  expect(answered(await stripe.refund(attempt)).refundedMinor).toBe(2_500);
  await sandbox.post("/sandbox/pass-time", { ms: dayMs });
  expect(answered(await stripe.refund(attempt)).refundedMinor).toBe(2_500);
  expect((await sandbox.ledger(payment.orderId)).payments[0]?.refunds).toHaveLength(1);
});

it("never repeats what was sent for a method: not even its words for one that it does not know", async () => {
  const payment = answered(await region().claim(claimOf(newOrder(), 0)));
  const method = "pi_abc_secret_def";
  const answer = refused(await region().authorize({ ...attemptOf(payment), method }));
  expect(answer).toMatchObject({
    code: "payment_method_unknown",
    reason: expect.stringMatching(/^no such method \(req_\w+\)$/),
  });
});
