import {
  descriptionCharsMax,
  type Items,
  itemToView,
  ok,
  type Product,
  variantsMax,
  viewToItem,
} from "@antipode/core";
import { sku } from "@antipode/core/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { lamp, lampEdit, priceOfLamp, us, viewsIn } from "../testing/catalog.ts";
import {
  create,
  fedIds,
  newOperation,
  operate,
  operatorToken,
  patch,
  price,
  productIn,
  replicateCatalog,
  settle,
} from "../testing/operator.ts";
import { expectProblem, openCart } from "../testing/shopper.ts";
import { createTestApis, type TestApi } from "../testing/test-world.ts";
import { createApi } from "./create-api.ts";

let apis: readonly TestApi[];
let here: TestApi;
let there: TestApi;

beforeEach(() => {
  apis = createTestApis();
  [here, there] = apis as [TestApi, TestApi];
});

async function stocked(): Promise<void> {
  await productIn(await create(here));
  await replicateCatalog(apis);
}

/** Two regions price the lamp while they do not hear of each other; then they do. */
async function inConflict(): Promise<string> {
  await stocked();
  await productIn(await price(here, 90));
  await productIn(await price(there, 110));
  await replicateCatalog(apis);
  const [conflict] = (await productIn(await here.app.request(`/v1/products/${lamp.id}`))).conflicts;
  if (conflict === undefined) {
    throw new Error("no conflict");
  }
  return conflict.id;
}

const pricesIn = (product: { variants: readonly { prices: readonly { amountMinor: number }[] }[] }) =>
  product.variants.flatMap(({ prices }) => prices.map(({ amountMinor }) => amountMinor));

describe("who may edit", () => {
  const paths = [
    ["POST", "/v1/products", lamp],
    ["PATCH", "/v1/products/desk-lamp", { title: "x" }],
    ["PUT", "/v1/products/desk-lamp/prices/LAMP/EUR", { amountMinor: 1 }],
    ["POST", "/v1/products/desk-lamp/settlements", { conflict: "title@us-east-1#1:1", value: "x" }],
  ] as const;

  test.each(paths)("%s %s takes an operator's token only", async (method, path, body) => {
    const send = (headers: Record<string, string>) =>
      here.app.request(path, {
        method,
        headers: { "Content-Type": "application/json", "Idempotency-Key": newOperation(here), ...headers },
        body: JSON.stringify(body),
      });
    await expectProblem(await send({}), 401, "unauthenticated");
    await expectProblem(await send({ Authorization: "Bearer nothing" }), 401, "unauthenticated");
    const { token } = await openCart(here);
    await expectProblem(await send({ Authorization: `Bearer ${token}` }), 403, "admin-scope-needed");
    expect(here.items.operations).toEqual([]);
  });

  test.each(paths)("%s %s takes an operation id", async (method, path, body) => {
    const response = await here.app.request(path, {
      method,
      headers: {
        "Content-Type": "application/json",
        Authorization: `Bearer ${await operatorToken(here)}`,
      },
      body: JSON.stringify(body),
    });
    await expectProblem(response, 400, "malformed-request");
  });
});

