import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { playSteady, type SteadySale } from "../testing/stock-steady.ts";

vi.setConfig({ testTimeout: 3_600_000 }); // seconds; an hour for many sales by hand on a busy machine

const anySale: fc.Arbitrary<SteadySale> = fc.integer({ min: 2, max: 4 }).chain((regions) =>
  fc.record({
    units: fc.array(fc.nat({ max: 120 }), { minLength: regions, maxLength: regions }),
    everyRounds: fc.array(fc.constantFrom(0, 1, 2, 3, 6, 15), { minLength: regions, maxLength: regions }),
    lagRounds: fc.constantFrom(1, 1, 3),
  }),
);

/** Units that one who knew all rates from the start would move, so that all regions run out at one time. */
function idealMoves({ units, everyRounds }: SteadySale): number {
  const rates = everyRounds.map((every) => (every === 0 ? 0 : 1 / every));
  const rate = rates.reduce((sum, one) => sum + one, 0);
  const total = units.reduce((sum, one) => sum + one, 0);
  const missing = rates.map((one, index) => (rate === 0 ? 0 : (total * one) / rate - (units[index] ?? 0)));
  return missing.reduce((sum, one) => sum + Math.max(0, one), 0);
}

/** More by hand: `STEADY_SALES=500 npx vitest run packages/core/src/stock/steady.laws.test.ts`. */
const sales = Number(process.env["STEADY_SALES"] ?? 12);

describe("regions that sell at rates that do not change", () => {
  test("move few units more than one who knew the rates would, none to and fro, and sell what there is", async () => {
    let moved = 0;
    await fc.assert(
      fc.asyncProperty(anySale, async (sale) => {
        const run = await playSteady(sale);
        expect(run.needless).toBe(0);
        expect(run.moved).toBeLessThanOrEqual(2 * idealMoves(sale) + 4 * sale.units.length);
        expect(run.refused > 5 && run.left > sale.units.length && sale.lagRounds === 1).toBe(false);
        moved += run.moved;
      }),
      { numRuns: sales },
    );
    expect(moved).toBeGreaterThan(10 * sales);
  });

  // by demand alone, without a region's share of what there is, these move 91, 241 and 141 units
  test.each([
    { units: [120, 107, 33], everyRounds: [1, 1, 15] },
    { units: [0, 115, 117, 9], everyRounds: [1, 6, 2, 2] },
    { units: [10, 20, 118, 6], everyRounds: [6, 2, 6, 3] },
  ])("do not send the same units to and fro while they get fewer: $units", async (sale) => {
    const run = await playSteady({ ...sale, lagRounds: 1 });
    expect(run.moved).toBeLessThanOrEqual(1.2 * idealMoves({ ...sale, lagRounds: 1 }));
    expect(run.left).toBe(0);
  });
});
