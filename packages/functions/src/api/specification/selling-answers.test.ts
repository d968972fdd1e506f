import type { StorageError } from "@antipode/core";
import { ulidAt } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import { newKey } from "../../testing/buyer.ts";
import { mountedRoutes } from "../../testing/mounted-routes.ts";
import { cancel, fulfil } from "../../testing/order-requests.ts";
import {
  type GoodRequest,
  openReadyShop,
  type ReadyShop,
  type SellingDoor,
  sellingDoors,
  sendTo,
} from "../../testing/selling-doors.ts";
import { sellingRefusals } from "../../testing/selling-refusals.ts";
import { openCart } from "../../testing/shopper.ts";
import { createAnswerChecker } from "../../testing/specified-answers.ts";
import { startMs } from "../../testing/test-world.ts";
import { type ProblemName, problems, problemType } from "../problems.ts";
import { buildSpecification } from "./build-specification.ts";
import { namedContracts } from "./contracts.ts";
import { specifiedPath } from "./operations.ts";
import { refusalsOf } from "./refusals.ts";

const checker = createAnswerChecker(buildSpecification());

type Provoke = (door: SellingDoor) => Promise<Response>;

/** A request of which one thing is wrong. */
const spoiled =
  (spoil: (good: GoodRequest, ready: ReadyShop) => Partial<GoodRequest>): Provoke =>
  async (door) => {
    const ready = await openReadyShop();
    return sendTo(door, ready, (good) => spoil(good, ready));
  };

const withHeaders = (more: Record<string, string>) =>
  spoiled(({ headers }) => ({ headers: { ...headers, ...more } }));

/** A good request to a shop that something has befallen. */
const after =
  (befall: (ready: ReadyShop) => void): Provoke =>
  async (door) => {
    const ready = await openReadyShop();
    befall(ready);
    return sendTo(door, ready);
  };

const failing = (error: StorageError, operations: readonly string[] = [""]) =>
  after(({ us }) => {
    for (const operation of operations) us.items.failNext(operation, error, { times: 99 });
  });

const broken = new Proxy(
  {},
  {
    get: () => () => {
      throw new Error("a bug");
    },
  },
);

/** Refusals by what a path takes, the same for all that take it. */
const common: Readonly<Partial<Record<ProblemName, Provoke>>> = {
  "malformed-request": spoiled(({ path }) => ({ path: `${path}?nobody=1` })),
  internal: after(({ us }) => Object.assign(us.deps, { items: broken, sessions: broken, webhooks: broken })),
  unauthenticated: spoiled(({ headers: { Authorization: _, ...headers } }) => ({ headers })),
  "session-expired": after(({ world }) => world.clock.advance(61 * 86_400_000)),
  "admin-scope-needed": spoiled(({ headers }, { cart }) => ({
    headers: { ...headers, Authorization: `Bearer ${cart.token}` },
  })),
  "body-too-large": spoiled(() => ({ body: "x".repeat(64 * 1024 + 1) })),
  "unsupported-media-type": withHeaders({ "Content-Type": "text/plain" }),
  "invalid-body": spoiled(() => ({ body: "[]" })),
  "operation-too-old": withHeaders({ "Idempotency-Key": ulidAt(startMs - 90_000_000, 1) }),
  "operation-too-far-ahead": withHeaders({ "Idempotency-Key": ulidAt(startMs + 400_000, 1) }),
  "not-covered": withHeaders({ "Consistency-Token": "eu-west-1#1:99", Prefer: "consistency=strict" }),
  "stored-data-not-understood": failing({ type: "unreadable", operation: "", reason: "" }),
  throttled: failing({ type: "throttled", operation: "" }),
  unavailable: failing({ type: "unavailable", operation: "", reason: "" }),
  contended: failing({ type: "contended", operation: "" }, ["PutItem", "UpdateItem", "Transact"]),
};

const good: Provoke = async (door) => sendTo(door, await openReadyShop());

const another = (from: string, to: string) => spoiled(({ path }) => ({ path: path.replace(from, to) }));

/** The token of a shopper who has nothing to do with it. */
const byAnother: Provoke = async (door) => {
  const ready = await openReadyShop();
  const { token } = await openCart(ready.us);
  return sendTo(door, ready, ({ headers }) => ({
    headers: { ...headers, Authorization: `Bearer ${token}` },
  }));
};

const known: Provoke = async (door) => {
  const ready = await openReadyShop();
  const etag = (await sendTo(door, ready)).headers.get("etag") ?? "";
  return sendTo(door, ready, ({ headers }) => ({ headers: { ...headers, "If-None-Match": etag } }));
};

const covered = withHeaders({ "Consistency-Token": "us-east-1#1:1", Prefer: "consistency=strict" });

/** In a region where the order was not placed. */
const elsewhere: Provoke = async (door) => {
  const ready = await openReadyShop();
  await ready.world.replicate();
  return sendTo(door, { ...ready, us: ready.eu });
};

/** A request whose key was used for another one of the order. */
const keyReused: Provoke = async (door) => {
  const ready = await openReadyShop();
  const key = newKey(ready.us);
  await fulfil(ready.us, ready.order, "deliver", { key });
  return sendTo(door, ready, ({ headers }) => ({ headers: { ...headers, "Idempotency-Key": key } }));
};

/** What the order's state rules out for good. */
const tooLate: Provoke = async (door) => {
  const ready = await openReadyShop();
  await (door.endsWith("fulfilments")
    ? cancel(ready.us, ready.cart, ready.order)
    : fulfil(ready.us, ready.order, "ship"));
  return sendTo(door, ready);
};

