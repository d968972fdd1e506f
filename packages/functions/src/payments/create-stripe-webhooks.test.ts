import { createServer } from "node:http";
import { testMethods } from "@antipode/core/testing";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
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
  sandboxWebhookSecret as secret,
  startSandbox,
} from "../testing/payments-conformance/start-sandbox.ts";
import { createStripePayments } from "./create-stripe-payments.ts";
import { createStripeWebhooks } from "./create-stripe-webhooks.ts";

const webhooks = createStripeWebhooks({ secret });
const nowMs = 1_700_000_000_000;

const sign = (payload: string, options: { timestamp?: number; secret?: string } = {}) =>
  Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp: nowMs / 1_000, ...options });

const eventOf = (object: unknown, more: object = {}) =>
  JSON.stringify({
    id: "evt_1",
    object: "event",
    type: "payment_intent.succeeded",
    data: { object },
    ...more,
  });

const orderId = newOrder();
const intent = {
  id: "pi_1",
  object: "payment_intent",
  metadata: { order: orderId, placement: placements[0] },
};

describe("a webhook", () => {
  it("is a hint of which order to look at", async () => {
    const hint = { eventId: "evt_1", orderId, placement: placements[0], paymentId: "pi_1" };
    const body = eventOf(intent);
    expect(await webhooks.read(body, await sign(body), nowMs)).toEqual({ ok: true, value: hint });
    const ofCharge = eventOf({ ...intent, object: "charge", id: "ch_1", payment_intent: "pi_1" });
    expect(await webhooks.read(ofCharge, await sign(ofCharge), nowMs)).toEqual({ ok: true, value: hint });
    const unclaimed = eventOf({ ...intent, metadata: { order: orderId } });
    expect(await webhooks.read(unclaimed, await sign(unclaimed), nowMs)).toEqual({
      ok: true,
      value: { eventId: "evt_1", orderId, paymentId: "pi_1" },
    });
  });

  it.each([
    ["failed", { refundFailed: true }],
    ["succeeded", {}],
  ])("of a refund that has %s says so by its own metadata", async (status, more) => {
    const body = eventOf({ ...intent, object: "refund", id: "re_1", payment_intent: "pi_1", status });
    const hint = { eventId: "evt_1", orderId, placement: placements[0], paymentId: "pi_1", ...more };
    expect(await webhooks.read(body, await sign(body), nowMs)).toEqual({ ok: true, value: hint });
  });

  it.each([
    ["of another application", { ...intent, metadata: { order: "4711" } }],
    ["of no application", { ...intent, metadata: {} }],
    ["of something else", { id: "cus_1", object: "customer", metadata: { order: orderId } }],
    ["of a charge without a payment", { ...intent, object: "charge", payment_intent: null }],
  ])("says nothing %s", async (_, object) => {
    const body = eventOf(object);
    expect(await webhooks.read(body, await sign(body), nowMs)).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ["of another secret", (body: string) => sign(body, { secret: "whsec_other" })],
    ["of another body", () => sign(`${eventOf(intent)} `)],
    ["that is too old", (body: string) => sign(body, { timestamp: nowMs / 1_000 - 301 })],
    ["that is none", async () => "t=1,v1=abc"],
    ["that is empty", async () => ""],
  ])("is refused for a signature %s", async (_, header) => {
    const body = eventOf(intent);
    const refusal = { ok: false, error: { type: "bad-signature" } };
    expect(await webhooks.read(body, await header(body), nowMs)).toEqual(refusal);
  });

  it("takes a signature for five minutes, by the time that it is given", async () => {
    const body = eventOf(intent);
    const header = await sign(body);
    expect(await webhooks.read(body, header, nowMs + 300_000)).toMatchObject({ ok: true });
    expect(await webhooks.read(body, header, nowMs + 301_000)).toMatchObject({ ok: false });
  });

  it.each(["not json", "[]", "null", '{"object":"event"}', '{"id":"evt_1","object":"v2.core.event"}'])(
    "is malformed though its signature is good: %s",
    async (body) => {
      expect(await webhooks.read(body, await sign(body), nowMs)).toMatchObject({
        ok: false,
        error: { type: "malformed" },
      });
    },
  );
});