describe("a new product", () => {
  test("is answered whole, and is on sale everywhere when its edit has arrived", async () => {
    const response = await create(here);
    expect(response.status).toBe(201);
    expect(response.headers.get("location")).toBe("/v1/products/desk-lamp");
    expect(response.headers.get("etag")).toBe('"us-east-1#1:1"');
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(await productIn(response)).toEqual({ ...lamp, conflicts: [] });
    await replicateCatalog(apis);
    for (const api of apis) {
      expect(await productIn(await api.app.request("/v1/products/desk-lamp"))).toEqual({
        ...lamp,
        conflicts: [],
      });
    }
  });

  test("has its prices in one order, whatever order they were sent in", async () => {
    const prices = [
      { amountMinor: 3, currency: "JPY" },
      { amountMinor: 2, currency: "EUR" },
      { amountMinor: 1, currency: "USD" },
    ] as const;
    const [variant] = lamp.variants;
    const response = await create(here, { ...lamp, variants: [{ ...variant, prices }] });
    expect(pricesIn(await productIn(response))).toEqual([1, 2, 3]);
  });

  test("is refused where any edit of the id is in sight, of an unfinished product too", async () => {
    await stocked();
    await expectProblem(await create(there), 409, "product-exists");
    here.items.load("Catalog", [{ ...lampEdit(us, 2, { title: "Half" }), pk: "PRODUCT#half" }]);
    await expectProblem(await create(here, { ...lamp, id: "half" }), 409, "product-exists");
  });

  test("sent again with its operation id is the same product, here and elsewhere", async () => {
    const key = { "Idempotency-Key": newOperation(here) };
    await productIn(await create(here, lamp, key));
    expect((await create(here, lamp, key)).status).toBe(201);
    await replicateCatalog(apis);
    const again = await create(there, lamp, key);
    expect([again.status, again.headers.get("etag")]).toEqual([201, '"us-east-1#1:1"']);
    await expectProblem(await create(here, { ...lamp, title: "Other" }, key), 422, "operation-id-reused");
  });

  test("made in two regions at a time is one product, whose differences are in conflict", async () => {
    await productIn(await create(here));
    await productIn(await create(there, { ...lamp, title: "Lampe" }));
    await replicateCatalog(apis);
    for (const api of apis) {
      const product = await productIn(await api.app.request("/v1/products/desk-lamp"));
      expect(product.conflicts.map(({ field, values }) => [field, values.map(({ value }) => value)])).toEqual(
        [["title", expect.arrayContaining(["Lamp", "Lampe"])]],
      );
    }
  });

  const variant = lamp.variants[0] as Product["variants"][number];
  test.each([
    ["no id", { ...lamp, id: undefined }],
    ["a malformed id", { ...lamp, id: "Desk Lamp" }],
    ["an unknown field", { ...lamp, colour: "red" }],
    ["an unknown category", { ...lamp, category: "weapons" }],
    ["an empty title", { ...lamp, title: "" }],
    ["a title that cannot be stored", { ...lamp, title: "\ud800" }],
    ["a description that is too long", { ...lamp, description: "x".repeat(descriptionCharsMax + 1) }],
    [
      "another host's picture that looks like a path",
      { ...lamp, media: [{ url: "//elsewhere.example/a", alt: "" }] },
    ],
    ["a picture at an address without a host", { ...lamp, media: [{ url: "https:///a", alt: "" }] }],
    ["a script as its picture", { ...lamp, media: [{ url: "javascript:alert(1)", alt: "" }] }],
    ["no variant", { ...lamp, variants: [] }],
    ["a SKU twice", { ...lamp, variants: [variant, variant] }],
    [
      "too many variants",
      {
        ...lamp,
        variants: Array.from({ length: variantsMax + 1 }, (_, index) => ({
          ...variant,
          sku: `LAMP-${index}`,
        })),
      },
    ],
    [
      "a currency twice",
      {
        ...lamp,
        variants: [{ ...variant, prices: [...variant.prices, { amountMinor: 1, currency: "EUR" }] }],
      },
    ],
    [
      "a price below nothing",
      { ...lamp, variants: [{ ...variant, prices: [{ amountMinor: -1, currency: "EUR" }] }] },
    ],
    [
      "a price in no currency",
      { ...lamp, variants: [{ ...variant, prices: [{ amountMinor: 1, currency: "XXX" }] }] },
    ],
  ])("with %s is refused", async (_what, product) => {
    await expectProblem(await create(here, product), 422, "invalid-body");
    expect(here.items.dump("Catalog")).toEqual([]);
  });

  test("may be as large as its limits", async () => {
    const response = await create(here, {
      ...lamp,
      description: "ü".repeat(descriptionCharsMax),
      variants: Array.from({ length: variantsMax }, (_, index) => ({ ...variant, sku: `LAMP-${index}` })),
    });
    expect(response.status).toBe(201);
  });

  test("that is larger than any could be is not read", async () => {
    const response = await create(here, { ...lamp, description: "x".repeat(300_000) });
    expect(await expectProblem(response, 413, "body-too-large")).toMatchObject({ limitBytes: 262_144 });
  });
});

