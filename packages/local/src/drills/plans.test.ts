import { describe, expect, it } from "vitest";
import { applyFault, noFaults } from "../faults/fault-state.ts";
import { checkFault } from "../faults/faults.ts";
import { createRandom } from "../links/random.ts";
import { planCarts } from "./concurrent-carts/plan.ts";
import { planFaults } from "./fault-plan.ts";
import { planSale } from "./flash-sale/plan.ts";
import { planPrices } from "./price-conflict/plan.ts";
import { planSplits, skuCount } from "./two-checkouts/plan.ts";

const regions = ["us-east-1", "eu-west-1", "ap-south-1", "ap-east-1"];
const carts = (seed: number) => planCarts(createRandom(seed), { regions, shoppers: 10, operations: 400 });
const prices = (seed: number) => planPrices(createRandom(seed), { regions, products: 12, rounds: 5 });
const sale = (seed: number) => planSale(createRandom(seed), { regions, buyers: 400, stock: 50 });
const splits = (seed: number) => planSplits(createRandom(seed), { regions, carts: 40 });
const faults = (seed: number) => planFaults(createRandom(seed), { regions, operations: 200 });

describe("plans", () => {
  it.each([
    ["carts", carts],
    ["prices", prices],
    ["a sale", sale],
    ["split carts", splits],
    ["faults", faults],
  ])("of %s repeat for a seed and differ for another", (_, plan) => {
    expect(plan(3)).toEqual(plan(3));
    expect(plan(3)).not.toEqual(plan(4));
  });
});

const seeds = Array.from({ length: 100 }, (_, seed) => seed);

describe.each([
  ["faults", faults, 200],
  ["faults of a sale", (seed: number) => sale(seed).faults, 400],
])("a plan of %s", (_, plan, operations) => {
  it("leaves three regions open to clients at any time, and everything mended at its end", () => {
    for (const seed of seeds) {
      let state = noFaults;
      for (const { at, fault } of plan(seed)) {
        expect(at).toBeLessThanOrEqual(operations);
        expect(checkFault(fault, regions, ["outside", "payments"])).toBeUndefined();
        state = applyFault(state, fault);
        const closed = new Set([
          ...state.down,
          ...Object.keys(state.links)
            .flatMap((key) => key.split(">"))
            .filter((end) =>
              Object.keys(state.links).some((key) => key === `outside>${end}` || key === `${end}>outside`),
            ),
        ]);
        closed.delete("outside");
        expect(closed.size, `seed ${seed}`).toBeLessThanOrEqual(1);
      }
      expect(state, `seed ${seed}`).toEqual(noFaults);
    }
  });
});

describe("a plan of faults", () => {
  it("breaks in every way that there is", () => {
    const types = new Set(seeds.flatMap((seed) => faults(seed).map(({ fault }) => fault.type)));
    expect([...types].sort()).toEqual(["cut", "down", "heal", "lag", "loss", "pause", "up"]);
    const oneWay = seeds
      .flatMap((seed) => faults(seed))
      .filter(({ fault }) => "oneWay" in fault && fault.oneWay);
    expect(oneWay.length).toBeGreaterThan(100);
  });
});

describe("a plan of carts", () => {
  it("lets two devices of each shopper begin in different regions, and half of the shoppers merge as guests", () => {
    const { shoppers } = carts(5);
    expect(shoppers.filter(({ guest }) => guest !== undefined)).toHaveLength(5);
    for (const { guest, devices } of shoppers) {
      expect(devices).toHaveLength(2);
      const merges = devices.flat().filter(({ type }) => type === "merge");
      expect(merges).toHaveLength(guest === undefined ? 0 : 1);
    }
    const steps = shoppers.flatMap(({ devices }) => devices.flat());
    expect(new Set(steps.map(({ type }) => type))).toEqual(
      new Set(["add", "set", "remove", "merge", "read"]),
    );
    for (const { route } of steps) expect(new Set(route)).toEqual(new Set(regions));
  });

  it("sets and removes only what it may", () => {
    const steps = carts(6).shoppers.flatMap(({ devices, guest = [] }) => [...devices.flat(), ...guest]);
    const replaced = steps.flatMap((step) =>
      step.type === "set" || step.type === "remove" ? [step.sku] : [],
    );
    expect(replaced.filter((sku) => !sku.startsWith("DRILL-REPLACED"))).toEqual([]);
    expect(replaced.length).toBeGreaterThan(50);
  });
});

describe("a plan of prices", () => {
  it("edits each product in each region at most once a round, with values that are never the same", () => {
    const edits = prices(7).flatMap(({ products }) => {
      for (const product of products) {
        const first = product.edits.map(({ route }) => route[0]);
        expect(new Set(first).size).toBe(first.length);
      }
      return products.flatMap((product) => product.edits);
    });
    expect(new Set(edits.map(({ number }) => number)).size).toBe(edits.length);
    expect(edits.length).toBeGreaterThan(60);
  });
});

describe("a plan of a sale", () => {
  it("brings exactly the stock, in deliveries of which some are sent again and elsewhere", () => {
    for (const stock of [1, 2, 7, 200]) {
      for (const seed of seeds) {
        const { deliveries } = planSale(createRandom(seed), { regions, buyers: 10, stock });
        expect(deliveries.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(stock);
        expect(new Set(deliveries.map(({ region }) => region)).size).toBeLessThanOrEqual(2);
        for (const { quantity } of deliveries) expect(quantity).toBeGreaterThan(0);
      }
    }
    const all = seeds.flatMap((seed) => sale(seed).deliveries);
    expect(all.some(({ sentTo }) => sentTo.length > 1)).toBe(true);
    expect(all.some(({ region, sentTo }) => sentTo.some((to) => to !== region))).toBe(true);
  });

  it("lets a region fall, the provider fail in every way, and some cards be declined", () => {
    const { faults: planned, buyers } = sale(9);
    expect(planned.filter(({ fault }) => fault.type === "down")).toHaveLength(1);
    const changes = planned.flatMap(({ fault }) =>
      fault.type === "pay" ? Object.keys(fault.set ?? {}) : [],
    );
    expect([...new Set(changes)].sort()).toEqual([
      "failShare",
      "loseAnswerShare",
      "slowMs",
      "webhookDelayMs",
      "webhookTwice",
    ]);
    expect(buyers.some(({ declined }) => declined?.tries)).toBe(true);
    expect(buyers.some(({ durability }) => durability === "two-regions")).toBe(true);
    for (const { route, alsoIn } of buyers) expect(alsoIn).not.toBe(route[0]);
  });
});

describe("a plan of split carts", () => {
  it("checks each cart out in two regions that cannot hear each other, some with more on one side", () => {
    const rounds = splits(3);
    expect(rounds.flatMap(({ carts }) => carts)).toHaveLength(40);
    for (const { sides, faults: planned } of rounds) {
      expect(new Set(sides).size).toBe(2);
      expect(planned[0]).toMatchObject({ from: sides[0], to: sides[1] });
      for (const fault of planned)
        expect(checkFault(fault, regions, ["outside", "payments"])).toBeUndefined();
    }
    const planned = rounds.flatMap((round) => round.carts);
    expect(new Set(planned.map(({ more }) => more?.side))).toEqual(new Set([undefined, 0, 1]));
    for (const { lines } of planned) {
      expect(new Set(lines.map(({ sku }) => sku)).size).toBe(lines.length);
      for (const { sku } of lines) expect(sku).toBeLessThan(skuCount);
    }
  });
});
