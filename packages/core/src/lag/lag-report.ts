import { fitLag, fittedShareWithin, type LagFit, referenceShareWithin } from "./lag-fit.ts";
import {
  type LagSummary,
  lagQuantileMs,
  lagShareWithin,
  meanLagMs,
  mergeLags,
  noLags,
  summarizeLags,
} from "./lag-summary.ts";

/** One write's way from one region to another. */
export interface LagSample {
  readonly from: string;
  readonly to: string;
  readonly lagMs: number;
}

export interface PairLag {
  readonly from: string;
  readonly to: string;
  readonly lags: LagSummary;
}

/** Adds samples to what is known of each direction between two regions, ordered by their names. */
export function addLagSamples(known: Iterable<PairLag>, samples: Iterable<LagSample>): readonly PairLag[] {
  const samplesByPair = new Map<
    string,
    { from: string; to: string; lags: LagSummary; samplesMs: number[] }
  >();
  const pairOf = (from: string, to: string) => {
    const key = `${from}>${to}`;
    const pair = samplesByPair.get(key) ?? { from, to, lags: noLags, samplesMs: [] };
    samplesByPair.set(key, pair);
    return pair;
  };
  for (const { from, to, lags } of known) {
    const pair = pairOf(from, to);
    pair.lags = mergeLags(pair.lags, lags);
  }
  for (const { from, to, lagMs } of samples) {
    pairOf(from, to).samplesMs.push(lagMs);
  }
  return [...samplesByPair]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { from, to, lags, samplesMs }]) => ({
      from,
      to,
      lags: mergeLags(lags, summarizeLags(samplesMs)),
    }));
}

/** The probability that a read sees a write after so long: as measured, as fitted, and by the usual formula. */
export interface ConsistencyPoint {
  readonly withinMs: number;
  readonly measured: number;
  readonly fitted?: number;
  readonly reference: number;
}

export interface LagReport {
  readonly count: number;
  readonly meanMs: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly fit?: LagFit;
  readonly points: readonly ConsistencyPoint[];
}

/** What there is to publish of one direction; nothing without samples. */
export function reportLag(lags: LagSummary, timesMs: readonly number[]): LagReport | undefined {
  const meanMs = meanLagMs(lags);
  const medianMs = lagQuantileMs(lags, 0.5);
  const p99Ms = lagQuantileMs(lags, 0.99);
  if (meanMs === undefined || medianMs === undefined || p99Ms === undefined) {
    return undefined;
  }
  const fit = fitLag(lags);
  const points = timesMs.map((withinMs) => ({
    withinMs,
    measured: lagShareWithin(lags, withinMs) ?? 0,
    ...(fit === undefined ? {} : { fitted: fittedShareWithin(fit, withinMs) }),
    reference: referenceShareWithin(meanMs, withinMs),
  }));
  return {
    count: lags.count,
    meanMs,
    medianMs,
    p99Ms,
    maxMs: lags.maxMs,
    ...(fit === undefined ? {} : { fit }),
    points,
  };
}
