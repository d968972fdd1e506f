import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shiftWithinMs } from "./bounds.ts";
import { judgeRegions, type RegionPromises } from "./judge-regions.ts";
import { phasesOf } from "./phases.ts";
import { type ForgedLoss, forgeHistory, lost, others, usualLoss } from "./testing/forged-history.ts";

const promises: RegionPromises = {
  shiftWithinMs,
  activeMin: 3,
  drainsMax: { [lost]: 1 },
  awaysMax: { [lost]: 1 },
  failedAfterShiftMax: 0,
};
const { brokenMs, mendedMs } = usualLoss;

/** A loss in which everything goes its way, sooner or later: shoppers are served elsewhere after names have changed. */
const losses = fc
  .record({
    namedMs: fc.integer({ min: 1_000, max: 55_000 }),
    followMs: fc.integer({ min: 0, max: 12_000 }),
    backMs: fc.integer({ min: 20_000, max: 90_000 }),
    votesMs: fc.array(fc.integer({ min: 2_000, max: 60_000 }), { minLength: 3, maxLength: 3 }),
  })
  .map(({ namedMs, followMs, backMs, votesMs }) => {
    const loss: ForgedLoss = {
      ...usualLoss,
      away: [[brokenMs + namedMs, mendedMs + backMs]],
      servedMs: brokenMs + namedMs + followMs,
      votes: Object.fromEntries(
        others.map((other, at) => [other, [brokenMs + (votesMs[at] ?? 0), mendedMs + 60_000]]),
      ),
    };
    return { loss, votesMs };
  });

describe("the judge of regions", () => {
  it("convicts by when the last shopper was served elsewhere, and by nothing else", () => {
    fc.assert(
      fc.property(losses, ({ loss }) => {
        const history = forgeHistory(loss);
        const { shiftedMs = Number.POSITIVE_INFINITY } = phasesOf(history);
        const firstPossibleMs = loss.servedMs - loss.brokenMs;
        expect(shiftedMs).toBeGreaterThanOrEqual(firstPossibleMs);
        expect(shiftedMs).toBeLessThanOrEqual(firstPossibleMs + 2_100); // shoppers of the forged run send every two seconds
        expect(judgeRegions(history, promises).broken.length > 0).toBe(shiftedMs > shiftWithinMs);
      }),
    );
  });

  it("sees votes within one look of when they are cast", () => {
    fc.assert(
      fc.property(losses, ({ loss, votesMs }) => {
        const { detectedMs = 0, decidedMs = 0, votesAgreeMs } = phasesOf(forgeHistory(loss));
        expect(detectedMs - Math.min(...votesMs)).toBeGreaterThanOrEqual(0);
        expect(detectedMs - Math.min(...votesMs)).toBeLessThan(2_000);
        expect(decidedMs - Math.max(...votesMs)).toBeGreaterThanOrEqual(0);
        expect(decidedMs - Math.max(...votesMs)).toBeLessThan(2_000);
        expect(votesAgreeMs).toBe(decidedMs - detectedMs);
      }),
    );
  });
});
