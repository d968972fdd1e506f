import { cartKey, isCartId, operationsPerItemMax } from "@antipode/core";
import { origin, replicateAll, ulidAt } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import { add, expectProblem, linesOf, openCart, read, removeLine, setQuantity } from "../testing/shopper.ts";
import { createTestApi, createTestApis, startMs, type TestApi } from "../testing/test-world.ts";

const lamp = "LAMP-BLACK";
const lost = { type: "unavailable", operation: "", reason: "" } as const;

function twoRegions(): { us: TestApi; eu: TestApi; replicate: () => void } {
  const all = createTestApis();
  const [us, eu] = all;
  if (us === undefined || eu === undefined) {
    throw new Error("no regions");
  }
  const regions = all.map(({ items }) => items);
  return { us, eu, replicate: () => replicateAll(regions, "Carts") };
}

describe("setting a line's quantity", () => {
  test("replaces what was there, answers the merged cart, and is one read and one write", async () => {
    const { us, eu, replicate } = twoRegions();
    const cart = await openCart(us);
    await add(us, cart, { quantity: 4 });
    await add(us, cart, { sku: "DESK" });
    replicate();
    const response = await setQuantity(eu, cart, lamp, 2);
    expect(response.status).toBe(200);
    expect(await linesOf(response)).toEqual([
      { sku: "DESK", quantity: 1 },
      { sku: lamp, quantity: 2 },
    ]);
    expect(response.headers.get("etag")).toBe('"eu-west-1#1:1;us-east-1#1:2"');
    expect(response.headers.get("cache-control")).toBe("private, no-cache");
    expect(response.headers.get("consistency")).toBeNull();
    expect(eu.items.operations).toEqual(["Query Carts", "UpdateItem Carts"]);
  });

  test("to 0 takes the line away, and to anything makes one", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    expect(await linesOf(await setQuantity(api, cart, lamp, 7))).toEqual([{ sku: lamp, quantity: 7 }]);
    expect(await linesOf(await setQuantity(api, cart, lamp, 0))).toEqual([]);
  });

  test.each([
    ["a negative quantity", { quantity: -1 }, "#/quantity"],
    ["a hundred units", { quantity: 100 }, "#/quantity"],
    ["half a unit", { quantity: 0.5 }, "#/quantity"],
    ["no quantity", {}, "#/quantity"],
    ["another SKU in the body", { quantity: 1, sku: "DESK" }, "#"],
  ])("to %s is refused, with its place", async (_what, body, pointer) => {
    const api = createTestApi();
    const cart = await openCart(api);
    const response = await api.app.request(`/v1/carts/${cart.id}/lines/${lamp}`, {
      method: "PUT",
      headers: {
        Authorization: `Bearer ${cart.token}`,
        "Content-Type": "application/json",
        "Idempotency-Key": ulidAt(startMs, 3_000),
      },
      body: JSON.stringify(body),
    });
    expect(await expectProblem(response, 422, "invalid-body")).toMatchObject({ errors: [{ pointer }] });
    expect(api.items.operations).toEqual([]);
  });

  test("in a full cart is refused, and nothing is written", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    if (!isCartId(cart.id)) {
      throw new Error(cart.id);
    }
    const operations = Array.from({ length: operationsPerItemMax }, (_, index) => [
      `o#${ulidAt(startMs, 10_000 + index)}`,
      "DESK|+|1",
    ]);
    const full = { ...cartKey(cart.id, origin("us-east-1#1")), ...Object.fromEntries(operations) };
    api.items.load("Carts", [{ ...full, v: 500, n: operationsPerItemMax }]);
    expect(await expectProblem(await setQuantity(api, cart, lamp, 1), 409, "cart-full")).toMatchObject({
      limit: operationsPerItemMax,
    });
    expect(api.items.dump("Carts")[0]?.["v"]).toBe(500);
    const room = await removeLine(api, cart, "DESK");
    expect(await linesOf(room)).toEqual([]);
  });
});

describe("removing a line", () => {
  test("takes what was seen; what was added elsewhere meanwhile stays", async () => {
    const { us, eu, replicate } = twoRegions();
    const cart = await openCart(us);
    await add(us, cart, { quantity: 4 });
    replicate();
    await add(us, cart, { quantity: 3 });
    const response = await removeLine(eu, cart, lamp);
    expect([response.status, await linesOf(response)]).toEqual([200, []]);
    replicate();
    for (const api of [us, eu]) {
      expect(await linesOf(await read(api, cart))).toEqual([{ sku: lamp, quantity: 3 }]);
    }
  });

  test("that is not there is done all the same", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    const response = await removeLine(api, cart, lamp);
    expect([response.status, await linesOf(response)]).toEqual([200, []]);
  });
});

const changes: [
  string,
  (api: TestApi, cart: Awaited<ReturnType<typeof openCart>>, key: string) => Promise<Response>,
][] = [
  ["setting", (api, cart, key) => setQuantity(api, cart, lamp, 5, { key })],
  ["removing", (api, cart, key) => removeLine(api, cart, lamp, { key })],
];

