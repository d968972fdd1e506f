import {
  amountMinorMax,
  categorySlugs,
  currencyCodes,
  descriptionCharsMax,
  mediaMax,
  type Product,
  productToItems,
  variantsMax,
  variantTitleCharsMax,
} from "@antipode/core";
import { origin, productId, sku } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import { answerBytes, answerBytesMax } from "../testing/lambda-answer.ts";
import { createTestApi, type TestApi } from "../testing/test-world.ts";
import { productPageSchema, productSchema } from "./routes/products/contract.ts";

const us = origin("us-east-1#1");

function product(category: Product["category"], number: number): Product {
  return {
    id: productId(`${category}-${number}`),
    category,
    title: `Thing ${number} of ${category}`,
    description: "Good.",
    media: [],
    variants: [
      {
        sku: sku(`${category.toUpperCase()}-${number}`),
        title: "One",
        prices: [{ amountMinor: 100, currency: "EUR" }],
      },
    ],
  };
}

function stocked(products: readonly Product[]): TestApi {
  const api = createTestApi();
  const stamp = { ms: 1, counter: 0, origin: us };
  api.items.load(
    "Views",
    products.map((one) => productToItems(one, us, stamp).view),
  );
  return api;
}

async function page({ app }: TestApi, query: string) {
  const response = await app.request(`/v1/products${query}`);
  expect(response.status).toBe(200);
  return productPageSchema.parse(await response.json());
}

describe("listing products", () => {
  const products = [3, 0, 5].flatMap((count, index) => {
    const category = categorySlugs[index * 4] ?? "toys";
    return Array.from({ length: count }, (_, number) => product(category, number));
  });

  test.each([1, 2, 3, 4, 8, 100])(
    "in pages of %i, from cursor to cursor, shows each product once",
    async (limit) => {
      const api = stocked(products);
      const seen: string[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const { items, next } = await page(api, `?limit=${limit}${cursor === "" ? "" : `&cursor=${cursor}`}`);
        expect(items.length).toBeLessThanOrEqual(limit);
        expect(items.length).toBeGreaterThan(0);
        seen.push(...items.map(({ id }) => id));
        cursor = next;
      }
      expect(seen).toEqual(products.map(({ id }) => id));
    },
  );

  test("ends a page before Lambda would refuse it, and goes on behind it", async () => {
    const large = Array.from({ length: 100 }, (_, number) => ({
      ...product("toys", 100 + number),
      description: "灯".repeat(descriptionCharsMax),
      media: Array.from({ length: mediaMax }, () => ({ url: `/${"m".repeat(999)}`, alt: '"'.repeat(200) })),
      variants: Array.from({ length: variantsMax }, (_, index) => ({
        sku: sku(`TOYS-${index}`),
        title: "型".repeat(variantTitleCharsMax),
        prices: currencyCodes.map((currency) => ({ amountMinor: amountMinorMax, currency })),
      })),
    }));
    const api = stocked(large);
    const seen: string[] = [];
    let pages = 0;
    for (let query: string | null = "?limit=100"; query !== null; pages += 1) {
      const text = await (await api.app.request(`/v1/products${query}`)).text();
      expect(answerBytes(text)).toBeLessThan(answerBytesMax);
      const { items, next } = productPageSchema.parse(JSON.parse(text));
      seen.push(...items.map(({ id }) => id));
      query = next === null ? null : `?limit=100&cursor=${next}`;
    }
    expect(seen).toEqual(large.map(({ id }) => id));
    expect(pages).toBe(4);
  });

  test("of one category shows that category only", async () => {
    const { items, next } = await page(stocked(products), "?category=toys&limit=2");
    expect(items).toEqual([]);
    expect(next).toBeNull();
    const some = await page(stocked(products), "?category=audio&limit=2");
    expect(some.items.map(({ id }) => id)).toEqual(["audio-0", "audio-1"]);
    const rest = await page(stocked(products), `?category=audio&limit=2&cursor=${some.next}`);
    expect(rest).toMatchObject({ items: [{ id: "audio-2" }], next: null });
  });

  test("of an empty shop is an empty page", async () => {
    expect(await page(stocked([]), "")).toEqual({ items: [], next: null });
  });

  test("leaves out a view that cannot be read, says so in the log, and goes on behind it", async () => {
    const api = stocked(products);
    const [, bad] = api.items.dump("Views");
    api.items.load("Views", bad === undefined ? [] : [{ ...bad, title: 5 }]);
    const first = await page(api, "?limit=2");
    expect(first.items.map(({ id }) => id)).toEqual(["audio-0"]);
    expect((await page(api, `?limit=2&cursor=${first.next}`)).items[0]?.id).toBe("audio-2");
    expect(api.log.entries).toContainEqual(
      expect.objectContaining({ level: "error", message: "view left out of a listing" }),
    );
  });

  test.each([
    "limit=0",
    "limit=101",
    "limit=ten",
    "limit=1.5",
    "category=weapons",
    "cursor=nowhere",
    "cursor=audio:audio-0&category=toys",
    "page=2",
  ])("with ?%s is refused", async (query) => {
    const response = await stocked(products).app.request(`/v1/products?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: "urn:antipode:problem:malformed-request" });
  });
});

describe("reading a product", () => {
  test("answers it with its version, for caches", async () => {
    const api = stocked([product("toys", 1)]);
    const response = await api.app.request("/v1/products/toys-1");
    expect(response.status).toBe(200);
    expect(productSchema.parse(await response.json())).toEqual({
      ...product("toys", 1),
      conflicts: [],
    });
    expect(response.headers.get("etag")).toBe('"us-east-1#1:1"');
    expect(response.headers.get("cache-control")).toMatch(/^public, max-age=5/);
    const again = await api.app.request("/v1/products/toys-1", {
      headers: { "If-None-Match": 'W/"us-east-1#1:1"' },
    });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    const changed = await api.app.request("/v1/products/toys-1", {
      headers: { "If-None-Match": '"us-east-1#1:2"' },
    });
    expect(changed.status).toBe(200);
  });

  test.each(["toys-2", "Toys", "%E0%A4%A", "a%23b", "__proto__"])("%s is not found", async (id) => {
    const response = await stocked([product("toys", 1)]).app.request(`/v1/products/${id}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      type: "urn:antipode:problem:product-not-found",
      status: 404,
    });
  });

  test("whose view cannot be read is a failure of ours, and logged", async () => {
    const api = stocked([product("toys", 1)]);
    api.items.load(
      "Views",
      api.items.dump("Views").map((item) => ({ ...item, version: "?" })),
    );
    const response = await api.app.request("/v1/products/toys-1");
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ type: "urn:antipode:problem:stored-data-not-understood" });
    expect(api.log.entries).toContainEqual(expect.objectContaining({ level: "error" }));
  });
});