const unpaid = after(({ world }) => world.payments.faultWith(() => ({ lost: "request" })));

const as =
  (what: keyof typeof sellingRefusals): Provoke =>
  async () => {
    const refuse = sellingRefusals[what];
    if (refuse === undefined) {
      throw new Error(what);
    }
    return refuse();
  };

const requests: Readonly<Record<string, Provoke>> = {
  "200": covered,
  "202": elsewhere,
  "order-not-found": another("ord_", "ord_1"),
  "order-state": tooLate,
  "operation-id-reused": keyReused,
};

/** The answers and refusals of each path that the common ones are not. */
const special: Readonly<Record<SellingDoor, Readonly<Record<string, Provoke>>>> = {
  "POST /v1/carts/{cartId}/checkout": {
    "201": covered,
    "202": unpaid,
    "cart-of-another-shopper": byAnother,
    "cart-not-found": another("crt_", "crt_1"),
    "cart-expired": spoiled(({ path }, { cart }) => ({
      path: path.replace(cart.id.slice(31), ulidAt(startMs - 61 * 86_400_000, 1)),
    })),
    "cart-empty": as("an empty cart"),
    "cart-changed": as("lines that the cart does not have"),
    "not-covered": async (door) => {
      const { world, us, eu, ...ready } = await openReadyShop();
      world.cut("us-east-1", "eu-west-1");
      const headers = { "Consistency-Token": "eu-west-1#1:99", Prefer: "consistency=strict" };
      return sendTo(door, { world, us, eu, ...ready }, (good) => ({
        headers: { ...good.headers, ...headers },
      }));
    },
    "token-of-another": as("another cart's token"),
    "cart-not-covered": as("a cart of which something is elsewhere"),
    "cart-in-checkout": as("a cart whose checkout is open"),
    "sku-not-sold": as("what nobody sells"),
    "prices-changed": as("prices that are others by now"),
    "stock-short": as("more than there is"),
    "checkout-superseded": as("a checkout that came second"),
    "checkout-expired": as("a checkout that was not paid in time"),
    "payment-declined": as("a card that is declined"),
    "amount-not-chargeable": as("an amount that no card is charged"),
    "payment-method-needed": as("no payment method"),
    "region-away": as("a checkout that has ended elsewhere"),
    "not-selling": as("a region that nobody has heard"),
    "operation-id-reused": as("a key for two checkouts"),
  },
  "GET /v1/orders": { "200": good },
  "GET /v1/orders/{orderId}": {
    "200": covered,
    "304": known,
    "order-not-found": another("ord_", "ord_1"),
    "order-of-another-shopper": byAnother,
  },
  "POST /v1/orders/{orderId}/cancellations": { ...requests, "order-of-another-shopper": byAnother },
  "POST /v1/orders/{orderId}/fulfilments": requests,
  "GET /v1/stock/{sku}": { "200": good, "sku-not-found": another("LAMP", "VASE") },
  "GET /v1/stock/{sku}/cells": { "200": good, "sku-not-found": another("LAMP", "VASE") },
  "POST /v1/stock/{sku}/deliveries": {
    "201": good,
    "sku-not-found": another("LAMP", "lamp"),
    "region-away": as("a delivery for a region that is away"),
    "operation-id-reused": as("a key for two deliveries"),
  },
  "POST /v1/payments/webhook": {
    "200": good,
    "signature-refused": as("an event that is not the provider's"),
    "region-away": as("an event for a region that is away"),
  },
};

/** The provider is told to come again, whatever the order cannot be read for: it can act upon nothing else. */
const neverAnswered = ["POST /v1/payments/webhook stored-data-not-understood"];

const doors = Object.keys(sellingDoors) as SellingDoor[];
const cases = doors.flatMap((door) => {
  const found = namedContracts.find(
    ({ contract }) => `${contract.method} ${specifiedPath(contract.path)}` === door,
  );
  if (found === undefined) {
    throw new Error(`${door} is not specified`);
  }
  const { contract } = found;
  return [...Object.keys(contract.answers), ...refusalsOf(contract)]
    .map((what) => [door, what] as const)
    .filter((pair) => !neverAnswered.includes(pair.join(" ")));
});

describe("each answer that the specification has of Checkout is answered, and as specified:", () => {
  test.each(cases)("%s %s", async (door, what) => {
    const provoke = special[door][what] ?? common[what as ProblemName];
    if (provoke === undefined) {
      throw new Error(`nobody knows how ${door} comes to ${what}`);
    }
    const response = await provoke(door);
    const text = await response.clone().text();
    const status = what in problems ? problems[what as ProblemName].status : Number(what);
    expect([response.status, text]).toEqual([status, expect.anything()]);
    if (what in problems) {
      expect(JSON.parse(text)).toMatchObject({ type: problemType(what as ProblemName) });
    }
    expect(response.headers.get("cache-control")).toMatch(/no-store|no-cache/); // of shoppers or of the moment, all of it
    const [method = "", path = ""] = door.split(" ");
    expect(await checker.faults(method, path, response)).toEqual([]);
  });

  test("there is no path of Checkout without them", () => {
    const served = mountedRoutes().checkout.map(
      ({ contract }) => `${contract.method} ${specifiedPath(contract.path)}`,
    );
    expect(doors.toSorted()).toEqual(served.toSorted());
  });
});
