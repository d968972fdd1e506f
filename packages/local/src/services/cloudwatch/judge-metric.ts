import { type AlarmState, type MetricAlarm, treatmentOf } from "./alarm.ts";
import { readDatapoints, windowOf } from "./alarm-datapoints.ts";
import { evaluate, type Verdict } from "./alarm-evaluation.ts";
import { reasonDataText, reasonText } from "./alarm-reasons.ts";
import type { MetricsStore } from "./metrics-store.ts";
import { percentOf } from "./statistic-set.ts";

export interface JudgeOptions {
  readonly store: Pick<MetricsStore, "read">;
  readonly state: AlarmState;
  readonly configuredAtMs: number;
  readonly nowMs: number;
}

/** The state that a metric alarm goes to now; nothing when it stays as it is. */
export function judgeMetric(alarm: MetricAlarm, options: JudgeOptions): Omit<AlarmState, "atMs"> | undefined {
  const { evaluationPeriods, datapointsToAlarm = evaluationPeriods, comparison, threshold } = alarm;
  const treatment = treatmentOf(alarm);
  const settings = { evaluationPeriods, datapointsToAlarm, comparison, threshold, treatment };
  const range = readDatapoints(options.store, alarm, options.nowMs);
  const verdict = evaluate(range, settings);
  const { state: value } = verdict;
  if (value === undefined || value === options.state.value) return undefined;
  if (isTooFew(alarm, verdict) || isTooEarly(alarm, verdict, options)) return undefined;
  const judged = { alarm, settings, range, verdict };
  return { value, reason: reasonText(judged, value), reasonData: reasonDataText(judged, options.nowMs) };
}

/** Fewer than ten values beyond the percentile say little of it: an alarm that was told so stays as it is. */
function isTooFew({ watched, ignoresLowSamples }: MetricAlarm, { evaluated }: Verdict): boolean {
  if (ignoresLowSamples !== true || watched.type !== "metric") return false;
  const percent = percentOf(watched.metric.stat);
  if (percent === undefined) return false;
  const beyond = percent > 50 ? 100 - percent : percent;
  const samples = evaluated.reduce((sum, { sampleCount = 0 }) => sum + sampleCount, 0);
  return samples * Number(beyond.toFixed(10)) < 10 * 100;
}

/**
 * Nobody can have reported before there was anybody. CloudWatch would ring at once for each alarm that takes silence for
 * trouble; here a world that has just started should soon be as one that has been up for a while.
 */
function isTooEarly(
  alarm: MetricAlarm,
  { state, filled }: Verdict,
  { configuredAtMs, nowMs }: JudgeOptions,
): boolean {
  return state === "ALARM" && filled > 0 && windowOf(alarm, nowMs).fromMs < configuredAtMs;
}