describe("an edit", () => {
  beforeEach(stocked);

  test("of some fields leaves the others", async () => {
    const response = await patch(there, { title: "Lampe", category: "office" });
    expect(response.headers.get("etag")).toBe('"eu-west-1#1:1;us-east-1#1:1"');
    expect(await productIn(response)).toEqual({
      ...lamp,
      title: "Lampe",
      category: "office",
      conflicts: [],
    });
  });

  test("of different fields in two regions at a time survives in both", async () => {
    await productIn(await patch(here, { title: "Lampe" }));
    await productIn(await patch(there, { description: "Hell." }));
    await replicateCatalog(apis);
    for (const api of apis) {
      const product = await productIn(await api.app.request("/v1/products/desk-lamp"));
      expect(product).toEqual({ ...lamp, title: "Lampe", description: "Hell.", conflicts: [] });
    }
  });

  test("of variants keeps their prices, and a new one is priced afterwards", async () => {
    const variants = [
      { sku: "LAMP", title: "One" },
      { sku: "LAMP-XL", title: "Large" },
    ];
    await expectProblem(await price(here, 5, {}, "LAMP-XL/EUR"), 404, "variant-not-found");
    expect(pricesIn(await productIn(await patch(here, { variants })))).toEqual([100]);
    expect(pricesIn(await productIn(await price(here, 5, {}, "LAMP-XL/EUR")))).toEqual([100, 5]);
  });

  test("sent again with its operation id is done once, even behind a later edit", async () => {
    const key = { "Idempotency-Key": newOperation(here) };
    await productIn(await price(here, 90, key));
    await productIn(await price(here, 80));
    expect(pricesIn(await productIn(await price(here, 90, key)))).toEqual([80]);
    await replicateCatalog(apis);
    expect(pricesIn(await productIn(await price(there, 90, key)))).toEqual([80]);
    await expectProblem(await price(here, 70, key), 422, "operation-id-reused");
  });

  test("whose answer was lost is found done", async () => {
    const key = { "Idempotency-Key": newOperation(here) };
    const lost = { type: "unavailable", operation: "PutItem Catalog", reason: "timeout" } as const;
    here.items.failNext("PutItem Catalog", lost, { after: true });
    await expectProblem(await price(here, 90, key), 503, "unavailable");
    const response = await price(here, 90, key);
    expect(response.headers.get("etag")).toBe('"us-east-1#1:2"');
    expect(pricesIn(await productIn(response))).toEqual([90]);
  });

  test.each([
    ["nothing", {}],
    ["an unknown field", { colour: "red" }],
    ["a price among the variants", { variants: [{ sku: "LAMP", title: "", prices: [] }] }],
    ["an id", { id: "other" }],
  ])("of %s is refused", async (_what, changes) => {
    await expectProblem(await patch(here, changes), 422, "invalid-body");
  });

  test("of a product that is not there, or not whole, is refused", async () => {
    await expectProblem(await patch(here, { title: "x" }, {}, "no-lamp"), 404, "product-not-found");
    await expectProblem(await patch(here, { title: "x" }, {}, "No Lamp"), 404, "product-not-found");
    here.items.load("Catalog", [{ ...lampEdit(us, 2, { title: "Half" }), pk: "PRODUCT#half" }]);
    await expectProblem(await patch(here, { title: "x" }, {}, "half"), 404, "product-not-found");
  });

  test.each(["LAMP-XL/EUR", "lamp/EUR"])("of the price of %s is refused", async (of) => {
    await expectProblem(await price(here, 1, {}, of), 404, "variant-not-found");
  });

  test.each([-1, 1.5, "5", null, 100_000_000_000])("to a price of %j is refused", async (amountMinor) => {
    await expectProblem(await price(here, amountMinor), 422, "invalid-body");
  });

  test("in an unknown currency is refused", async () => {
    await expectProblem(await price(here, 1, {}, "LAMP/XXX"), 400, "malformed-request");
  });

  test.each(["Query Catalog", "PutItem Catalog"])("fails with %s", async (operation) => {
    here.items.failNext(operation, { type: "throttled", operation });
    await expectProblem(await price(here, 90), 503, "throttled");
  });

  test("of an item that cannot be read is refused", async () => {
    here.items.load("Catalog", [{ ...lampEdit(us, 9, {}), colour: "red" }]);
    await expectProblem(await price(here, 90), 500, "stored-data-not-understood");
  });

  test("four at a time, of fields of their own, are all there", async () => {
    const fields = [
      { title: "A" },
      { description: "B" },
      { category: "toys" },
      { media: [{ url: "/a.webp", alt: "a" }] },
    ];
    const responses = await Promise.all(fields.map((changes) => patch(here, changes)));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const product = await productIn(await patch(here, { description: "B" }));
    expect(product).toMatchObject({ title: "A", description: "B", category: "toys", media: [{ alt: "a" }] });
  });

  test("of an item that takes no more is refused as that, and is no failure of ours", async () => {
    here.items.failNext("PutItem Catalog", { type: "item-too-large", operation: "PutItem Catalog" });
    await expectProblem(await price(here, 90), 409, "product-full");
    expect(here.log.entries.filter(({ level }) => level === "error")).toEqual([]);
    expect((await price(here, 90)).status).toBe(200);
  });

  test("that loses the swap five times gives up", async () => {
    const [item] = here.items.dump("Catalog");
    let tries = 0;
    const contested: Items = {
      ...here.items,
      async put() {
        tries += 1;
        return ok({ type: "refused", ...(item === undefined ? {} : { item }) });
      },
    };
    const api = { ...here, app: createApi({ ...here, items: contested }) };
    await expectProblem(await price(api, 90), 409, "contended");
    expect(tries).toBe(5);
  });
});

