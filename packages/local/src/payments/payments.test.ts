import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "../cli/root.ts";
import { createFaults, type Faults } from "../faults/faults.ts";
import { createRandom } from "../links/random.ts";
import { createWallScheduler } from "../links/scheduler.ts";
import { createLinks } from "../links/world-links.ts";
import { probeFunction } from "../services/lambda/testing/probe-functions.ts";
import { createPayments, type Payments, takesPayments } from "./payments.ts";

const home = "us-east-1";
const peer = "eu-west-1";
const regions = [home, peer];
const payer = (region: string) =>
  probeFunction(region, { name: "Payer", links: { PaymentKey: { value: "sk_test_1" } } });

let apis: Record<string, Server>;
let faults: Faults;
let payments: Payments;
let hooks: string[];
let warnings: string[];

/** Stands in for a region's API: takes every webhook and notes it. */
async function startApi(region: string): Promise<Server> {
  const api = createServer((incoming, outgoing) => {
    incoming.resume();
    const signed = incoming.headers["stripe-signature"] === undefined ? "unsigned" : "signed";
    hooks.push(`${region}: ${incoming.method} ${incoming.url} ${signed}`);
    outgoing.end();
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  return api;
}

beforeEach(async () => {
  [hooks, warnings] = [[], []];
  apis = { [home]: await startApi(home), [peer]: await startApi(peer) };
  const scheduler = createWallScheduler();
  faults = createFaults({ regions, otherPlaces: ["outside", "payments"] });
  payments = await createPayments({
    regions,
    links: createLinks({ faults, random: createRandom(1), scheduler }),
    machine: scheduler,
    time: { scale: 1, sinceMs: 0 },
    main: path.join(root, "packages/payment-sandbox/src/main.ts"),
    port: 0,
    secrets: { PaymentKey: "sk_test_1", PaymentWebhookSecret: "whsec_1" },
    seed: 1,
    api: (region) => `http://127.0.0.1:${((apis[region] as Server).address() as AddressInfo).port}`,
    warn: (line) => warnings.push(line),
  });
  faults.watch(payments.followFaults);
});
afterEach(async () => {
  await payments.close();
  for (const api of Object.values(apis)) {
    api.closeAllConnections();
    await new Promise((resolve) => api.close(resolve));
  }
});

const hookOf = (region: string) => `${region}: POST /v1/payments/webhook signed`;

/** Makes a payment as a function of that region would; its status, or nothing when nobody answers. */
async function pay(region: string): Promise<number | undefined> {
  const [definition] = payments.withProvider([payer(region)]);
  try {
    const response = await fetch(`${definition?.environment["STRIPE_API_BASE"]}/v1/payment_intents`, {
      method: "POST",
      headers: { authorization: "Bearer sk_test_1", "content-type": "application/x-www-form-urlencoded" },
      body: "amount=100&currency=usd&capture_method=manual",
    });
    return response.status;
  } catch {
    return undefined;
  }
}

describe("payments", () => {
  it("are for functions that have the provider's key", () => {
    expect(takesPayments([probeFunction(home)])).toBe(false);
    expect(takesPayments([probeFunction(home), payer(home)])).toBe(true);
    const [other, here, there] = payments.withProvider([probeFunction(home), payer(home), payer(peer)]);
    expect(other).toEqual(probeFunction(home));
    const bases = [here, there].map((one) => one?.environment["STRIPE_API_BASE"]);
    expect(new Set(bases).size).toBe(2);
    for (const base of bases) expect(base).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(here?.environment["SETTING"]).toBe(`for ${home}`);
  });

  it("reach one provider from every region, whose webhooks reach the first", async () => {
    expect([await pay(home), await pay(peer)]).toEqual([200, 200]);
    expect(await payments.ledger()).toMatchObject({ payments: [{ amount: 100 }, { amount: 100 }] });
    await expect.poll(() => hooks).toEqual([hookOf(home), hookOf(home)]);
    expect(payments.status()).toEqual({ url: expect.stringMatching(/^http:/), running: true });
  });

  it("are as the world's faults say from the next call on", async () => {
    faults.apply({ type: "pay", set: { failShare: 1 } });
    expect(await pay(home)).toBe(500);
    faults.apply({ type: "pay", set: { failShare: 0, loseAnswerShare: 1 } });
    expect(await pay(home)).toBeUndefined();
    faults.apply({ type: "heal" });
    expect(await pay(home)).toBe(200);
    expect(await payments.ledger()).toMatchObject({ payments: [{}, {}] });
  });

  it("are out of reach from one region alone when its link is cut, webhooks included", async () => {
    faults.apply({ type: "cut", from: home, to: "payments" });
    expect([await pay(home), await pay(peer)]).toEqual([undefined, 200]);
    await new Promise((resolve) => setTimeout(resolve, 100)); // a webhook that got through would be there
    expect(hooks).toEqual([]);
    faults.apply({ type: "pay", set: { webhookTo: [peer] } });
    expect(await pay(peer)).toBe(200);
    await expect.poll(() => hooks).toEqual([hookOf(peer)]);
    faults.apply({ type: "heal" });
    // The provider tries again.
    await expect.poll(() => hooks, { timeout: 10_000 }).toEqual([hookOf(peer), hookOf(home)]);
    expect(warnings).toEqual([]);
  });

  it("are out of reach from a region that is down", async () => {
    faults.apply({ type: "down", region: home });
    expect([await pay(home), await pay(peer)]).toEqual([undefined, 200]);
  });
});
