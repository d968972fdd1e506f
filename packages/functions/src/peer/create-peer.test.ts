import {
  makeCellId,
  type OrderId,
  type Origin,
  originRegion,
  type Placement,
  placementOf,
  type Sku,
} from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { fence } from "../control/fence.ts";
import { readOrder } from "../orders/read-order.ts";
import { witnessRequest } from "../orders/witness.ts";
import { buy, deliverTo, filledCart, newKey, placedIn } from "../testing/buyer.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { createPeer } from "./create-peer.ts";

const unavailable = { type: "unavailable" as const, operation: "", reason: "connect ECONNREFUSED" };

let world: TestShops;
let us: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  await world.beat();
  await deliverTo(us, "LAMP", 5);
});

const usCell = makeCellId("us-east-1#1" as Origin, 0);
const euCell = makeCellId("eu-west-1#1" as Origin, 0);
const lampAsk = { sku: "LAMP" as Sku, from: usCell, to: euCell, target: 2 };

const ask = (request: object, shop = us) => createPeer(shop.deps)(request);
const askGrants = (asks: readonly object[], shop = us) => ask({ type: "grant", asks }, shop);

/** Of the refusals that the log has, the last one. */
const logged = ({ log } = us) => log.entries.findLast(({ level }) => level === "warn");

const lampGrant = { sku: "LAMP", from: usCell, to: euCell, granted: 2 };

describe("a peer that is asked for units", () => {
  test("grants them, once for a target", async () => {
    for (let times = 0; times < 2; times += 1) {
      expect(await askGrants([lampAsk])).toEqual({ type: "granted", grants: [lampGrant] });
    }
  });

  test("refuses without a lease, and its log names the ask", async () => {
    const cold = createTestShops().shop("us-east-1");
    await deliverTo(cold, "LAMP", 5);
    expect(await askGrants([lampAsk], cold)).toEqual({ type: "refused", reason: "no-lease" });
    expect(logged(cold)).toMatchObject({ request: "grant", ...lampAsk });
  });

  test("refuses a region that was given up", async () => {
    await fence(us.deps, { lost: "eu-west-1#1" as Origin, reclaimer: "ap-south-1#1" as Origin });
    expect(await askGrants([lampAsk])).toEqual({ type: "refused", reason: "region-fenced" });
    expect(us.items.dump("Stock").some((item) => `g#${euCell}` in item)).toBe(false);
  });

  test("answers the grants that it has made when it refuses another ask", async () => {
    const foreign = { ...lampAsk, from: makeCellId("ap-south-1#1" as Origin, 0) };
    for (const asks of [
      [lampAsk, foreign],
      [lampAsk, { ...foreign, sku: "TENT" }],
    ]) {
      expect(await askGrants(asks)).toEqual({ type: "granted", grants: [lampGrant] });
      expect(logged()).toMatchObject({ request: "grant", from: foreign.from, sku: asks[1]?.sku });
    }
  });

  test("refuses by the kind of a storage error, and says no more of itself", async () => {
    us.items.failNext("Query Stock", unavailable);
    expect(await askGrants([lampAsk])).toEqual({ type: "refused", reason: "unavailable" });
    expect(logged()).toMatchObject({ sku: "LAMP", cause: unavailable });
  });

  test("does not take more than a delivery may bring", async () => {
    const delivery = { type: "deliver", operationId: newKey(us), sku: "LAMP" };
    expect(await ask({ ...delivery, quantity: 1_000_000 })).toEqual({ type: "delivered" });
    await expect(ask({ ...delivery, quantity: 1_000_001 })).rejects.toThrow();
  });
});

describe("a peer's refusal", () => {
  /** An order that was placed here, as its region has it. */
  async function placed(): Promise<{ orderId: OrderId; placement: Placement; request: object }> {
    const { order } = await placedIn(await buy(us, await filledCart(us)));
    const orderId = order.id as OrderId;
    const replicas = await readOrder(us.deps, orderId);
    const placement = replicas.ok ? placementOf(replicas.value, us.deployment.origin) : undefined;
    const allocation = replicas.ok ? replicas.value.allocations.get(us.deployment.origin) : undefined;
    if (placement === undefined || allocation === undefined) {
      throw new Error("not placed");
    }
    return { orderId, placement, request: witnessRequest(placement, allocation) };
  }

  test("of an order's next step names the step, and its log the order", async () => {
    const { orderId } = await placed();
    us.items.failNext("Query Orders", unavailable);
    expect(await ask({ type: "advance", orderId })).toEqual({ type: "refused", reason: "step-failed: read" });
    expect(logged()).toMatchObject({ request: "advance", orderId });
  });

  test("of a witness names the order in the log", async () => {
    const { orderId, placement, request } = await placed();
    expect(originRegion(placement.origin)).toBe("us-east-1");
    expect(await ask(request)).toEqual({ type: "refused", reason: "the own placement" });
    expect(logged()).toMatchObject({ request: "witness", orderId });
    expect(await ask({ ...request, placed: { pk: { N: "x" } } })).toEqual({
      type: "refused",
      reason: "not items",
    });
  });

  test("of a delivery names it in the log", async () => {
    const operationId = newKey(us);
    us.items.failNext("Query Stock", unavailable);
    expect(await ask({ type: "deliver", operationId, sku: "LAMP", quantity: 1 })).toEqual({
      type: "refused",
      reason: "unavailable",
    });
    expect(logged()).toMatchObject({ request: "deliver", operationId, sku: "LAMP" });
  });

  test("of a fence names the region that was to be given up", async () => {
    const request = { type: "fence", lost: "us-east-1#1", reclaimer: "eu-west-1#1" };
    expect(await ask(request)).toEqual({ type: "refused", reason: "not-another-region" });
    expect(logged()).toMatchObject({ request: "fence", lost: "us-east-1#1" });
  });
});
