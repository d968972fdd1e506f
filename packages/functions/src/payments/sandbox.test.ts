import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type SandboxProcess,
  sandboxKey,
  startSandbox,
} from "../testing/payments-conformance/start-sandbox.ts";
import { createStripeClient } from "./stripe-client.ts";

let sandbox: SandboxProcess;
let stripe: Stripe;

beforeAll(async () => {
  sandbox = await startSandbox();
  stripe = createStripeClient({ secretKey: sandboxKey, baseUrl: sandbox.url });
});
afterAll(() => sandbox?.close());

const made = () =>
  stripe.paymentIntents.create({
    amount: 2_000,
    currency: "usd",
    capture_method: "manual",
    allowed_payment_method_types: ["card"],
    metadata: { order: "one" },
  });
const confirmed = async (method = "pm_card_visa") => {
  const { id } = await made();
  return stripe.paymentIntents.confirm(id, { payment_method: method });
};

async function failure(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Stripe.errors.StripeError)) {
    throw new Error(`not refused by Stripe: ${String(error)}`);
  }
  const { statusCode, rawType, code } = error;
  return [error.constructor.name, statusCode, rawType, code];
}

const invalid = (code: string) => ["StripeInvalidRequestError", 400, "invalid_request_error", code];
const unexpected = invalid("payment_intent_unexpected_state");

describe("what Stripe does, the sandbox does for Stripe's own SDK", () => {
  it("walks a payment through its states", async () => {
    const intent = await made();
    expect(intent).toMatchObject({
      object: "payment_intent",
      amount: 2_000,
      status: "requires_payment_method",
      metadata: { order: "one" },
      client_secret: expect.stringContaining(intent.id),
    });
    const held = await stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" });
    expect(held).toMatchObject({ status: "requires_capture", amount_capturable: 2_000, amount_received: 0 });
    const taken = await stripe.paymentIntents.capture(intent.id, { expand: ["latest_charge"] });
    expect(taken).toMatchObject({
      status: "succeeded",
      amount_received: 2_000,
      latest_charge: { object: "charge", captured: true, amount_refunded: 0 },
    });
    const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 500 });
    expect(refund).toMatchObject({ object: "refund", amount: 500, status: "succeeded" });
    const after = await stripe.paymentIntents.retrieve(intent.id, { expand: ["latest_charge"] });
    expect(after.latest_charge).toMatchObject({ amount_refunded: 500, refunded: false });
  });

  it("captures a part, and lets the rest go", async () => {
    const { id } = await confirmed();
    expect(await failure(stripe.paymentIntents.capture(id, { amount_to_capture: 2_001 }))).toEqual(
      invalid("amount_too_large"),
    );
    const taken = await stripe.paymentIntents.capture(id, { amount_to_capture: 700 });
    expect(taken).toMatchObject({ status: "succeeded", amount_received: 700 });
    expect(await failure(stripe.refunds.create({ payment_intent: id, amount: 701 }))).toEqual(
      invalid("amount_too_large"),
    );
  });

  it("changes metadata by name, and forgets what is set to nothing", async () => {
    const { id } = await made();
    await stripe.paymentIntents.update(id, { metadata: { placement: "here", note: "x" } });
    const { metadata, amount } = await stripe.paymentIntents.update(id, { metadata: { note: "" } });
    expect([metadata, amount]).toEqual([{ order: "one", placement: "here" }, 2_000]);
  });

  it("gives the decline, and the payment with it", async () => {
    const { id } = await made();
    const call = () =>
      stripe.paymentIntents.confirm(
        id,
        { payment_method: "pm_card_chargeDeclinedInsufficientFunds" },
        { idempotencyKey: `${id}#0` },
      );
    expect(await failure(call())).toEqual(["StripeCardError", 402, "card_error", "card_declined"]);
    expect(await failure(call())).toEqual(["StripeCardError", 402, "card_error", "card_declined"]);
    const { last_payment_error: error, status } = await stripe.paymentIntents.retrieve(id);
    expect([status, error?.decline_code]).toEqual(["requires_payment_method", "insufficient_funds"]);
  });
});

