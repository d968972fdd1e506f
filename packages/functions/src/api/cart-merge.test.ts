import { addUpdate, cartKey, isCartId, isOperationId } from "@antipode/core";
import { origin, replicateAll, sku, ulidAt } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import {
  add,
  expectProblem,
  linesOf,
  mergeGuest,
  type Opened,
  openCart,
  read,
  removeLine,
} from "../testing/shopper.ts";
import { adminToken, createTestApi, createTestApis, startMs, type TestApi } from "../testing/test-world.ts";

const lamp = "LAMP-BLACK";
const us = origin("us-east-1#1");
const lost = { type: "unavailable", operation: "", reason: "" } as const;

async function openTwo(api: TestApi): Promise<{ cart: Opened; guest: Opened }> {
  return { cart: await openCart(api), guest: await openCart(api) };
}

/** Puts that many adds of one unit into a cart, without the HTTP of each. */
async function fill(api: TestApi, cart: Opened, count: number, from = 20_000): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const operationId = ulidAt(startMs, from + index);
    if (!isCartId(cart.id) || !isOperationId(operationId)) {
      throw new Error("unreachable");
    }
    const line = { cartId: cart.id, operationId, sku: sku(lamp), quantity: 1, nowMs: startMs };
    await api.items.update("Carts", cartKey(cart.id, us), addUpdate(line));
  }
}

describe("merging a guest's cart", () => {
  test("adds its lines to the cart's, and leaves the guest's as it is", async () => {
    const api = createTestApi();
    const { cart, guest } = await openTwo(api);
    await add(api, cart, { quantity: 1 });
    await add(api, guest, { quantity: 2 });
    await add(api, guest, { sku: "DESK" });
    const response = await mergeGuest(api, cart, guest);
    expect(response.status).toBe(200);
    expect(await linesOf(response)).toEqual([
      { sku: "DESK", quantity: 1 },
      { sku: lamp, quantity: 3 },
    ]);
    expect(response.headers.get("etag")).toBe((await read(api, cart)).headers.get("etag"));
    expect(await linesOf(await read(api, guest))).toHaveLength(2);
  });

  test("in two regions at once, and again, counts every line once", async () => {
    const all = createTestApis();
    const [first, second] = all;
    if (first === undefined || second === undefined) {
      throw new Error("no regions");
    }
    const regions = all.map(({ items }) => items);
    const { cart, guest } = await openTwo(first);
    await add(first, guest, { quantity: 2 });
    replicateAll(regions, "Carts");
    for (const [index, api] of [first, second, first].entries()) {
      await mergeGuest(api, cart, guest, { key: ulidAt(startMs, 9_000 + index) });
    }
    replicateAll(regions, "Carts");
    for (const api of all) {
      expect(await linesOf(await read(api, cart))).toEqual([{ sku: lamp, quantity: 2 }]);
    }
  });

  test("does not bring back what was removed after a first merge", async () => {
    const api = createTestApi();
    const { cart, guest } = await openTwo(api);
    await add(api, guest);
    await mergeGuest(api, cart, guest);
    await removeLine(api, cart, lamp);
    expect(await linesOf(await mergeGuest(api, cart, guest))).toEqual([]);
  });

  test("of hundreds of changes takes several writes and answers all of them", async () => {
    const api = createTestApi();
    const { cart, guest } = await openTwo(api);
    await fill(api, guest, 350);
    const before = api.items.operations.length;
    const response = await mergeGuest(api, cart, guest);
    expect(await linesOf(response)).toEqual([{ sku: lamp, quantity: 350 }]);
    const writes = api.items.operations.slice(before).filter((operation) => operation.startsWith("Update"));
    expect(writes.length).toBeGreaterThan(1);
    expect(writes.length).toBeLessThanOrEqual(5);
  });

  test("cut short by a lost answer goes on when it is sent again, and counts once", async () => {
    const api = createTestApi();
    const { cart, guest } = await openTwo(api);
    await fill(api, guest, 250);
    const key = ulidAt(startMs, 9_100);
    api.items.failNext("UpdateItem", lost, { after: true });
    await expectProblem(await mergeGuest(api, cart, guest, { key }), 503, "unavailable");
    expect(await linesOf(await mergeGuest(api, cart, guest, { key }))).toEqual([
      { sku: lamp, quantity: 250 },
    ]);
    const etag = (await read(api, cart)).headers.get("etag");
    expect((await mergeGuest(api, cart, guest, { key })).headers.get("etag")).toBe(etag);
  });

  test("that does not fit is refused, and nothing of it is written", async () => {
    const api = createTestApi();
    const { cart, guest } = await openTwo(api);
    await fill(api, guest, 500);
    await add(api, cart);
    expect(await expectProblem(await mergeGuest(api, cart, guest), 409, "cart-full")).toMatchObject({
      limit: 500,
    });
    expect(await linesOf(await read(api, cart))).toEqual([{ sku: lamp, quantity: 1 }]);
  });

  test("of all that fits, into an item full of what was removed elsewhere, between other writers", async () => {
    const all = createTestApis();
    const [first, second] = all;
    if (first === undefined || second === undefined) {
      throw new Error("no regions");
    }
    const regions = all.map(({ items }) => items);
    const { cart, guest } = await openTwo(first);
    await fill(first, cart, 500);
    replicateAll(regions, "Carts");
    await removeLine(second, cart, lamp);
    await fill(first, guest, 499, 30_000);
    replicateAll(regions, "Carts");
    first.items.failNext("UpdateItem", { type: "contended", operation: "" }, { times: 4 });
    expect(await linesOf(await mergeGuest(first, cart, guest))).toEqual([{ sku: lamp, quantity: 499 }]);
  });

  test("that is being checked out is refused until that has ended", async () => {
    const api = createTestApi();
    const { cart, guest } = await openTwo(api);
    await add(api, guest, {}, ulidAt(startMs, 9_300));
    const begun = api.items.dump("Carts").map((item) => ({
      ...item,
      v: 2,
      "k#0": new Set([ulidAt(startMs, 9_300)]),
    }));
    api.items.load("Carts", begun);
    await expectProblem(await mergeGuest(api, cart, guest), 409, "cart-in-checkout");
  });

  test("by a key that stands for another change is refused", async () => {
    const api = createTestApi();
    const { cart, guest } = await openTwo(api);
    await add(api, guest);
    const key = ulidAt(startMs, 9_400);
    await add(api, cart, {}, key);
    await expectProblem(await mergeGuest(api, cart, guest, { key }), 422, "operation-id-reused");
  });
});

