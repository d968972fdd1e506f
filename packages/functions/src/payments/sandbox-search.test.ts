import Stripe from "stripe";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type SandboxProcess,
  sandboxKey,
  startSandbox,
} from "../testing/payments-conformance/start-sandbox.ts";
import { createStripeClient } from "./stripe-client.ts";

const minuteMs = 60_000;

let sandbox: SandboxProcess;
let stripe: Stripe;

beforeAll(async () => {
  sandbox = await startSandbox();
  stripe = createStripeClient({ secretKey: sandboxKey, baseUrl: sandbox.url });
});
afterAll(() => sandbox?.close());

async function made(order: string): Promise<string> {
  const { id } = await stripe.paymentIntents.create({ amount: 700, currency: "usd", metadata: { order } });
  return id;
}

const pass = (ms: number) => sandbox.post("/sandbox/pass-time", { ms });

const idsOf = async (order: string) =>
  (await stripe.paymentIntents.search({ query: `metadata['order']:'${order}'` })).data.map(({ id }) => id);

it("finds what was made a minute ago and not what was made now, and later when it is told so", async () => {
  const id = await made("late");
  expect(await idsOf("late")).toEqual([]);
  await pass(minuteMs - 1_000);
  expect(await idsOf("late")).toEqual([]);
  await pass(1_000);
  expect(await idsOf("late")).toEqual([id]);
  await sandbox.tell({ type: "index-late", ms: 3 * minuteMs });
  expect(await idsOf("late")).toEqual([]);
  await pass(2 * minuteMs);
  expect(await idsOf("late")).toEqual([id]);
  await sandbox.tell();
});

it("gives pages, newest first, and the objects as they are", async () => {
  const [first, second, third] = [await made("pages"), await made("pages"), await made("pages")];
  await made("other");
  await pass(minuteMs);
  await stripe.paymentIntents.cancel(first);
  const query = "metadata['order']:'PAGES'"; // the provider does not mind the case
  const page = await stripe.paymentIntents.search({ query, limit: 2 });
  expect(page).toMatchObject({ object: "search_result", has_more: true });
  expect(page.data.map(({ id }) => id)).toEqual([third, second]);
  const last = await stripe.paymentIntents.search({ query, limit: 2, page: page.next_page ?? "" });
  expect(last).toMatchObject({ has_more: false, next_page: null, data: [{ id: first, status: "canceled" }] });
});

it.each([
  ["another kind of query", { query: "status:'succeeded'" }],
  ["two clauses", { query: "metadata['order']:'a' OR metadata['order']:'b'" }],
  ["no end of a quotation", { query: "metadata['order']:'a" }],
  ["a quotation in one", { query: "metadata['order']:'a'b'" }],
  ["a page that it did not give", { query: "metadata['order']:'a'", page: "pi_none" }],
  ["too large a page", { query: "metadata['order']:'a'", limit: 101 }],
])("refuses %s", async (_, parameters) => {
  await expect(stripe.paymentIntents.search(parameters)).rejects.toBeInstanceOf(
    Stripe.errors.StripeInvalidRequestError,
  );
});
