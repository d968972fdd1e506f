import { expect, test } from "vitest";
import { fitLag, fitSamplesMin, fittedShareWithin, referenceShareWithin } from "./lag-fit.ts";
import { addLagSamples, reportLag } from "./lag-report.ts";
import { lagMaxMs, lagShareWithin, noLags, summarizeLags } from "./lag-summary.ts";

test("the usual formula with a mean of 100 ms is 86.5 % after 200 ms", () => {
  expect(referenceShareWithin(100, 200)).toBeCloseTo(0.865, 3);
  expect(referenceShareWithin(100, -1)).toBe(0);
});

test("a fit sees nothing before its floor, and all after it where no lag is above it", () => {
  const fit = { floorMs: 80, excessMs: 20, excessError: 0.1 };
  expect(fittedShareWithin(fit, 79.9)).toBe(0);
  expect(fittedShareWithin(fit, 100)).toBeCloseTo(1 - Math.exp(-1), 9);
  const constant = fitLag(summarizeLags(new Array(fitSamplesMin).fill(80)));
  expect(constant).toMatchObject({ floorMs: 80, excessMs: 0 });
  expect([79, 80].map((ms) => constant && fittedShareWithin(constant, ms))).toEqual([0, 1]);
});

test("too few samples have no fit, and none have nothing", () => {
  expect(fitLag(summarizeLags(new Array(fitSamplesMin - 1).fill(80)))).toBeUndefined();
  expect(reportLag(summarizeLags([80]), [100])).toEqual({
    count: 1,
    meanMs: 80,
    medianMs: 80,
    p99Ms: 80,
    maxMs: 80,
    points: [{ withinMs: 100, measured: 1, reference: 1 - Math.exp(-100 / 80) }],
  });
  expect(reportLag(noLags, [100])).toBeUndefined();
  expect(lagShareWithin(noLags, 100)).toBeUndefined();
});

test("clocks that are apart make no negative lag, and no floor below 0; a day is the longest, a ms the least part", () => {
  expect(summarizeLags([1.4])).toEqual(summarizeLags([1]));
  expect(summarizeLags([-5])).toEqual(summarizeLags([0]));
  expect(summarizeLags([lagMaxMs * 2])).toEqual(summarizeLags([lagMaxMs]));
  expect(fitLag(summarizeLags([0, ...new Array(fitSamplesMin).fill(1_000)]))?.floorMs).toBe(0);
});

test("each direction between two regions is known by itself", () => {
  const samples = [
    { from: "us-east-1", to: "eu-west-1", lagMs: 80 },
    { from: "eu-west-1", to: "us-east-1", lagMs: 90 },
    { from: "us-east-1", to: "eu-west-1", lagMs: 120 },
  ];
  const first = addLagSamples([], samples);
  expect(first).toEqual([
    { from: "eu-west-1", to: "us-east-1", lags: summarizeLags([90]) },
    { from: "us-east-1", to: "eu-west-1", lags: summarizeLags([80, 120]) },
  ]);
  const more = addLagSamples(first, [{ from: "us-east-1", to: "eu-west-1", lagMs: 100 }]);
  expect(more[1]?.lags).toEqual(summarizeLags([80, 100, 120]));
  expect(more[0]).toEqual(first[0]);
  expect(addLagSamples([...first, ...more], [])[1]?.lags).toEqual(summarizeLags([80, 120, 80, 100, 120]));
});

test("a report has the measured share, the fit and the usual formula beside each other", () => {
  const lags = summarizeLags(Array.from({ length: 100 }, (_, index) => 80 + index));
  const report = reportLag(lags, [50, 130, 1_000]);
  expect(report?.fit).toEqual(fitLag(lags));
  expect(report?.points.map(({ measured }) => measured)).toEqual([0, expect.closeTo(0.51, 1), 1]);
  expect(report?.points[0]).toMatchObject({ fitted: 0, reference: 1 - Math.exp(-50 / 129.5) });
  expect(report?.points[1]?.fitted).toBeCloseTo(1 - Math.exp(-50 / 50), 1);
});
