import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chanceFrom } from "../testing/chance.ts";
import { fitLag, fitSamplesMin, fittedShareWithin, referenceShareWithin } from "./lag-fit.ts";
import {
  lagErrorMax,
  lagMaxMs,
  lagQuantileMs,
  lagShareWithin,
  mergeLags,
  noLags,
  summarizeLags,
} from "./lag-summary.ts";

const anyLagMs = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 100_000 }), fc.nat({ max: lagMaxMs }));
const anyLags = fc.array(anyLagMs, { minLength: 1, maxLength: 200 });
const anyTimeMs = fc.oneof(anyLagMs, fc.double({ min: -10, max: 1e6, noNaN: true }));
const exactShare = (lagsMs: readonly number[], withinMs: number) =>
  lagsMs.filter((ms) => ms <= withinMs).length / lagsMs.length;

describe("summaries", () => {
  test("of parts add up to that of all, in any order", () => {
    fc.assert(
      fc.property(anyLags, anyLags, anyLags, (one, two, three) => {
        const [a, b, c] = [summarizeLags(one), summarizeLags(two), summarizeLags(three)];
        const all = summarizeLags([...three, ...one, ...two]);
        expect(mergeLags(mergeLags(a, b), c)).toEqual(all);
        expect(mergeLags(c, mergeLags(b, a))).toEqual(all);
        expect(mergeLags(noLags, a)).toEqual(a);
      }),
    );
  });

  test("are bounded", () => {
    const lagsMs = Array.from({ length: 200_000 }, (_, index) => 1.0001 ** index);
    expect(summarizeLags(lagsMs).countByBucket.size).toBeLessThan(1_000);
  });

  test("quantiles are those of the samples, within the stated error", () => {
    fc.assert(
      fc.property(anyLags, fc.double({ min: 0, max: 1, noNaN: true }), (lagsMs, share) => {
        const sorted = [...lagsMs].sort((left, right) => left - right);
        const exactMs = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN;
        const ms = lagQuantileMs(summarizeLags(lagsMs), share) ?? Number.NaN;
        expect(Math.abs(ms - exactMs)).toBeLessThanOrEqual(Math.max(1, exactMs * lagErrorMax * 1.000_001));
      }),
    );
  });

  test("quantiles and shares are monotone, shares from 0 to 1", () => {
    fc.assert(
      fc.property(anyLags, anyTimeMs, anyTimeMs, (lagsMs, one, two) => {
        const summary = summarizeLags(lagsMs);
        const [early = 0, late = 0] = [one, two].sort((left, right) => left - right);
        const shares = [early, late].map((ms) => lagShareWithin(summary, ms) ?? Number.NaN);
        expect(shares[0]).toBeLessThanOrEqual(shares[1] ?? Number.NaN);
        expect(shares[0]).toBeGreaterThanOrEqual(0);
        expect(shares[1]).toBeLessThanOrEqual(1);
        const quantiles = shares.map((share) => lagQuantileMs(summary, share) ?? Number.NaN);
        expect(quantiles[0]).toBeLessThanOrEqual(quantiles[1] ?? Number.NaN);
      }),
    );
  });

  test("the measured share is the samples' own, for a time up to two hundredths later", () => {
    fc.assert(
      fc.property(anyLags, anyTimeMs, (lagsMs, withinMs) => {
        const share = lagShareWithin(summarizeLags(lagsMs), withinMs);
        const laterMs = Math.max(1, withinMs) * (1 + 2.03 * lagErrorMax);
        expect(share).toBeGreaterThanOrEqual(exactShare(lagsMs, withinMs));
        expect(share).toBeLessThanOrEqual(withinMs < 0 ? 0 : exactShare(lagsMs, laterMs));
      }),
    );
  });
});

describe("the fit", () => {
  test("finds floor and excess of lags that have them, within five standard errors", () => {
    const anyForm = fc.record({
      floorMs: fc.integer({ min: 20, max: 500 }),
      excessMs: fc.integer({ min: 50, max: 2_000 }),
      samples: fc.integer({ min: 200, max: 5_000 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(anyForm, ({ floorMs, excessMs, samples, seed }) => {
        const chance = chanceFrom(seed);
        const lagsMs = Array.from({ length: samples }, () => floorMs - excessMs * Math.log(1 - chance()));
        const fit = fitLag(summarizeLags(lagsMs));
        const error = 5 / Math.sqrt(samples - 1);
        expect(Math.abs((fit?.excessMs ?? 0) / excessMs - 1)).toBeLessThan(error);
        expect(fit?.excessError).toBeCloseTo(error / 5, 9);
        // the least sample is above the floor by an exponential of a mean of excess/n, and rounded
        expect(Math.abs((fit?.floorMs ?? 0) - floorMs)).toBeLessThan((16 * excessMs) / samples + 1);
      }),
      { numRuns: 200 },
    );
  });

  test("is without bias: over many summaries its means are floor and excess", () => {
    const chance = chanceFrom(7);
    const fits = Array.from({ length: 2_000 }, () =>
      fitLag(summarizeLags(Array.from({ length: 30 }, () => 1_000 - 3_000 * Math.log(1 - chance())))),
    );
    const mean = (of: "floorMs" | "excessMs") =>
      fits.reduce((sum, fit) => sum + (fit?.[of] ?? 0), 0) / fits.length;
    expect(Math.abs(mean("floorMs") - 1_000)).toBeLessThan(10); // a plain least sample would be 100 above
    expect(Math.abs(mean("excessMs") - 3_000)).toBeLessThan(50); // and a plain excess 100 below
  });

  test("and the usual formula are monotone, from 0 to 1", () => {
    fc.assert(
      fc.property(anyLags, anyTimeMs, anyTimeMs, (lagsMs, one, two) => {
        const fit = fitLag(summarizeLags([...lagsMs, ...new Array(fitSamplesMin).fill(lagsMs[0])]));
        const [early = 0, late = 0] = [one, two].sort((left, right) => left - right);
        for (const share of [
          (ms: number) => (fit === undefined ? Number.NaN : fittedShareWithin(fit, ms)),
          (ms: number) => referenceShareWithin(lagsMs[0] ?? 0, ms),
        ]) {
          expect(share(early)).toBeGreaterThanOrEqual(0);
          expect(share(early)).toBeLessThanOrEqual(share(late));
          expect(share(late)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
