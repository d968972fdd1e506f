import { offerKey, ok, priceField, type StoredItem } from "@antipode/core";
import { sku } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import { eu, lamp, nextItem, us, viewsIn } from "../../testing/catalog.ts";
import { made, offerRegion, other, skus, three } from "../../testing/offer-region.ts";

const reads = ["GetItem Views", "Query Catalog", "GetItem Views", "GetItem Views", "GetItem Views"];

describe("what a rebuild asks of the store", () => {
  test("is the view, the items and an offer for each SKU, and one transaction", async () => {
    const here = offerRegion(three);
    expect((await here.rebuild()).calls).toEqual([...reads, "TransactWriteItems Views"]);
    expect(here.counters()).toEqual([1, 1, 1]);
  });

  test("writes no offer that says the same, so an edit of the description writes the view alone", async () => {
    const here = offerRegion(three);
    await here.rebuild();
    here.edit({ description: "Shines." });
    expect((await here.rebuild()).calls).toEqual([...reads, "PutItem Views"]);
    here.edit({ [priceField(sku("LAMP-1"), "EUR")]: 90 });
    expect((await here.rebuild()).calls).toEqual([...reads, "TransactWriteItems Views"]);
    expect(here.counters()).toEqual([1, 2, 1]);
    here.edit({ title: "Lampe" });
    await here.rebuild();
    expect(here.counters()).toEqual([2, 3, 2]);
  });

  test("writes nothing when the record comes again, and nothing after an import", async () => {
    const here = offerRegion(three);
    await here.rebuild();
    expect(await here.rebuild()).toEqual({ outcome: ok("up-to-date"), calls: reads });
    const imported = offerRegion(three);
    imported.items.load("Views", [made(three).view, ...made(three).offers]);
    expect(await imported.rebuild()).toEqual({ outcome: ok("up-to-date"), calls: reads });
  });

  test("writes offers beside a view that was written before there were any", async () => {
    const here = offerRegion(three);
    here.items.load("Views", [made(three).view]);
    const { outcome, calls } = await here.rebuild();
    expect(outcome).toEqual(ok("written"));
    expect(calls.at(-1)).toBe("TransactWriteItems Views");
    expect(here.counters()).toEqual([1, 1, 1]);
    expect(viewsIn(here.items)).toEqual([made(three).view]);
  });
});

describe("a variant", () => {
  const entries = (count: number) => skus(count).map((one) => ({ sku: one, title: one }));

  test("that is taken out is withdrawn, and offered again when it comes back", async () => {
    const here = offerRegion(three);
    await here.rebuild();
    here.edit({ variants: entries(2) });
    await here.rebuild();
    expect(here.offer(2)?.holder).toEqual({ productId: lamp.id, vector: { [us]: 2 } });
    expect(here.counters()).toEqual([1, 1, 2]);
    here.edit({ variants: entries(3) });
    await here.rebuild();
    expect(here.offer(2)?.holder.offered?.prices).toEqual([{ amountMinor: 100, currency: "EUR" }]);
  });

  test("without a price has no offer, and one that was out when the region began has none either", async () => {
    const here = offerRegion(three);
    here.edit({ variants: [...entries(2), { sku: "LAMP-3", title: "New" }] });
    await here.rebuild();
    expect([2, 3].map(here.offer)).toEqual([undefined, undefined]);
  });

  test("shows the lower of two prices that did not know of each other, as the view does", async () => {
    const here = offerRegion(three);
    const seen = here.items.dump("Catalog");
    const price = priceField(sku("LAMP-0"), "EUR");
    here.items.load("Catalog", [nextItem(seen, us, { [price]: 110 }), nextItem(seen, eu, { [price]: 90 })]);
    await here.rebuild();
    expect(here.offer()?.holder.offered?.prices).toEqual([{ amountMinor: 90, currency: "EUR" }]);
  });
});

describe("two products that name one SKU", () => {
  test.each([[[lamp.id, other.id]], [[other.id, lamp.id]]])(
    "sell the lower id's in every region, and say so: rebuilt as %j",
    async (order) => {
      const here = offerRegion(three, other);
      for (const id of order) {
        await here.rebuild(id);
      }
      expect(here.offer()?.holder).toMatchObject({ productId: other.id, offered: { productTitle: "Other" } });
      expect(here.deps.log.entries.filter(({ level }) => level === "error")).toEqual([
        {
          level: "error",
          message: "a SKU belongs to several products",
          product: order[1],
          disputed: [{ sku: "LAMP-0", holder: other.id, rivals: [order[0]] }],
        },
      ]);
      expect(here.deps.measurements.recorded).toEqual([
        { name: "SkusDisputed", values: [1], dimensions: {} },
      ]);
    },
  );

  test("sell the other's as soon as the holder withdraws it, and count no more", async () => {
    const here = offerRegion(three, other);
    await here.rebuild(lamp.id);
    await here.rebuild(other.id);
    here.edit({ variants: [] }, other.id);
    await here.rebuild(other.id);
    expect(here.offer()?.holder).toMatchObject({ productId: lamp.id, offered: { productTitle: "Lamp" } });
    here.edit({ title: "Lampe" });
    await here.rebuild(lamp.id);
    expect(here.offer()?.holder.offered?.productTitle).toBe("Lampe");
    expect(here.deps.measurements.recorded).toHaveLength(1);
  });
});

describe("an offer that cannot be read", () => {
  test.each([
    [{ v: 7, discount: 10 }, 8],
    [{ v: "7" }, 1],
    [{}, 1],
    [{ v: ["7"] }, 1],
  ])("is replaced, and the log says so: %j", async (broken, counter) => {
    const here = offerRegion(three);
    await here.rebuild();
    here.items.load("Views", [{ ...offerKey(sku("LAMP-0")), ...broken } as StoredItem]);
    expect((await here.rebuild()).outcome).toEqual(ok("written"));
    expect(here.offer()).toMatchObject({ counter, holder: { productId: lamp.id } });
    expect(here.deps.log.entries).toMatchObject([{ level: "warn", key: offerKey(sku("LAMP-0")) }]);
  });
});