describe.each(changes)("%s", (what, send) => {
  const expected = what === "setting" ? [{ sku: lamp, quantity: 5 }] : [];
  const key = ulidAt(startMs, 2_000);

  test("sent again changes nothing and answers the cart as it is by then", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    await send(api, cart, key);
    await add(api, cart, { quantity: 2 });
    const before = await read(api, cart);
    const again = await send(api, cart, key.toLowerCase());
    expect(again.headers.get("etag")).toBe(before.headers.get("etag"));
    expect(await linesOf(again)).toEqual(await linesOf(before));
  });

  test("retried after the store took it without saying so is done once", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    await add(api, cart, { quantity: 2 });
    api.items.failNext("UpdateItem", lost, { after: true });
    await expectProblem(await send(api, cart, key), 503, "unavailable");
    await add(api, cart, { sku: "DESK" });
    const retried = await send(api, cart, key);
    expect(await linesOf(retried)).toEqual([{ sku: "DESK", quantity: 1 }, ...expected]);
    expect(retried.headers.get("etag")).toBe('"us-east-1#1:3"');
  });

  test("retried in another region is the same operation, before and after it has arrived there", async () => {
    const { us, eu, replicate } = twoRegions();
    const cart = await openCart(us);
    await add(us, cart, { quantity: 2 });
    replicate();
    us.items.failNext("UpdateItem", lost, { after: true });
    await expectProblem(await send(us, cart, key), 503, "unavailable");
    expect(await linesOf(await send(eu, cart, key))).toEqual(expected);
    replicate();
    for (const api of [us, eu]) {
      expect(await linesOf(await send(api, cart, key))).toEqual(expected);
    }
    expect((await read(us, cart)).headers.get("etag")).toBe('"eu-west-1#1:1;us-east-1#1:2"');
  });

  test("by a key that stands for another change is refused", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    await add(api, cart, {}, key);
    await expectProblem(await send(api, cart, key), 422, "operation-id-reused");
    const other = ulidAt(startMs, 2_001);
    await send(api, cart, other);
    await expectProblem(await add(api, cart, {}, other), 422, "operation-id-reused");
  });

  test.each([
    ["read", "Query", "throttled"],
    ["write", "UpdateItem", "throttled"],
    ["write", "UpdateItem", "unavailable"],
  ] as const)("while the store's %s fails (%s, %s) asks to come again", async (_what, operation, type) => {
    const api = createTestApi();
    const cart = await openCart(api);
    api.items.failNext(operation, { type, operation, reason: "" });
    await expectProblem(await send(api, cart, key), 503, type);
    expect(api.items.dump("Carts")).toEqual([]);
  });

  test("met by transactions goes on, and gives up after five", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    const contended = { type: "contended", operation: "UpdateItem Carts" } as const;
    api.items.failNext("UpdateItem", contended, { times: 4 });
    expect((await send(api, cart, key)).status).toBe(200);
    api.items.failNext("UpdateItem", contended, { times: 5 });
    const refused = await send(api, cart, ulidAt(startMs, 2_002));
    await expectProblem(refused, 409, "contended");
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(api.items.operations.filter((operation) => operation === "UpdateItem Carts")).toHaveLength(10);
  });

  test("met by many requests of its own shopper says nothing against the region", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    api.items.failNext("UpdateItem", { type: "contended", operation: "UpdateItem Carts" }, { times: 5 });
    const refused = await send(api, cart, key);
    expect(refused.status).toBeLessThan(500); // all of these are the region's own failures to its alarms
    expect(api.log.entries.filter(({ level }) => level !== "info")).toMatchObject([
      { level: "warn", message: "contended" },
    ]);
    expect(api.measurements.recorded).toEqual([]);
  });

  test.each(["lamp", "LAMP%7C%2B%7C9", "LAMP%23", "%00", "__proto__", "A".repeat(41)])(
    "%s, which no SKU is, finds no line",
    async (sku) => {
      const api = createTestApi();
      const cart = await openCart(api);
      const response = await (what === "setting"
        ? setQuantity(api, cart, sku, 1)
        : removeLine(api, cart, sku));
      await expectProblem(response, 404, "line-not-found");
      expect(api.items.operations).toEqual([]);
    },
  );

  test("asks for a session of the cart's shopper", async () => {
    const api = createTestApi();
    const [mine, yours] = [await openCart(api), await openCart(api)];
    await expectProblem(await send(api, { ...mine, token: "x" }, key), 401, "unauthenticated");
    await expectProblem(
      await send(api, { ...mine, token: yours.token }, key),
      403,
      "cart-of-another-shopper",
    );
    await expectProblem(await send(api, { ...mine, id: "crt_1" }, key), 404, "cart-not-found");
    await expectProblem(await send(api, mine, "retry-1"), 400, "malformed-request");
    expect(api.items.operations).toEqual([]);
  });

  test("an item that nobody understands changes nothing", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    await add(api, cart);
    const [item] = api.items.dump("Carts");
    api.items.load("Carts", item === undefined ? [] : [{ ...item, sk: "R#eu-west-1#1", future: 1 }]);
    await expectProblem(await send(api, cart, key), 500, "stored-data-not-understood");
    expect(api.items.dump("Carts").find(({ sk }) => sk === "R#us-east-1#1")?.["v"]).toBe(1);
  });
});