describe("If-Match", () => {
  beforeEach(stocked);

  test("of the present version lets the edit pass, however the tag came back", async () => {
    expect((await price(here, 90, { "If-Match": 'W/"us-east-1#1:1"' })).status).toBe(200);
    expect((await price(here, 80, { "If-Match": '"us-east-1#1:2"' })).status).toBe(200);
    expect((await price(here, 70, { "If-Match": "*" })).status).toBe(200);
  });

  test("of another version refuses it, and names the present one", async () => {
    await productIn(await price(here, 90));
    for (const tag of ['"us-east-1#1:1"', '"us-east-1#1:3"', '"nonsense"', "nonsense"]) {
      const response = await price(here, 80, { "If-Match": tag });
      expect(response.headers.get("etag")).toBe('"us-east-1#1:2"');
      await expectProblem(response, 412, "version-changed");
    }
  });

  test("of a version that has not arrived here is read where it was made", async () => {
    const tag = (await price(there, 90)).headers.get("etag") ?? "";
    const response = await patch(here, { title: "Lampe" }, { "If-Match": tag });
    expect(response.headers.get("etag")).toBe('"eu-west-1#1:1;us-east-1#1:2"');
    const product = await productIn(response);
    expect([product.title, ...pricesIn(product)]).toEqual(["Lampe", 90]);
  });

  test("of a version that is out of reach is neither passed nor refused for good", async () => {
    const tag = (await price(there, 90)).headers.get("etag") ?? "";
    here.remote.setUnreachable("eu-west-1");
    const response = await price(here, 80, { "If-Match": tag });
    expect([response.headers.get("consistency"), response.headers.get("etag")]).toEqual([null, null]);
    expect(await expectProblem(response, 503, "not-covered")).toMatchObject({
      missing: { "eu-west-1#1": 1 },
    });
    expect(here.items.dump("Catalog")).toHaveLength(1);
    here.remote.setUnreachable("eu-west-1", false);
    const product = await productIn(await price(here, 80, { "If-Match": tag }));
    expect([pricesIn(product), product.conflicts]).toEqual([[80], []]);
  });

  test("of a version of a product that has not arrived is out of reach, not of no product", async () => {
    const tag = (await create(there, { ...lamp, id: "new-lamp" })).headers.get("etag") ?? "";
    here.remote.setUnreachable("eu-west-1");
    const edit = () => patch(here, { title: "Lampe" }, { "If-Match": tag }, "new-lamp");
    await expectProblem(await edit(), 503, "not-covered");
    here.remote.setUnreachable("eu-west-1", false);
    expect((await edit()).status).toBe(200);
  });

  test("of a version that the region in reach never made is another version", async () => {
    const response = await price(here, 80, { "If-Match": '"eu-west-1#1:7"' });
    expect(response.headers.get("etag")).toBe('"us-east-1#1:1"');
    await expectProblem(response, 412, "version-changed");
  });

  test("beside a token asks a region once, also one that is away", async () => {
    const tag = (await price(there, 90)).headers.get("etag") ?? "";
    const headers = { "If-Match": tag, "Consistency-Token": tag };
    here.remote.setUnreachable("eu-west-1");
    const away = await price(here, 80, headers);
    expect(away.headers.get("consistency")).toBe('stale; missing="eu-west-1#1:1"');
    await expectProblem(away, 503, "not-covered");
    expect(here.remote.reads).toEqual(["eu-west-1 GetItem Catalog"]);
    here.remote.setUnreachable("eu-west-1", false);
    const response = await price(here, 80, headers);
    expect([response.status, response.headers.get("consistency")]).toEqual([200, "covered"]);
    expect(here.remote.reads).toHaveLength(2);
  });

  test("out of reach is nothing against a token that is covered, strict or not", async () => {
    const tag = (await price(there, 90)).headers.get("etag") ?? "";
    const key = newOperation(here);
    const token = { "Consistency-Token": "us-east-1#1:1", Prefer: "consistency=strict" };
    const headers = { ...token, "If-Match": tag, "Idempotency-Key": key };
    here.remote.setUnreachable("eu-west-1");
    const refused = await price(here, 80, headers);
    expect(refused.headers.get("consistency")).toBe("covered");
    expect(await expectProblem(refused, 503, "not-covered")).toMatchObject({
      detail: expect.stringContaining("If-Match"),
    });
    await productIn(await price(here, 80, { "Idempotency-Key": key }));
    expect((await price(here, 80, headers)).status).toBe(200);
  });

  test("of another version says too whether the token was covered", async () => {
    const tag = (await price(there, 90)).headers.get("etag") ?? "";
    const headers = { "If-Match": '"us-east-1#1:1"', "Consistency-Token": tag };
    const covered = await price(here, 80, headers);
    expect([covered.headers.get("consistency"), covered.headers.get("etag")]).toEqual(["covered", tag]);
    await expectProblem(covered, 412, "version-changed");
    await productIn(await price(here, 70));
    here.remote.setUnreachable("eu-west-1");
    const stale = await price(here, 80, headers);
    expect(stale.headers.get("consistency")).toBe('stale; missing="eu-west-1#1:1"');
    await expectProblem(stale, 412, "version-changed");
  });

  test("of a version that is out of reach is not asked of a retry", async () => {
    const tag = (await price(there, 90)).headers.get("etag") ?? "";
    const headers = { "If-Match": tag, "Idempotency-Key": newOperation(here) };
    expect((await patch(here, { title: "Lampe" }, headers)).status).toBe(200);
    here.remote.setUnreachable("eu-west-1");
    expect((await patch(here, { title: "Lampe" }, headers)).status).toBe(200);
  });

  test("is not asked of a retry: the edit was accepted", async () => {
    const headers = { "If-Match": '"us-east-1#1:1"', "Idempotency-Key": newOperation(here) };
    expect((await price(here, 90, headers)).status).toBe(200);
    expect((await price(here, 90, headers)).status).toBe(200);
  });
});

