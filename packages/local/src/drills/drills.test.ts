import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTemporaryWorld, type TemporaryWorld } from "../world/temporary-world.ts";
import { concurrentCarts } from "./concurrent-carts/concurrent-carts.ts";
import { flashSale } from "./flash-sale/flash-sale.ts";
import { formatReport, reportToJson } from "./format-report.ts";
import { priceConflict } from "./price-conflict/price-conflict.ts";
import { runDrill } from "./run-drill.ts";
import { twoCheckouts } from "./two-checkouts/two-checkouts.ts";

let world: TemporaryWorld;

beforeAll(async () => {
  world = await startTemporaryWorld();
});
afterAll(() => world.close());

const drillMs = 120_000; // a few seconds alone; on a machine that is busy with other tests, several times that

describe("a short run on four regions", () => {
  it(
    "of concurrent-carts keeps every promise",
    async () => {
      const sizes = { carts: 4, operations: 32 };
      const report = await runDrill(concurrentCarts, { world, seed: 11, sizes, say: () => {} });
      expect(report.broken).toEqual([]);
      expect(report.figures).toMatchObject({ seed: 11, regions: 4, carts: 6, lost: 0, doubled: 0 });
      const { operations, acknowledged, retriedElsewhere, convergedMs } = report.figures;
      expect(acknowledged).toBeGreaterThan(Number(operations) / 2);
      expect(retriedElsewhere).toBeGreaterThan(0);
      expect(convergedMs).toBeGreaterThan(0);
    },
    drillMs,
  );

  it(
    "of price-conflict keeps every promise",
    async () => {
      const sizes = { products: 3, rounds: 2 };
      const report = await runDrill(priceConflict, { world, seed: 12, sizes, say: () => {} });
      expect(report.broken).toEqual([]);
      const { concurrent, conflictsFed, lost, edits } = report.figures;
      expect({ lost, conflictsFed }).toEqual({ lost: 0, conflictsFed: concurrent });
      expect(concurrent).toBeGreaterThan(1);
      expect(edits).toBeGreaterThan(5);
    },
    drillMs,
  );
});

describe("a short run on four regions that sell", () => {
  it(
    "of flash-sale keeps every promise",
    async () => {
      const sizes = { buyers: 30, stock: 12 };
      const report = await runDrill(flashSale, { world, seed: 13, sizes, say: () => {} });
      expect(report.broken).toEqual([]);
      expect(report.figures).toMatchObject({
        seed: 13,
        stock: 12,
        buyers: 30,
        regions: 4,
        units: 12,
        oversold: 0,
        duplicateOrders: 0,
        duplicateCharges: 0,
        conservation: "kept",
      });
      expect(report.figures["attempts"]).toBeGreaterThan(30);
    },
    drillMs,
  );

  it(
    "of two-checkouts keeps every promise",
    async () => {
      const sizes = { carts: 4 };
      const report = await runDrill(twoCheckouts, { world, seed: 14, sizes, say: () => {} });
      expect(report.broken).toEqual([]);
      expect(report.figures).toMatchObject({ seed: 14, carts: 4, orders: 4, charges: 4, lost: 0 });
      expect(report.figures["releasedUnits"]).toBeGreaterThan(0);
    },
    drillMs,
  );
});

describe("a report", () => {
  const report = {
    figures: { seed: 7, lost: 1 },
    rows: [["units lost", "1"]] as const,
    faults: ["2 links cut"],
    broken: Array.from({ length: 25 }, (_, index) => `finding ${index}`),
  };

  it("is one line of JSON", () => {
    expect(JSON.parse(reportToJson(report))).toEqual({ seed: 7, lost: 1, broken: report.broken });
    expect(reportToJson(report)).not.toContain("\n");
  });

  it("says what was broken, what was promised, the verdict, and how to run it again", () => {
    const text = formatReport(concurrentCarts, { seed: 7, sizes: { carts: 3, operations: 320 } }, report);
    expect(text).toContain("2 links cut");
    expect(text).toContain("BROKEN: 25 findings");
    expect(text).toContain("… and 5 more");
    expect(text).toMatch(/--seed 7 --carts 3$/);
    const kept = formatReport(concurrentCarts, { seed: 7, sizes: {} }, { ...report, broken: [] });
    expect(kept).toContain("Kept: every promise.");
  });
});
