import { type MetricIdentity, metricKey, type RecordedValue } from "./metric.ts";
import { addValue, type GrowingSet, merged, newSet, type StatisticSet } from "./statistic-set.ts";

/** Alarms look back a quarter of an hour, people over a drill. */
const keptMs = 3 * 3_600_000;
/** CloudWatch takes values from so far ahead. */
const aheadMaxMs = 2 * 3_600_000;
/** A function that makes up dimensions would fill the memory; a world has some thousand metrics. */
const seriesMax = 10_000;

/** Values are kept by the minute, those of high resolution by the shortest period that an alarm may have. */
const standardMs = 60_000;
const highResolutionMs = 10_000;

export interface MetricQuery extends MetricIdentity {
  /** Of all units when left out. */
  readonly unit?: string;
  /** Start of the first period. */
  readonly fromMs: number;
  readonly periodMs: number;
  readonly periods: number;
}

export interface MetricsStore {
  /** Keeps a value; one that is too old, or too far ahead, is dropped. */
  record(region: string, value: RecordedValue): void;
  /** One entry for each period; nothing where nothing was recorded. */
  read(region: string, query: MetricQuery): readonly (StatisticSet | undefined)[];
  /** Metrics with values, in the order in which they appeared. */
  list(region: string): readonly MetricIdentity[];
  /** Values that were dropped because there are too many metrics. */
  dropped(): number;
}

/** One metric in one unit. */
interface Series {
  readonly unit: string;
  readonly resolutionMs: number;
  /** By start, which is a multiple of the resolution. */
  readonly buckets: Map<number, GrowingSet>;
}

interface Metric {
  readonly identity: MetricIdentity;
  readonly series: Series[];
  latestMs: number;
}

export function createMetricsStore({ now }: { readonly now: () => number }): MetricsStore {
  const regions = new Map<string, Map<string, Metric>>();
  let dropped = 0;

  function metricOf(region: string, value: RecordedValue): Metric | undefined {
    const metrics = regions.get(region) ?? new Map<string, Metric>();
    regions.set(region, metrics);
    const key = metricKey(value);
    const known = metrics.get(key);
    if (known !== undefined) return known;
    if (metrics.size >= seriesMax) forgetSilent(metrics, now() - keptMs);
    if (metrics.size >= seriesMax) return undefined;
    const { namespace, name, dimensions } = value;
    const made: Metric = { identity: { namespace, name, dimensions }, series: [], latestMs: value.atMs };
    metrics.set(key, made);
    return made;
  }

  return {
    record(region, value) {
      const nowMs = now();
      if (value.atMs < nowMs - keptMs || value.atMs > nowMs + aheadMaxMs) return;
      const metric = metricOf(region, value);
      if (metric === undefined) {
        dropped += 1;
        return;
      }
      metric.latestMs = Math.max(metric.latestMs, value.atMs);
      const { buckets, resolutionMs } = seriesOf(metric, value);
      const startMs = Math.floor(value.atMs / resolutionMs) * resolutionMs;
      const set = buckets.get(startMs);
      if (set !== undefined) {
        addValue(set, value.value, value.count ?? 1);
        return;
      }
      buckets.set(startMs, newSet(value.value, value.count ?? 1));
      forgetOld(buckets, nowMs - keptMs);
    },
    read(region, query) {
      const series = regions.get(region)?.get(metricKey(query))?.series ?? [];
      const wanted = series.filter(({ unit }) => query.unit === undefined || unit === query.unit);
      return Array.from({ length: query.periods }, (_, index) => {
        const fromMs = query.fromMs + index * query.periodMs;
        return wanted
          .map((one) => between(one, fromMs, fromMs + query.periodMs))
          .reduce(mergedIfAny, undefined);
      });
    },
    list: (region) => [...(regions.get(region)?.values() ?? [])].map(({ identity }) => identity),
    dropped: () => dropped,
  };
}

function seriesOf(metric: Metric, { unit = "None", highResolution }: RecordedValue): Series {
  const resolutionMs = highResolution === true ? highResolutionMs : standardMs;
  const known = metric.series.find((one) => one.unit === unit && one.resolutionMs === resolutionMs);
  if (known !== undefined) return known;
  const made: Series = { unit, resolutionMs, buckets: new Map() };
  metric.series.push(made);
  return made;
}

function between(
  { buckets, resolutionMs }: Series,
  fromMs: number,
  untilMs: number,
): StatisticSet | undefined {
  let found: StatisticSet | undefined;
  const first = Math.ceil(fromMs / resolutionMs) * resolutionMs;
  for (let startMs = first; startMs < untilMs; startMs += resolutionMs) {
    found = mergedIfAny(found, buckets.get(startMs));
  }
  return found;
}

function mergedIfAny(
  left: StatisticSet | undefined,
  right: StatisticSet | undefined,
): StatisticSet | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return merged(left, right);
}

function forgetOld(buckets: Map<number, GrowingSet>, beforeMs: number): void {
  for (const startMs of buckets.keys()) if (startMs < beforeMs) buckets.delete(startMs);
}

function forgetSilent(metrics: Map<string, Metric>, beforeMs: number): void {
  for (const [key, { latestMs }] of metrics) if (latestMs < beforeMs) metrics.delete(key);
}