describe("the door of a guest's cart", () => {
  test("opens to the guest's own session only", async () => {
    const api = createTestApi();
    const { cart, guest } = await openTwo(api);
    const stranger = await openCart(api);
    await add(api, guest);
    const refused = [
      cart.token,
      stranger.token,
      "x.y.z",
      `${guest.token.slice(0, -4)}AAAA`,
      await adminToken(api.sessions),
    ];
    for (const token of refused) {
      await expectProblem(await mergeGuest(api, cart, { ...guest, token }), 403, "guest-session-refused");
    }
    expect(await linesOf(await read(api, cart))).toEqual([]);
    expect((await mergeGuest(api, cart, guest)).status).toBe(200);
  });

  test("is closed when the guest's session or cart is over", async () => {
    const api = createTestApi();
    const guest = await openCart(api);
    api.clock.advance(61 * 86_400_000);
    const cart = await openCart(api);
    await expectProblem(await mergeGuest(api, cart, guest), 403, "guest-session-refused");
    const later = await openCart(api);
    const old = `${later.id.slice(0, 31)}${ulidAt(startMs, 1)}`;
    await expectProblem(await mergeGuest(api, cart, { ...later, id: old }), 410, "cart-expired");
    const ahead = `${later.id.slice(0, 31)}${ulidAt(api.clock.nowMs() + 2 * 86_400_000, 1)}`;
    await expectProblem(await mergeGuest(api, cart, { ...later, id: ahead }), 404, "cart-not-found");
  });

  test("is asked for after the cart's own", async () => {
    const api = createTestApi();
    const { cart, guest } = await openTwo(api);
    await expectProblem(await mergeGuest(api, { ...cart, token: "" }, guest), 401, "unauthenticated");
    await expectProblem(
      await mergeGuest(api, { ...cart, token: guest.token }, guest),
      403,
      "cart-of-another-shopper",
    );
  });

  test("does not lead from a cart into itself", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    expect(await expectProblem(await mergeGuest(api, cart, cart), 422, "invalid-body")).toMatchObject({
      errors: [{ pointer: "#/cart" }],
    });
  });

  test.each([
    ["no cart's id", { id: "crt_1" }, "#/cart"],
    ["no token", { token: "" }, "#/token"],
    ["a token without end", { token: "x".repeat(2_049) }, "#/token"],
    ["a tag that is none", { seen: "us-east-1" }, "#/seen"],
  ])("is not found with %s", async (_what, wrong, pointer) => {
    const api = createTestApi();
    const { cart, guest } = await openTwo(api);
    const response = await mergeGuest(api, cart, { ...guest, ...wrong });
    expect(await expectProblem(response, 422, "invalid-body")).toMatchObject({ errors: [{ pointer }] });
    expect(api.items.operations).toEqual([]);
  });
});
