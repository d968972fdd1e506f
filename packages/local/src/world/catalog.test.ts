import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOperator, type OperatedProduct, type Operator } from "../testing/operator.ts";
import { startWorld, type TestWorld, worldRegions } from "../testing/start-world.ts";

const [here = "", there = "", third = "", late = ""] = worldRegions;

let world: TestWorld;
let operator: Operator;

beforeAll(async () => {
  // One region has the whole catalog in its replica, and no stream record that would tell it so.
  world = await startWorld({ withoutViews: [late], products: 150 });
  operator = createOperator(world);
});
afterAll(() => world.close());

const newLamp = (id: string) => ({
  id,
  category: "home",
  title: "Lamp",
  description: "",
  media: [],
  variants: [{ sku: "LAMP", title: "", prices: [{ amountMinor: 100, currency: "EUR" }] }],
});

const priceOf = ({ variants }: OperatedProduct) => variants[0]?.prices[0]?.amountMinor;

describe("a region that joins late", () => {
  it("lists nothing but what was edited since, and everything after a backfill", {
    timeout: 60_000,
  }, async () => {
    await operator.create(here, newLamp("late-lamp"));
    const [seeded] = await operator.list(there);
    await operator.edit(there, seeded?.id ?? "", { title: "Edited meanwhile" });
    await world.settled();
    expect((await operator.list(late)).map(({ id }) => id).sort()).toEqual(["late-lamp", seeded?.id].sort());

    const [outcome, ...others] = await world.backfill(late);
    expect(others).toEqual([]);
    expect(outcome).toEqual({
      region: late,
      rebuilt: world.products - 1,
      upToDate: 2,
      incomplete: 0,
      failed: 0,
    });
    expect(await operator.list(late)).toEqual(await operator.list(here));
    expect(await operator.list(late)).toHaveLength(world.products + 1);
  });

  it("finds nothing to do in a region that is whole", { timeout: 60_000 }, async () => {
    const [outcome] = await world.backfill(there);
    expect(outcome).toMatchObject({ rebuilt: 0, upToDate: world.products + 1, failed: 0 });
    const [forced] = await world.backfill(there, true);
    expect(forced).toMatchObject({ rebuilt: world.products + 1, upToDate: 0, failed: 0 });
  });
});

describe("prices edited on both sides of a cut", () => {
  it("are one price everywhere when it heals, with both in every region's feed, until someone settles it", {
    timeout: 60_000,
  }, async () => {
    await operator.create(here, newLamp("cut-lamp"));
    await world.settled();
    world.apply({ type: "cut", from: here, to: there });
    world.apply({ type: "cut", from: third, to: there });
    world.apply({ type: "cut", from: late, to: there });
    await operator.setPrice(here, "cut-lamp", "LAMP/EUR", 90);
    await operator.setPrice(there, "cut-lamp", "LAMP/EUR", 110);
    await operator.edit(there, "cut-lamp", { title: "Lampe" });
    await world.settled();
    expect(priceOf(await operator.read(here, "cut-lamp"))).toBe(90);
    expect(priceOf(await operator.read(there, "cut-lamp"))).toBe(110);
    expect(await operator.feed(third)).toEqual([]);

    world.apply({ type: "heal" });
    await world.settled();
    const products = await Promise.all(worldRegions.map((region) => operator.read(region, "cut-lamp")));
    const feeds = await Promise.all(worldRegions.map((region) => operator.feed(region)));
    for (const product of products) {
      expect(product).toEqual(products[0]);
      expect([product.title, priceOf(product)]).toEqual(["Lampe", 90]);
    }
    const [conflict] = products[0]?.conflicts ?? [];
    expect(conflict?.values.map(({ value, served }) => [value, served]).sort()).toEqual([
      [110, false],
      [90, true],
    ]);
    for (const feed of feeds) expect(feed.map(({ id }) => id)).toEqual([conflict?.id]);

    await operator.settle(third, "cut-lamp", conflict?.id ?? "", 95);
    await world.settled();
    for (const region of worldRegions) {
      const product = await operator.read(region, "cut-lamp");
      expect([priceOf(product), product.conflicts]).toEqual([95, []]);
      expect(await operator.feed(region)).toHaveLength(1);
    }
    expect(world.warnings).toEqual([]);
  });
});

describe("what a deployment calls once", () => {
  it("fills the views of a new world's region by itself", { timeout: 90_000 }, async () => {
    const fresh = await startWorld({ withoutViews: [late], products: 150, invocations: true });
    try {
      const listed = createOperator(fresh);
      await expect
        .poll(async () => (await listed.list(late)).length, { timeout: 60_000, interval: 200 })
        .toBe(fresh.products);
      expect(fresh.warnings).toEqual([]);
    } finally {
      await fresh.close();
    }
  });
});
