import type Stripe from "stripe";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  amounts,
  answered,
  attemptOf,
  newOrder,
  placements,
} from "../testing/payments-conformance/orders.ts";
import {
  type SandboxProcess,
  sandboxKey,
  startSandbox,
} from "../testing/payments-conformance/start-sandbox.ts";
import { createStripePayments } from "./create-stripe-payments.ts";
import { createStripeClient } from "./stripe-client.ts";

let sandbox: SandboxProcess;
let person: Stripe;

beforeAll(async () => {
  sandbox = await startSandbox();
  person = createStripeClient({ secretKey: sandboxKey, baseUrl: sandbox.url });
});
afterAll(() => sandbox?.close());

async function authorized() {
  const shop = createStripePayments({ secretKey: sandboxKey, baseUrl: sandbox.url });
  const [placement, amount] = [placements[0], amounts[0]];
  const payment = answered(await shop.claim({ orderId: newOrder(), placement, amount }));
  answered(await shop.authorize({ ...attemptOf(payment), method: "pm_card_visa" }));
  return { shop, payment };
}

it("gives back what a person has taken, where that was a part", async () => {
  const { shop, payment } = await authorized();
  await person.paymentIntents.capture(payment.id, { amount_to_capture: 700 });
  expect(answered(await shop.capture(attemptOf(payment))).status).toBe("captured");
  const refunded = answered(await shop.refund(attemptOf(payment)));
  expect(refunded.refundedMinor).toBe(amounts[0].amountMinor); // the rest was let go, which Stripe books as refunded
  const { payments } = await sandbox.ledger(payment.orderId);
  expect(payments[0]?.refunds).toEqual([{ amount: 700, status: "succeeded" }]);
});

it("gives back the rest where a person gives back a part while the shop is about to", async () => {
  const { shop, payment } = await authorized();
  answered(await shop.capture(attemptOf(payment)));
  await sandbox.tell({ type: "slow", ms: 300, when: "before", on: ["refund"], times: 1 });
  const refund = shop.refund(attemptOf(payment));
  await sandbox.underWay("refund");
  await person.refunds.create({ payment_intent: payment.id, amount: 700 });
  expect(answered(await refund).refundedMinor).toBe(amounts[0].amountMinor);
  const { payments } = await sandbox.ledger(payment.orderId);
  expect(payments[0]?.refunds).toEqual([
    { amount: 700, status: "succeeded" },
    { amount: 1_800, status: "succeeded" },
  ]);
});

it("gives back again what the bank has sent back, under another key, and once", async () => {
  const { shop, payment } = await authorized();
  answered(await shop.capture(attemptOf(payment)));
  answered(await shop.refund(attemptOf(payment)));
  expect(await sandbox.post(`/sandbox/payments/${payment.id}/fail-refund`, {})).toBe(200);
  expect(answered(await shop.read(payment.id)).refundedMinor).toBe(0);
  for (const _ of ["the second", "and again"]) {
    expect(answered(await shop.refund(attemptOf(payment))).refundedMinor).toBe(amounts[0].amountMinor);
  }
  const { payments } = await sandbox.ledger(payment.orderId);
  expect(payments[0]?.refunds).toEqual([
    { amount: amounts[0].amountMinor, status: "failed" },
    { amount: amounts[0].amountMinor, status: "succeeded" },
  ]);
});

it("gives back two payments of one order, each its own money", async () => {
  const { shop, payment } = await authorized();
  const second = await person.paymentIntents.create({
    amount: 900,
    currency: "eur",
    capture_method: "manual",
    metadata: { order: payment.orderId, placement: placements[1] },
  });
  await person.paymentIntents.confirm(second.id, { payment_method: "pm_card_visa" });
  for (const id of [payment.id, second.id]) {
    const attempt = { ...attemptOf(payment), paymentId: id };
    expect(answered(await shop.capture(attempt)).status).toBe("captured");
    answered(await shop.refund(attempt));
  }
  const { payments } = await sandbox.ledger(payment.orderId);
  expect(payments.map(({ refunds }) => refunds)).toEqual([
    [{ amount: amounts[0].amountMinor, status: "succeeded" }],
    [{ amount: 900, status: "succeeded" }],
  ]);
});