describe("Consistency-Token", () => {
  beforeEach(stocked);
  const read = (api: TestApi, headers: Record<string, string> = {}) =>
    api.app.request("/v1/products/desk-lamp", { headers });

  test("without one the view is read, and caches may keep it", async () => {
    const before = here.items.operations.length;
    const response = await read(here);
    expect(here.items.operations.slice(before)).toEqual(["GetItem Views"]);
    expect(response.headers.get("consistency")).toBeNull();
    expect(response.headers.get("vary")).toBe("Consistency-Token, Prefer");
    expect(response.headers.get("cache-control")).toMatch(/^public/);
  });

  test("of what the view shows is one read, for no cache", async () => {
    const before = here.items.operations.length;
    const response = await read(here, { "Consistency-Token": "us-east-1#1:1", Prefer: "consistency=strict" });
    expect(here.items.operations.slice(before)).toEqual(["GetItem Views"]);
    expect(response.headers.get("consistency")).toBe("covered");
    expect(response.headers.get("preference-applied")).toBe("consistency=strict");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  test("of an own edit that the view lags behind reads the edits", async () => {
    const tag = (await price(here, 90)).headers.get("etag") ?? "";
    expect(pricesIn(await productIn(await read(here)))).toEqual([100]);
    const response = await read(here, { "Consistency-Token": tag });
    expect(response.headers.get("consistency")).toBe("covered");
    expect(pricesIn(await productIn(response))).toEqual([90]);
    expect(here.remote.reads).toEqual([]);
  });

  test("of another region's edit reads it there; cut off, it says what is missing", async () => {
    const tag = (await price(there, 90)).headers.get("etag") ?? "";
    const covered = await read(here, { "Consistency-Token": tag });
    expect([covered.headers.get("consistency"), covered.headers.get("etag")]).toEqual(["covered", tag]);
    expect(pricesIn(await productIn(covered))).toEqual([90]);
    expect(here.remote.reads).toEqual(["eu-west-1 GetItem Catalog"]);

    here.remote.setUnreachable("eu-west-1");
    const stale = await read(here, { "Consistency-Token": tag });
    expect(stale.headers.get("consistency")).toBe('stale; missing="eu-west-1#1:1"');
    expect(pricesIn(await productIn(stale))).toEqual([100]);
    const strict = await read(here, { "Consistency-Token": tag, Prefer: "consistency=strict" });
    expect(await expectProblem(strict, 503, "not-covered")).toMatchObject({ missing: { "eu-west-1#1": 1 } });
  });

  test("finds a product that was made elsewhere a moment ago", async () => {
    const tag = (await create(there, { ...lamp, id: "new-lamp" })).headers.get("etag") ?? "";
    expect((await here.app.request("/v1/products/new-lamp")).status).toBe(404);
    const headers = { "Consistency-Token": tag };
    expect((await here.app.request("/v1/products/new-lamp", { headers })).status).toBe(200);
    expect((await patch(here, { title: "Lampe" }, headers, "new-lamp")).status).toBe(200);
  });

  test("makes an edit replace what it covers, and a strict one not happen where it cannot", async () => {
    const tag = (await price(there, 110)).headers.get("etag") ?? "";
    here.remote.setUnreachable("eu-west-1");
    const strict = { "Consistency-Token": tag, Prefer: "consistency=strict" };
    await expectProblem(await price(here, 90, strict), 503, "not-covered");
    here.remote.setUnreachable("eu-west-1", false);
    const response = await price(here, 120, { "Consistency-Token": tag });
    expect(response.headers.get("consistency")).toBe("covered");
    await replicateCatalog(apis);
    const product = await productIn(await read(there));
    expect([pricesIn(product), product.conflicts]).toEqual([[120], []]);
  });

  test("that is malformed is refused", async () => {
    await expectProblem(await read(here, { "Consistency-Token": "yesterday" }), 400, "malformed-request");
  });

  test("and If-None-Match together answer 304 with both tags' headers", async () => {
    const tag = '"us-east-1#1:1"';
    const response = await read(here, { "Consistency-Token": tag, "If-None-Match": tag });
    expect([response.status, response.headers.get("consistency")]).toEqual([304, "covered"]);
  });
});

describe("a settlement", () => {
  test("shows both sides first, and replaces them in every region", async () => {
    const id = await inConflict();
    for (const api of apis) {
      const product = await productIn(await api.app.request("/v1/products/desk-lamp"));
      expect(pricesIn(product)).toEqual([90]);
      expect(product.conflicts).toMatchObject([
        { id, field: "price", sku: "LAMP", currency: "EUR", values: [{}, {}] },
      ]);
      const values = product.conflicts[0]?.values.map(({ value, origin, served }) => [value, origin, served]);
      expect(values?.sort()).toEqual([
        [110, "eu-west-1#1", false],
        [90, "us-east-1#1", true],
      ]);
    }
    expect(pricesIn(await productIn(await settle(there, id, 100)))).toEqual([100]);
    await replicateCatalog(apis);
    for (const api of apis) {
      const product = await productIn(await api.app.request("/v1/products/desk-lamp"));
      expect([pricesIn(product), product.conflicts]).toEqual([[100], []]);
    }
  });

  test("sent again is done already, though the conflict is gone", async () => {
    const id = await inConflict();
    const key = { "Idempotency-Key": newOperation(here) };
    expect((await settle(here, id, 100, key)).status).toBe(200);
    expect((await settle(here, id, 100, key)).status).toBe(200);
    await expectProblem(await settle(here, id, 100), 404, "conflict-not-found");
  });

  test("of a conflict that has grown is refused, with the present one", async () => {
    const id = await inConflict();
    const third = apis[2] as TestApi;
    await productIn(await price(here, 80)); // settles it here, while ap-south-1 edits in sight of the old one
    await productIn(await price(third, 130));
    await replicateCatalog(apis);
    const problem = await expectProblem(await settle(there, id, 100), 409, "conflict-changed");
    const values = (problem as { conflict: { values: { value: number }[] } }).conflict.values;
    expect(values.map(({ value }) => value).sort()).toEqual([130, 80]);
  });

  test.each(["title@us-east-1#1:1", "price#LAMP#EUR@us-east-1#1:1", "colour@us-east-1#1:1", "nothing"])(
    "of %s, which is no conflict, is refused",
    async (id) => {
      await stocked();
      await expectProblem(
        await settle(here, id, id.startsWith("price") ? 1 : "x"),
        404,
        "conflict-not-found",
      );
    },
  );

  test.each([["x"], [-1], [undefined], [null], [1.5]])(
    "by %j, which a price cannot be, is refused",
    async (value) => {
      const id = await inConflict();
      const problem = await expectProblem(await settle(here, id, value), 422, "invalid-body");
      expect(problem).toMatchObject({ errors: [{ pointer: "#/value" }] });
    },
  );

  test("of variants is refused by the place that is wrong", async () => {
    await stocked();
    const body = { conflict: "variants@us-east-1#1:1", value: [{ sku: "LAMP", title: 5 }] };
    const response = await operate(here, "POST", "/v1/products/desk-lamp/settlements", body);
    expect(await expectProblem(response, 422, "invalid-body")).toMatchObject({
      errors: [{ pointer: "#/value/0/title" }],
    });
  });
});

describe("the log says who edited what:", () => {
  const edits = () => here.log.entries.filter(({ message }) => message === "product edited");

  test("each kind of edit, with its operation and fields", async () => {
    const conflict = await inConflict();
    await patch(here, { title: "Lampe", category: "office" }, { "Idempotency-Key": newOperation(here) });
    const key = newOperation(here);
    await settle(here, conflict, 95, { "Idempotency-Key": key });
    expect(edits().map(({ fields }) => fields)).toEqual([
      ["title", "description", "category", "media", "variants", priceOfLamp],
      [priceOfLamp],
      ["title", "category"],
      [priceOfLamp],
    ]);
    expect(edits().at(-1)).toEqual({
      level: "info",
      message: "product edited",
      requestId: expect.any(String),
      operator: "alice",
      product: "desk-lamp",
      operationId: key,
      fields: [priceOfLamp],
    });
  });

  test("nothing of an edit that was refused", async () => {
    await stocked();
    const before = edits().length;
    await price(here, 90, { "If-Match": '"us-east-1#1:9"' });
    await price(here, 90, {}, "LAMP-XL/EUR");
    expect(edits()).toHaveLength(before);
  });

  test("also of one whose answer was lost, when it is sent again", async () => {
    await stocked();
    const key = { "Idempotency-Key": newOperation(here) };
    const lost = { type: "unavailable", operation: "PutItem Catalog", reason: "timeout" } as const;
    here.items.failNext("PutItem Catalog", lost, { after: true });
    await price(here, 90, key);
    expect(edits()).toHaveLength(1);
    await price(here, 90, key);
    expect(edits().at(-1)).toMatchObject({ operationId: key["Idempotency-Key"] });
  });
});

test("conflicts for which the view has no room are read from the edits", async () => {
  const id = await inConflict();
  const [view] = viewsIn(here.items);
  const read = view && itemToView(view);
  if (read?.ok !== true) {
    throw new Error("no view");
  }
  here.items.load("Views", [viewToItem({ ...read.value, conflicts: [], conflictsLeftOut: 1 })]);
  const product = await productIn(await here.app.request("/v1/products/desk-lamp"));
  expect(product.conflicts.map((conflict) => conflict.id)).toEqual([id]);
});

describe("an edit in sight of a conflict", () => {
  /** Both edits are in this region's replica; its dispatcher has not seen them. */
  async function unseen(): Promise<void> {
    await stocked();
    await productIn(await price(here, 90));
    await productIn(await price(there, 110));
    here.items.load(
      "Catalog",
      there.items.dump("Catalog").filter(({ sk }) => sk.includes("eu-west-1")),
    );
    expect(fedIds(here, priceOfLamp)).toEqual([]);
  }

  test("puts it into the feed before it replaces it", async () => {
    await unseen();
    const before = here.items.operations.length;
    expect(pricesIn(await productIn(await price(here, 100)))).toEqual([100]);
    expect(here.items.operations.slice(before)).toEqual([
      "Query Catalog",
      "PutItem Conflicts",
      "PutItem Catalog",
    ]);
    expect(fedIds(here, priceOfLamp)).toEqual(["price#LAMP#EUR@eu-west-1#1:1;us-east-1#1:2"]);
  });

  test("does not happen when the feed cannot be written", async () => {
    await unseen();
    here.items.failNext("PutItem Conflicts", { type: "throttled", operation: "PutItem" });
    await expectProblem(await price(here, 100), 503, "throttled");
    await replicateCatalog(apis);
    const product = await productIn(await here.app.request("/v1/products/desk-lamp"));
    expect(product.conflicts).toHaveLength(1);
  });

  test("of another field leaves it", async () => {
    await unseen();
    const product = await productIn(await patch(here, { title: "Lampe" }));
    expect(product.conflicts).toHaveLength(1);
    expect(fedIds(here, priceOfLamp)).toEqual([]);
  });

  test("meets the entry that the dispatcher made, and leaves it", async () => {
    await inConflict();
    const fed = here.items.dump("Conflicts");
    here.clock.advance(60_000);
    await productIn(await price(here, 100));
    expect(here.items.dump("Conflicts")).toEqual(fed);
  });
});

test("a variant that is taken away takes its prices out of sight", async () => {
  await stocked();
  const product = await productIn(await patch(here, { variants: [{ sku: sku("LAMP-XL"), title: "Large" }] }));
  expect(product.variants).toEqual([{ sku: "LAMP-XL", title: "Large", prices: [] }]);
  await expectProblem(await price(here, 1), 404, "variant-not-found");
});
