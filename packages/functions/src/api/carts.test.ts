import { cartKey, isCartId, markersPerItemMax, operationsPerItemMax } from "@antipode/core";
import { origin, replicateAll, ulidAt } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import {
  add,
  expectProblem,
  type Line,
  linesOf,
  mergeGuest,
  type Opened,
  openCart,
  read,
  removeLine,
  setQuantity,
} from "../testing/shopper.ts";
import { createTestApi, createTestApis, startMs, type TestApi } from "../testing/test-world.ts";
import { createApi } from "./create-api.ts";
import { cartSchema } from "./routes/carts/contract.ts";

const lamp = "LAMP-BLACK";

function twoRegions(): { us: TestApi; eu: TestApi; replicate: () => void } {
  const all = createTestApis();
  const [us, eu] = all;
  if (us === undefined || eu === undefined) {
    throw new Error("no regions");
  }
  const regions = all.map(({ items }) => items);
  return { us, eu, replicate: () => replicateAll(regions, "Carts") };
}

describe("making a cart", () => {
  test("writes nothing, and the cart is empty everywhere", async () => {
    const [us, eu] = createTestApis();
    if (us === undefined || eu === undefined) {
      throw new Error("no regions");
    }
    const cart = await openCart(us);
    expect(us.items.operations).toEqual([]);
    const response = await read(eu, cart);
    expect(cartSchema.parse(await response.json())).toEqual({ id: cart.id, generation: 0, lines: [] });
    expect(response.headers.get("etag")).toBe('"0"');
  });

  test("with a good token keeps the shopper; with a bad one begins a new session", async () => {
    const api = createTestApi();
    const first = await openCart(api);
    const second = await openCart(api, { Authorization: `Bearer ${first.token}` });
    expect(second.token).toBe(first.token);
    expect(second.id.slice(0, 30)).toBe(first.id.slice(0, 30));
    const third = await openCart(api, { Authorization: "Bearer nonsense" });
    expect(third.id.slice(0, 30)).not.toBe(first.id.slice(0, 30));
  });
});

