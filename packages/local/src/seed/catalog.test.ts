import {
  categorySlugs,
  currencies,
  foldProduct,
  isProductId,
  isSku,
  itemToEdits,
  itemToOffer,
  itemToView,
  originOf,
  type Product,
  productToItems,
  regions,
} from "@antipode/core";
import { describe, expect, it } from "vitest";
import { generateCatalog } from "./catalog.ts";
import { combinations, fillSentence, fillTitle } from "./pattern.ts";
import { seedCurrencies, unitsPerUsd } from "./prices.ts";
import { seedItems } from "./seed-items.ts";
import { wordsByCategory } from "./words/words.ts";

const products = generateCatalog();
const origin = originOf(regions[0]);
const writtenAtMs = Date.UTC(2026, 0, 1);

function expectDistinct(texts: readonly string[]) {
  const seen = new Set<string>();
  const repeated = texts.filter((text) => seen.size === seen.add(text).size);
  expect(repeated).toEqual([]);
}

function priceOf(product: Product, variant: number, currency: string): number {
  const price = product.variants[variant]?.prices.find((candidate) => candidate.currency === currency);
  if (price === undefined) throw new Error(`${product.id} has no ${currency} price`);
  return price.amountMinor;
}

describe("the seeded catalog", () => {
  it("is the same for the same seed, begins the same at any size, and differs for another seed", () => {
    expect(generateCatalog()).toEqual(products);
    expect(generateCatalog({ count: 50 })).toEqual(products.slice(0, 50));
    const other = generateCatalog({ seed: "other", count: 50 });
    expect(other.filter(({ id }) => products.some((product) => product.id === id))).toEqual([]);
  });

  it("keeps the ids that links and examples may name", () => {
    expect(products.slice(0, 3).map(({ id }) => id)).toEqual([
      "varrow-splashproof-bluetooth-speaker-4p58wd",
      "nomadry-waterproof-duffel-qah60y",
      "darning-for-beginners-9yx35f",
    ]);
  });

  it("has 120 products in each of the shop's categories", () => {
    const counts = Object.fromEntries(categorySlugs.map((slug) => [slug, 0]));
    for (const { category } of products) counts[category] = (counts[category] ?? 0) + 1;
    expect(counts).toEqual(Object.fromEntries(categorySlugs.map((slug) => [slug, 120])));
  });

  it("repeats no id, SKU or title, not even at its largest", () => {
    const many = generateCatalog({ count: 2300 });
    expectDistinct(many.map(({ id }) => id));
    expectDistinct(many.map(({ title }) => title));
    expectDistinct(many.flatMap(({ variants }) => variants.map(({ sku }) => sku)));
    expect(() => generateCatalog({ count: 5000 })).toThrow("5000 different titles");
  });

  it("has one to six variants a product, each with a title of its own and well-formed ids", () => {
    for (const { id, variants, media } of products) {
      expect(isProductId(id)).toBe(true);
      expect(variants.length).toBeGreaterThanOrEqual(1);
      expect(variants.length).toBeLessThanOrEqual(6);
      expectDistinct(variants.map(({ title }) => title));
      for (const { sku } of variants) {
        expect(isSku(sku)).toBe(true);
        expect(sku).toMatch(/^AP-[0-9A-Z]{8}$/);
      }
      expect(media.length).toBeGreaterThanOrEqual(1);
      for (const { url } of media) expect(url).toMatch(/^\/media\/products\/[a-z0-9-]+\/\d\.webp$/);
    }
    const sizes = new Set(products.map(({ variants }) => variants.length));
    expect([...sizes].toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("prices every variant in every currency, alike in all of them", () => {
    for (const product of products) {
      for (const [index, { prices }] of product.variants.entries()) {
        expect(prices.map(({ currency }) => currency)).toEqual([...seedCurrencies]);
        for (const { amountMinor, currency } of prices) {
          expect(Number.isSafeInteger(amountMinor)).toBe(true);
          expect(currencies[currency].minorDigits).toBe(2);
        }
        const usd = priceOf(product, index, "USD");
        expect(usd).toBeGreaterThanOrEqual(499);
        for (const currency of seedCurrencies) {
          const perUsd = priceOf(product, index, currency) / usd / unitsPerUsd[currency];
          // Rounding to the nearest window price moves a cheap article by some per cent either way.
          expect(perUsd).toBeGreaterThan(0.92);
          expect(perUsd).toBeLessThan(1.08);
        }
      }
    }
  });

  it("asks no less for more: a larger size is never cheaper", () => {
    const train = products.filter(({ title }) => /Packing Cubes|Jigsaw|Frying Pan/.test(title));
    expect(train.length).toBeGreaterThan(30);
    for (const product of train) {
      const usd = product.variants.map((_, index) => priceOf(product, index, "USD"));
      expect(usd).toEqual(usd.toSorted((left, right) => left - right));
      expect(new Set(usd).size).toBe(usd.length);
    }
  });

  it("describes each product in two or three whole sentences", () => {
    for (const { title, description } of products) {
      expect(title).not.toMatch(/[{}]|undefined|\s\s/);
      expect(title.length).toBeLessThanOrEqual(64);
      expect(description).not.toMatch(/[{}]|undefined|\s\s/);
      const sentences = description.split(/(?<=[.!?]) /);
      expect(sentences.length).toBeGreaterThanOrEqual(2);
      expect(sentences.length).toBeLessThanOrEqual(3);
      for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(description).not.toMatch(/\b[Aa] [aeio][a-z]/);
    }
  });

  it("uses every word list of every category, and no word that is missing", () => {
    expect(wordsByCategory.map(({ category }) => category)).toEqual(categorySlugs);
    for (const { category, brands, kinds, closers } of wordsByCategory) {
      expectDistinct(brands);
      const all = JSON.stringify(products.filter((product) => product.category === category));
      for (const { title, words, openers, details, axes } of kinds) {
        for (const list of Object.values(words)) expectDistinct(list);
        const names = ["brand", ...Object.keys(words)];
        const fills = Object.fromEntries(names.map((name) => [name, "x"]));
        expect(fillTitle(title, fills)).not.toContain("{");
        for (const sentence of [...openers, ...details, ...closers]) {
          expect(fillSentence(sentence, fills)).not.toContain("{");
        }
        for (const { values } of axes) expect(values.some((value) => all.includes(value))).toBe(true);
      }
    }
  });
});

describe("the catalog's table items", () => {
  const { catalog, views, offers } = seedItems(products, { origin, writtenAtMs, nowMs: writtenAtMs });

  it("are read back by the shop as the same products", () => {
    for (const product of products) {
      const items = productToItems(product, origin, { ms: writtenAtMs, counter: 0, origin });
      const view = itemToView(items.view);
      if (!view.ok) throw new Error(JSON.stringify(view.error));
      expect(byCurrency(view.value.product)).toEqual(byCurrency(product));
      for (const [index, variant] of product.variants.entries()) {
        const offer = itemToOffer(items.offers[index] ?? { pk: "", sk: "" });
        if (!offer.ok) throw new Error(JSON.stringify(offer.error));
        const { productId, offered } = offer.value.holder;
        expect([productId, offer.value.sku, offered?.variantTitle, offered?.productTitle]).toEqual([
          product.id,
          variant.sku,
          variant.title,
          product.title,
        ]);
        expect(offered?.prices).toEqual(view.value.product.variants[index]?.prices);
      }
      const edits = itemToEdits(items.catalog);
      if (!edits.ok) throw new Error(JSON.stringify(edits.error));
      expect(foldProduct(product.id, [edits.value])).toEqual({ type: "product", view: view.value });
    }
  });

  it("are refused when they count as written in the future: they would win over every edit until then", () => {
    const nowMs = writtenAtMs - 3_600_000;
    expect(() => seedItems(products, { origin, writtenAtMs, nowMs })).toThrow(/3600000 ms ahead/);
  });

  it("have the keys of their tables and are far below DynamoDB's 400 KB", () => {
    expect(catalog).toHaveLength(1200);
    expect(views).toHaveLength(1200);
    expect(catalog[0]).toMatchObject({
      pk: { S: `PRODUCT#${products[0]?.id}` },
      sk: { S: `EDIT#${origin}` },
    });
    expect(views[0]).toMatchObject({ pk: { S: `PRODUCT#${products[0]?.id}` }, sk: { S: "VIEW" } });
    expect(offers).toHaveLength(products.reduce((sum, { variants }) => sum + variants.length, 0));
    expect(offers[0]).toMatchObject({
      pk: { S: `OFFER#${products[0]?.variants[0]?.sku}` },
      sk: { S: "OFFER" },
    });
    const sizes = [...catalog, ...views].map((item) => Buffer.byteLength(JSON.stringify(item)));
    const sorted = sizes.toSorted((left, right) => left - right);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(4096);
    expect(sorted.at(-1)).toBeLessThan(16 * 1024);
  });
});

/** Prices are a set by currency; the order in which they are listed does not matter. */
function byCurrency(product: Product): Product {
  const variants = product.variants.map((variant) => ({
    ...variant,
    prices: variant.prices.toSorted((left, right) => (left.currency < right.currency ? -1 : 1)),
  }));
  return { ...product, variants };
}

describe("patterns", () => {
  it("capitalise titles and leave sentences alone but for their beginning", () => {
    expect(fillTitle("{style} Print of {city}", { style: "two-tone city at night", city: "Hong Kong" })).toBe(
      "Two-Tone City at Night Print of Hong Kong",
    );
    expect(fillSentence("{style} socks", { style: "ribbed" })).toBe("Ribbed socks");
    expect(fillSentence("a {style} kettle", { style: "enamel" })).toBe("An enamel kettle");
    expect(fillSentence("a {style} microphone", { style: "USB" })).toBe("A USB microphone");
    expect(() => fillTitle("{brand}", {})).toThrow("no word for {brand}");
  });

  it("combine every word with every other", () => {
    expect(combinations({ a: ["1", "2"], b: ["3"] })).toEqual([
      { a: "1", b: "3" },
      { a: "2", b: "3" },
    ]);
  });
});
