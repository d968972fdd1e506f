/** Why a metric alarm is in its state, in CloudWatch's own words and data. */
import type { AlarmStateValue, MetricAlarm } from "./alarm.ts";
import type { Datapoint, EvaluationSettings, Verdict } from "./alarm-evaluation.ts";
import { isBreaching } from "./alarm-evaluation.ts";
import { doubleText, jsonObject, shortTime, timestampText } from "./wording.ts";

export const initialReason = "Unchecked: Initial alarm creation";

const comparisons = {
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  GreaterThanThreshold: "greater than",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
} as const;

export interface Judged {
  readonly alarm: MetricAlarm;
  readonly settings: EvaluationSettings;
  /** The whole evaluation range, oldest first. */
  readonly range: readonly Datapoint[];
  readonly verdict: Verdict;
}

/** What the alarm's new state is because of. */
export function reasonText(judged: Judged, state: AlarmStateValue): string {
  const { settings, verdict } = judged;
  if (state === "INSUFFICIENT_DATA")
    return `Insufficient Data: ${counted(verdict.filled)} ${was(verdict.filled)} unknown.`;
  const speaking = speakingFor(judged, state);
  const missing = missingText(judged);
  if (speaking.length > 0) {
    const verb = state === "ALARM" ? was(speaking.length) : `${was(speaking.length)} not`;
    const threshold = `the threshold (${doubleText(settings.threshold)})`;
    const crossing = `${datapointsText(judged, speaking)} ${verb} ${comparisons[settings.comparison]} ${threshold}`;
    return `Threshold Crossed: ${crossing}${missing === "" ? "" : ` and ${missing}`}${minimumText(judged, state)}.`;
  }
  const received = verdict.evaluated.length;
  const periods = `${settings.evaluationPeriods} period${settings.evaluationPeriods === 1 ? "" : "s"}`;
  const none = `no datapoints were received for ${periods}`;
  const some = `${counted(received)} ${was(received)} received for ${periods}`;
  return `Threshold Crossed: ${received === 0 ? none : some} and ${missing}.`;
}

const was = (count: number) => (count === 1 ? "was" : "were");
const counted = (count: number, what = "datapoint") => `${count} ${what}${count === 1 ? "" : "s"}`;

/** The evaluated datapoints that are on the state's side, the latest first. */
function speakingFor({ settings, verdict }: Judged, state: AlarmStateValue): readonly Datapoint[] {
  return verdict.evaluated
    .filter(({ value }) => value !== undefined && isBreaching(settings, value) === (state === "ALARM"))
    .toReversed();
}

function missingText({ settings, verdict }: Judged): string {
  const { filled } = verdict;
  const { treatment } = settings;
  if (filled === 0 || (treatment !== "breaching" && treatment !== "notBreaching")) return "";
  const as = treatment === "breaching" ? "Breaching" : "NonBreaching";
  return `${counted(filled, "missing datapoint")} ${was(filled)} treated as [${as}]`;
}

function datapointsText({ alarm, settings }: Judged, points: readonly Datapoint[]): string {
  const list = points.map(({ value, atMs }) => `${doubleText(value ?? 0)} (${shortTime(atMs)})`).join(", ");
  if (alarm.datapointsToAlarm === undefined) return `${counted(points.length)} [${list}]`;
  return `${points.length} out of the last ${settings.evaluationPeriods} datapoints [${list}]`;
}

function minimumText({ alarm, settings }: Judged, state: AlarmStateValue): string {
  if (alarm.datapointsToAlarm === undefined) return "";
  const { evaluationPeriods, datapointsToAlarm } = settings;
  const [least, from] =
    state === "ALARM" ? [datapointsToAlarm, "OK"] : [evaluationPeriods - datapointsToAlarm + 1, "ALARM"];
  return ` (minimum ${counted(least)} for ${from} -> ${state} transition)`;
}

/** The data beside the reason, as JSON text. */
export function reasonDataText({ alarm, settings, range, verdict }: Judged, queryMs: number): string {
  const { watched, periodSeconds } = alarm;
  const metric = watched.type === "metric" ? watched.metric : undefined;
  const [oldest] = verdict.evaluated;
  const text = (value: string) => JSON.stringify(value);
  const values = verdict.evaluated.map(({ value }) => doubleText(value ?? 0)).join(",");
  const evaluated = range.slice(-settings.evaluationPeriods).toReversed().map(datapointText).join(",");
  return jsonObject([
    ["version", text("1.0")],
    ["queryDate", text(timestampText(queryMs))],
    ...(oldest === undefined ? [] : [["startDate", text(timestampText(oldest.atMs))] as const]),
    ...(metric?.unit === undefined ? [] : [["unit", text(metric.unit)] as const]),
    ...(metric === undefined ? [] : [["statistic", text(metric.stat)] as const]),
    ["period", String(periodSeconds)],
    ["recentDatapoints", `[${values}]`],
    ["threshold", doubleText(settings.threshold)],
    ["evaluatedDatapoints", `[${evaluated}]`],
  ]);
}

function datapointText({ atMs, value, sampleCount }: Datapoint): string {
  return jsonObject([
    ["timestamp", JSON.stringify(timestampText(atMs))],
    ...(sampleCount === undefined ? [] : [["sampleCount", doubleText(sampleCount)] as const]),
    ...(value === undefined ? [] : [["value", doubleText(value)] as const]),
  ]);
}