describe("adding a line", () => {
  test("is one write beside one read, and answers the merged cart", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    const response = await add(api, cart, { quantity: 2 });
    expect(response.status).toBe(200);
    expect(response.headers.get("etag")).toBe('"us-east-1#1:1"');
    expect(await linesOf(response)).toEqual([{ sku: "LAMP-BLACK", quantity: 2 }]);
    expect([...api.items.operations].sort()).toEqual(["Query Carts", "UpdateItem Carts"]);
  });

  test("is in the answer although the read beside it came first", async () => {
    const { items } = createTestApi();
    const api = createTestApi("us-east-1", {
      items: { ...items, queryPartition: async () => ({ ok: true, value: [] }) },
    });
    expect(await linesOf(await add(api, await openCart(api)))).toEqual([{ sku: "LAMP-BLACK", quantity: 1 }]);
  });

  test("sent again with its key changes nothing and answers the same", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    const key = ulidAt(startMs, 900);
    const first = await add(api, cart, {}, key);
    const again = await add(api, cart, {}, key.toLowerCase());
    expect(again.status).toBe(200);
    expect(again.headers.get("etag")).toBe(first.headers.get("etag"));
    expect(await linesOf(again)).toEqual(await linesOf(first));
  });

  test("retried after the store took it without saying so counts once", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    const key = ulidAt(startMs, 901);
    api.items.failNext("UpdateItem", { type: "unavailable", operation: "", reason: "" }, { after: true });
    const lost = await add(api, cart, {}, key);
    await expectProblem(lost, 503, "unavailable");
    expect(lost.headers.get("retry-after")).toBe("1");
    expect(await linesOf(await add(api, cart, {}, key))).toEqual([{ sku: "LAMP-BLACK", quantity: 1 }]);
  });

  test("in every region while links are cut, with retries elsewhere, loses and doubles nothing", async () => {
    const apis = createTestApis();
    const [first] = apis;
    if (first === undefined) {
      throw new Error("no regions");
    }
    const cart = await openCart(first);
    for (const [index, api] of apis.entries()) {
      const key = ulidAt(startMs, 1_000 + index);
      await add(api, cart, { quantity: 1 + index }, key);
      const elsewhere = apis[(index + 1) % apis.length] ?? api;
      await add(elsewhere, cart, { quantity: 1 + index }, key);
    }
    const regions = apis.map((api) => api.items);
    replicateAll(regions, "Carts");
    const answers = await Promise.all(apis.map((api) => read(api, cart)));
    const etags = new Set(answers.map((answer) => answer.headers.get("etag")));
    expect(etags.size).toBe(1);
    for (const answer of answers) {
      expect(await linesOf(answer)).toEqual([{ sku: "LAMP-BLACK", quantity: 1 + 2 + 3 + 4 }]);
    }
    expect(answers.map((answer) => answer.headers.get("served-by"))).toEqual(
      apis.map((api) => api.deployment.region),
    );
  });

  test("by a key that stands for another line is refused", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    const key = ulidAt(startMs, 902);
    await add(api, cart, { quantity: 1 }, key);
    await expectProblem(await add(api, cart, { quantity: 2 }, key), 422, "operation-id-reused");
  });

  test.each<[string, (api: TestApi, cart: Opened, key: string) => Promise<unknown>]>([
    ["add", (api, cart, key) => add(api, cart, { sku: "AXE", quantity: 2 }, key)],
    ["set", (api, cart, key) => setQuantity(api, cart, lamp, 2, { key })],
    ["removal", (api, cart, key) => removeLine(api, cart, lamp, { key })],
    [
      "merge",
      async (api, cart, key) => {
        const guest = await openCart(api);
        await add(api, guest, { sku: "AXE", quantity: 2 });
        await mergeGuest(api, cart, guest, { key });
      },
    ],
  ])("by a key that stands for another region's %s is refused, and changes nothing", async (_what, send) => {
    const { us, eu, replicate } = twoRegions();
    const cart = await openCart(us);
    const key = ulidAt(startMs, 903);
    await send(us, cart, key);
    await add(eu, cart, { sku: "DESK" });
    replicate();
    const before = await linesOf(await read(us, cart));
    await expectProblem(await add(eu, cart, { sku: "ZINC" }, key), 422, "operation-id-reused");
    await expectProblem(await add(eu, cart, { sku: "ZINC" }, key), 422, "operation-id-reused");
    replicate();
    for (const api of [us, eu]) {
      expect(await linesOf(await read(api, cart))).toEqual(before);
    }
    expect(eu.items.dump("Carts").find(({ sk }) => sk === "R#eu-west-1#1")).toMatchObject({ n: 1 });
  });

  test("taken before another region's change of its key is known is refused from then on, and stays", async () => {
    const { us, eu, replicate } = twoRegions();
    const cart = await openCart(us);
    const key = ulidAt(startMs, 904);
    await add(us, cart, { sku: "AXE" }, key);
    expect((await add(eu, cart, { sku: "ZINC" }, key)).status).toBe(200);
    replicate();
    for (const [api, sku] of [
      [us, "AXE"],
      [eu, "ZINC"],
    ] as const) {
      await expectProblem(await add(api, cart, { sku }, key), 422, "operation-id-reused");
    }
    replicate();
    for (const api of [us, eu]) {
      expect(await linesOf(await read(api, cart))).toEqual([{ sku: "ZINC", quantity: 1 }]);
    }
  });

  test("that cannot be taken back is asked for again, and refused then", async () => {
    const { us, eu, replicate } = twoRegions();
    const cart = await openCart(us);
    const key = ulidAt(startMs, 905);
    await add(us, cart, { sku: "AXE" }, key);
    replicate();
    let updates = 0;
    const { update } = eu.items;
    const failing = createApi({
      ...eu,
      items: {
        ...eu.items,
        async update(...args) {
          updates += 1;
          return updates === 2
            ? { ok: false, error: { type: "unavailable", operation: "", reason: "" } }
            : update(...args);
        },
      },
    });
    const api = { ...eu, app: failing };
    await expectProblem(await add(api, cart, { sku: "ZINC" }, key), 503, "unavailable");
    await expectProblem(await add(api, cart, { sku: "ZINC" }, key), 422, "operation-id-reused");
  });

  test("sent again to a region that knows it from another one is done", async () => {
    const { us, eu, replicate } = twoRegions();
    const cart = await openCart(us);
    const key = ulidAt(startMs, 906);
    await add(us, cart, {}, key);
    replicate();
    expect(await linesOf(await add(eu, cart, {}, key))).toEqual([{ sku: lamp, quantity: 1 }]);
    replicate();
    await removeLine(us, cart, lamp);
    replicate();
    expect(await linesOf(await add(eu, cart, {}, key))).toEqual([]);
  });

  test("to a cart full of what was removed in another region makes room", async () => {
    const { us, eu, replicate } = twoRegions();
    const cart = await openCart(us);
    const id = isCartId(cart.id) ? cartKey(cart.id, eu.deployment.origin) : undefined;
    const added = Array.from({ length: operationsPerItemMax }, (_, index) => [
      `o#${ulidAt(startMs, 10_000 + index)}`,
      `${lamp}|+|1`,
    ]);
    const markers = Array.from({ length: markersPerItemMax }, (_, index) => [
      `o#${ulidAt(startMs, 20_000 + index)}`,
      `${lamp}|-|0`,
    ]);
    const held = Object.fromEntries([...added, ...markers]);
    eu.items.load("Carts", id === undefined ? [] : [{ ...id, ...held, v: 600, n: 600 }]);
    replicate();
    expect(await linesOf(await removeLine(us, cart, lamp))).toEqual([]);
    replicate();
    expect(await linesOf(await add(eu, cart, { sku: "DESK" }))).toEqual([{ sku: "DESK", quantity: 1 }]);
    replicate();
    expect(await linesOf(await read(us, cart))).toEqual([{ sku: "DESK", quantity: 1 }]);
  });

  test("to a full cart is refused", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    const key = isCartId(cart.id) ? cartKey(cart.id, origin("us-east-1#1")) : undefined;
    api.items.load("Carts", key === undefined ? [] : [{ ...key, v: 500, n: operationsPerItemMax }]);
    expect(await expectProblem(await add(api, cart), 409, "cart-full")).toMatchObject({ limit: 500 });
  });

  test.each<[string, Line, string]>([
    ["no units", { quantity: 0 }, "#/quantity"],
    ["a hundred units", { quantity: 100 }, "#/quantity"],
    ["half a unit", { quantity: 1.5 }, "#/quantity"],
    ["units as text", { quantity: "1" }, "#/quantity"],
    ["a SKU in lower case", { sku: "lamp" }, "#/sku"],
    ["a SKU with a separator", { sku: "LAMP|+|9" }, "#/sku"],
    ["a field nobody knows", { price: 1 } as Line, "#"],
  ])("of %s is refused, with its place", async (_what, line, pointer) => {
    const api = createTestApi();
    const body = await expectProblem(await add(api, await openCart(api), line), 422, "invalid-body");
    expect(body).toMatchObject({ errors: [{ pointer }] });
    expect(api.items.operations).toEqual([]);
  });

  test.each([
    ["missing", "", 400, "malformed-request"],
    ["no ULID", "retry-1", 400, "malformed-request"],
    ["more than a day old", ulidAt(startMs - 86_400_001, 1), 422, "operation-too-old"],
    ["ahead of its time", ulidAt(startMs + 300_001, 1), 422, "operation-too-far-ahead"],
  ])("with a key that is %s is refused", async (_what, key, status, name) => {
    const api = createTestApi();
    await expectProblem(await add(api, await openCart(api), {}, key), status, name);
    expect(api.items.operations).toEqual([]);
  });

  test("while the store is busy asks to come again", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    api.items.failNext("UpdateItem", { type: "throttled", operation: "UpdateItem Carts" });
    const response = await add(api, cart);
    await expectProblem(response, 503, "throttled");
    expect(response.headers.get("retry-after")).toBe("1");
  });
});

describe("reading a cart", () => {
  test("that did not change is 304", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    const etag = (await add(api, cart)).headers.get("etag") ?? "";
    const same = await read(api, cart, { "If-None-Match": `"x", ${etag}` });
    expect([same.status, await same.text(), same.headers.get("etag")]).toEqual([304, "", etag]);
    await add(api, cart);
    expect((await read(api, cart, { "If-None-Match": etag })).status).toBe(200);
  });

  test("is never kept by a shared cache", async () => {
    const api = createTestApi();
    expect((await read(api, await openCart(api))).headers.get("cache-control")).toBe("private, no-cache");
  });

  test("with an item that nobody understands is a failure of ours, not a smaller cart", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    await add(api, cart);
    const [item] = api.items.dump("Carts");
    api.items.load("Carts", item === undefined ? [] : [{ ...item, sk: "R#eu-west-1#1", future: 1 }]);
    await expectProblem(await read(api, cart), 500, "stored-data-not-understood");
  });
});
