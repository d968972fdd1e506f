import { type LagSummary, meanLagMs } from "./lag-summary.ts";

/** Lags as a floor, which nothing undercuts, and an exponential excess above it. */
export interface LagFit {
  readonly floorMs: number;
  /** The mean excess, 1/λ. */
  readonly excessMs: number;
  /** The standard error of the mean excess, as a share of it, where lags are of this form. */
  readonly excessError: number;
}

/** Below, the excess is known to a fifth of itself at best. */
export const fitSamplesMin = 30;

/**
 * Fits floor and excess by the estimators of least variance without bias, for n samples with least m and mean a: excess
 * n(a − m)/(n − 1), floor m − (a − m)/(n − 1); a plain least sample lies above the floor by an n-th of the excess.
 * (Epstein and Sobel, Some theorems relevant to life testing from an exponential distribution, 1954.) The least sample
 * is by two regions' clocks, so the floor is off by what they are apart; the excess is not. Nothing with too few.
 */
export function fitLag(summary: LagSummary): LagFit | undefined {
  const meanMs = meanLagMs(summary);
  if (meanMs === undefined || summary.count < fitSamplesMin) {
    return undefined;
  }
  const aboveMs = meanMs - summary.minMs;
  const excessMs = (aboveMs * summary.count) / (summary.count - 1);
  return {
    floorMs: Math.max(0, summary.minMs - aboveMs / (summary.count - 1)),
    excessMs,
    excessError: 1 / Math.sqrt(summary.count - 1),
  };
}

function exponentialShare(ms: number, meanMs: number): number {
  if (ms < 0) {
    return 0;
  }
  return meanMs === 0 ? 1 : 1 - Math.exp(-ms / meanMs);
}

/** The probability that a read sees a write after so long, by the fit. */
export function fittedShareWithin({ floorMs, excessMs }: LagFit, withinMs: number): number {
  return exponentialShare(withinMs - floorMs, excessMs);
}

/**
 * The same by the usual formula, P = 1 − e^(−t/L) with the mean lag L. It knows no floor, so it promises that some reads
 * see a write at once, which no network can keep.
 */
export function referenceShareWithin(meanMs: number, withinMs: number): number {
  return exponentialShare(withinMs, meanMs);
}