describe("the sandbox's webhooks", () => {
  const heard: { readonly at: string; readonly eventId: string; readonly refundFailed?: true }[] = [];
  const receivers = [0, 1].map((index) =>
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", async () => {
        const body = Buffer.concat(chunks).toString("utf8");
        const hint = await webhooks.read(body, String(request.headers["stripe-signature"]), Date.now());
        const first = !heard.some(({ at }) => at === "failed once");
        if (index === 0 && first) {
          heard.push({ at: "failed once", eventId: "" });
          response.writeHead(503).end();
          return;
        }
        const { eventId = "foreign", refundFailed } = (hint.ok ? hint.value : { eventId: "bad" }) ?? {};
        heard.push({ at: `region-${index}`, eventId, ...(refundFailed ? { refundFailed } : {}) });
        response.end();
      });
    }),
  );
  let sandbox: SandboxProcess;

  beforeAll(async () => {
    const urls: string[] = [];
    for (const [index, receiver] of receivers.entries()) {
      await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
      const address = receiver.address();
      const port = typeof address === "object" ? address?.port : undefined;
      urls.push(`region-${index}=http://127.0.0.1:${port}/`);
    }
    sandbox = await startSandbox({ webhookUrls: urls });
  });
  afterAll(async () => {
    await sandbox?.close();
    for (const receiver of receivers) {
      receiver.closeAllConnections();
      receiver.close();
    }
  });

  const authorize = async () => {
    const stripe = createStripePayments({ secretKey: sandboxKey, baseUrl: sandbox.url });
    const claim = { orderId: newOrder(), placement: placements[0], amount: amounts[0] };
    const attempt = attemptOf(answered(await stripe.claim(claim)));
    answered(await stripe.authorize({ ...attempt, method: testMethods.approved }));
    return { stripe, attempt };
  };
  const events = (at: string) => heard.filter((event) => event.at === at).map(({ eventId }) => eventId);

  it("are signed, tried again, and go to the first address", async () => {
    await authorize();
    await vi.waitFor(() => expect(new Set(events("region-0")).size).toBe(2), 5_000);
    expect(events("region-0")).not.toContain("bad");
    expect(events("region-1")).toEqual([]);
  });

  it("come twice, late, and elsewhere when told to", async () => {
    heard.splice(1);
    await sandbox.tell(
      { type: "webhook-twice" },
      { type: "webhook-late", ms: 100 },
      { type: "webhook-elsewhere", to: ["region-1"] },
    );
    await authorize();
    expect(heard).toHaveLength(1);
    await vi.waitFor(() => expect(events("region-1")).toHaveLength(4), 5_000);
    expect(new Set(events("region-1")).size).toBe(2);
    await sandbox.tell({ type: "webhook-elsewhere", to: "round-robin" });
    await authorize();
    await vi.waitFor(
      () => expect([events("region-0").length, events("region-1").length]).toEqual([1, 5]),
      5_000,
    );
  });

  it("tell that a refund has failed, by the order that the shop named on it", async () => {
    const { stripe, attempt } = await authorize();
    answered(await stripe.capture(attempt));
    answered(await stripe.refund(attempt));
    expect(await sandbox.post(`/sandbox/payments/${attempt.paymentId}/fail-refund`, {})).toBe(200);
    await vi.waitFor(
      () => expect(heard.filter(({ refundFailed }) => refundFailed === true)).toHaveLength(1),
      5_000,
    );
    expect(await sandbox.post(`/sandbox/payments/${attempt.paymentId}/fail-refund`, {})).toBe(404);
  });
});
