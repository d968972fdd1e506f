import type { MathLine, MetricAlarm, MetricStat } from "./alarm.ts";
import { type Datapoint, evaluationRange } from "./alarm-evaluation.ts";
import { evaluateMath, type MathScope, type MathValue, type TimeSeries } from "./metric-math-values.ts";
import type { MetricsStore } from "./metrics-store.ts";
import { type StatisticSet, statisticNamed } from "./statistic-set.ts";

/** Periods of a minute and more end at the last whole minute, shorter ones at the last that is over. */
const minuteMs = 60_000;

export interface Window {
  readonly fromMs: number;
  readonly periodMs: number;
  readonly periods: number;
}

/** The periods that an alarm looks at. Longer periods slide by the minute: the last one is always over. */
export function windowOf({ periodSeconds, evaluationPeriods }: MetricAlarm, nowMs: number): Window {
  const periodMs = periodSeconds * 1_000;
  const periods = evaluationRange(evaluationPeriods);
  const stepMs = Math.min(periodMs, minuteMs);
  const endMs = Math.floor(nowMs / stepMs) * stepMs;
  return { fromMs: endMs - periods * periodMs, periodMs, periods };
}

/** What an alarm watches, in each period of its evaluation range, oldest first. */
export function readDatapoints(
  store: Pick<MetricsStore, "read">,
  alarm: MetricAlarm,
  nowMs: number,
): readonly Datapoint[] {
  const window = windowOf(alarm, nowMs);
  const atMs = (index: number) => window.fromMs + index * window.periodMs;
  if (alarm.watched.type === "metric") {
    const { metric } = alarm.watched;
    const read = readerOf(metric.stat);
    return readSets(store, alarm.region, metric, window).map((set, index) => ({
      atMs: atMs(index),
      value: set === undefined ? undefined : read(set),
      ...(set === undefined ? {} : { sampleCount: set.count }),
    }));
  }
  const points = mathSeries(alarm.watched.lines, window, (metric) => {
    const read = readerOf(metric.stat);
    return readSets(store, alarm.region, metric, window).map((set) =>
      set === undefined ? undefined : read(set),
    );
  });
  return points.map((value, index) => ({ atMs: atMs(index), value }));
}

function readSets(store: Pick<MetricsStore, "read">, region: string, metric: MetricStat, window: Window) {
  return store.read(region, { ...metric, ...window });
}

export function readerOf(stat: string): (set: StatisticSet) => number {
  const statistic = statisticNamed(stat);
  if (!statistic.ok) throw new Error(statistic.error); // refused where the alarm was planned
  return statistic.value;
}

/** The series of the line whose data is returned. */
function mathSeries(
  lines: readonly MathLine[],
  { periods }: Window,
  read: (metric: MetricStat) => TimeSeries,
): TimeSeries {
  const values = mathValues(lines, periods, read);
  const returned = lines.find(({ returnData }) => returnData);
  const value = returned === undefined ? undefined : values.get(returned.id);
  if (value?.type !== "series") throw new Error("an alarm's metric math gives no time series"); // refused when planned
  return value.points;
}

/** The value of every line: metrics are read, expressions worked out when another first asks for them. */
export function mathValues(
  lines: readonly MathLine[],
  length: number,
  read: (metric: MetricStat) => TimeSeries,
): ReadonlyMap<string, MathValue> {
  const metrics = new Map(
    lines.flatMap((line) => ("metric" in line ? [[line.id, read(line.metric)] as const] : [])),
  );
  const values = new Map<string, MathValue>(
    [...metrics].map(([id, points]) => [id, { type: "series", points }]),
  );
  const scope: MathScope = {
    length,
    metrics,
    valueOf(id) {
      const known = values.get(id);
      if (known !== undefined) return known;
      const line = lines.find((one) => one.id === id);
      if (line === undefined || !("expression" in line)) return undefined;
      const value = evaluateMath(line.math, scope);
      if (!value.ok) throw new Error(`${line.expression}: ${value.error}`); // refused when planned
      values.set(id, value.value);
      return value.value;
    },
  };
  for (const { id } of lines) scope.valueOf(id);
  return values;
}