describe("what Stripe refuses, the sandbox refuses", () => {
  it("an unknown key", async () => {
    const stranger = createStripeClient({ secretKey: "sk_test_other", baseUrl: sandbox.url });
    expect(await failure(stranger.paymentIntents.list())).toEqual([
      "StripeAuthenticationError",
      401,
      "invalid_request_error",
      undefined,
    ]);
  });

  it("other parameters, and another endpoint, under one idempotency key", async () => {
    const { id } = await made();
    const key = { idempotencyKey: `${id}#update` };
    await stripe.paymentIntents.update(id, { amount: 3_000 }, key);
    const other = ["StripeIdempotencyError", 400, "idempotency_error", undefined];
    expect(await failure(stripe.paymentIntents.update(id, { amount: 3_001 }, key))).toEqual(other);
    expect(await failure(stripe.paymentIntents.cancel(id, {}, key))).toEqual(other);
    expect(await failure(stripe.paymentIntents.update(id, { metadata: { a: "b" } }, key))).toEqual(other);
    const replay = await stripe.paymentIntents.update(id, { amount: 3_000 }, key);
    expect(replay.amount).toBe(3_000);
  });

  it("a key that is in use", async () => {
    const { id } = await made();
    await sandbox.tell({ type: "slow", ms: 1_000, on: ["update"], times: 1 });
    const update = () =>
      stripe.paymentIntents.update(
        id,
        { amount: 3_000 },
        { idempotencyKey: `${id}#u`, maxNetworkRetries: 0 },
      );
    const first = update();
    await sandbox.underWay("update");
    expect(await failure(update())).toEqual([
      "StripeAPIError",
      409,
      "idempotency_error",
      "idempotency_key_in_use",
    ]);
    expect((await first).amount).toBe(3_000);
  });

  it("does not store what was not valid, and stores what was refused for its state", async () => {
    const { id } = await made();
    const key = { idempotencyKey: `${id}#c` };
    expect(await failure(stripe.paymentIntents.confirm(id, { payment_method: "pm_none" }, key))).toEqual(
      invalid("resource_missing"),
    );
    await stripe.paymentIntents.confirm(id, { payment_method: "pm_card_authenticationRequired" }, key);
    const capture = () => stripe.paymentIntents.capture(id, {}, { idempotencyKey: `${id}#t` });
    expect(await failure(capture())).toEqual(unexpected);
    await sandbox.post(`/sandbox/payments/${id}/act`, { outcome: "success" });
    expect(await failure(capture())).toEqual(unexpected);
    expect((await stripe.paymentIntents.capture(id)).status).toBe("succeeded");
  });

  it("capturing twice, cancelling what is captured, confirming what is cancelled", async () => {
    const { id } = await confirmed();
    await stripe.paymentIntents.capture(id);
    expect(await failure(stripe.paymentIntents.capture(id))).toEqual(unexpected);
    expect(await failure(stripe.paymentIntents.cancel(id))).toEqual(unexpected);
    expect(await failure(stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" }))).toEqual(
      unexpected,
    );
    const { id: given } = await confirmed();
    expect((await stripe.paymentIntents.cancel(given)).status).toBe("canceled");
    expect(await failure(stripe.paymentIntents.cancel(given))).toEqual(unexpected);
    expect(await failure(stripe.paymentIntents.confirm(given, { payment_method: "pm_card_visa" }))).toEqual(
      unexpected,
    );
    expect(await failure(stripe.paymentIntents.update(given, { metadata: { a: "b" } }))).toEqual(unexpected);
  });

  it("changing the amount of what is authorised, capturing or cancelling what is processing", async () => {
    const { id } = await confirmed();
    expect(await failure(stripe.paymentIntents.update(id, { amount: 1_000 }))).toEqual(unexpected);
    expect((await stripe.paymentIntents.update(id, { metadata: { a: "b" } })).metadata).toMatchObject({
      a: "b",
    });
    const processing = await confirmed("pm_sandbox_processing");
    expect(processing.status).toBe("processing");
    expect(await failure(stripe.paymentIntents.cancel(processing.id))).toEqual(unexpected);
    expect(await failure(stripe.paymentIntents.capture(processing.id))).toEqual(unexpected);
  });

  it("refunding what is not captured, or more than is left", async () => {
    const { id } = await confirmed();
    expect(await failure(stripe.refunds.create({ payment_intent: id }))).toEqual(unexpected);
    await stripe.paymentIntents.capture(id);
    await stripe.refunds.create({ payment_intent: id, amount: 1_500 });
    expect(await failure(stripe.refunds.create({ payment_intent: id, amount: 501 }))).toEqual(
      invalid("amount_too_large"),
    );
    await stripe.refunds.create({ payment_intent: id });
    expect(await failure(stripe.refunds.create({ payment_intent: id }))).toEqual(
      invalid("charge_already_refunded"),
    );
  });

  it("amounts, currencies, methods, parameters and payments that it does not know", async () => {
    const create = (parameters: object) =>
      failure(stripe.paymentIntents.create({ amount: 100, currency: "usd", ...parameters }));
    expect(await create({ amount: 49 })).toEqual(invalid("amount_too_small"));
    expect(await create({ amount: 0 })).toEqual(invalid("amount_too_small"));
    expect(await create({ amount: 49, currency: "jpy" })).toEqual(invalid("amount_too_small"));
    expect(await create({ amount: 399, currency: "hkd" })).toEqual(invalid("amount_too_small"));
    expect(await create({ amount: 100_000_000 })).toEqual(invalid("amount_too_large"));
    expect(await create({ currency: "xxx" })).toEqual(invalid("parameter_invalid"));
    expect(await create({ colour: "red" })).toEqual(invalid("parameter_unknown"));
    expect(await create({ payment_method_types: ["card"] })).toEqual(
      invalid("payment_method_types_no_longer_supported"),
    );
    expect(await failure(stripe.paymentIntents.retrieve("pi_none"))).toEqual([
      "StripeInvalidRequestError",
      404,
      "invalid_request_error",
      "resource_missing",
    ]);
    expect(await failure(stripe.customers.create({}))).toEqual([
      "StripeInvalidRequestError",
      404,
      "invalid_request_error",
      undefined,
    ]);
    const { id } = await made();
    expect(await failure(stripe.paymentIntents.confirm(id))).toEqual(unexpected);
  });
});

it("lists newest first, by pages, from a time on", async () => {
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    ids.push((await made()).id);
  }
  const first = await stripe.paymentIntents.list({ limit: 2 });
  expect([first.has_more, first.data.map(({ id }) => id)]).toEqual([true, [ids[4], ids[3]]]);
  const second = await stripe.paymentIntents.list({ limit: 2, starting_after: ids[3] ?? "" });
  expect(second.data.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
  const back = await stripe.paymentIntents.list({ limit: 2, ending_before: ids[1] ?? "" });
  expect(back.data.map(({ id }) => id)).toEqual([ids[3], ids[2]]);
  const later = Math.floor(Date.now() / 1_000) + 60;
  expect(await stripe.paymentIntents.list({ created: { gte: later } })).toMatchObject({
    data: [],
    has_more: false,
  });
});
