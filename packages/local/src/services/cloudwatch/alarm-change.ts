/** A change of an alarm's state, and the two ways in which CloudWatch tells of it. */
import { account } from "../service.ts";
import type { Alarm, AlarmState, CompositeAlarm, MathLine, MetricAlarm, MetricStat } from "./alarm.ts";
import { doubleText, jsonObject, regionName, timestampText } from "./wording.ts";

/** Of a composite alarm: a child whose change brought this one about. */
export interface TriggeringChild {
  readonly arn: string;
  readonly state: AlarmState;
}

export interface AlarmStateChange {
  readonly alarmArn: string;
  readonly alarmName: string;
  readonly region: string;
  readonly atMs: number;
  readonly state: AlarmState;
  readonly previousState: AlarmState;
  readonly configuration: Alarm;
  readonly triggeringChildren: readonly TriggeringChild[];
}

/** SNS takes no longer subject. */
const subjectCharactersMax = 100;

/** `ALARM: "name" in EU (Ireland)`; of a long name as much as fits. */
export function subjectOf({ alarmName, region, state }: AlarmStateChange): string {
  const around = `${state.value}: "" in ${regionName(region)}`.length;
  const room = subjectCharactersMax - around;
  const name = alarmName.length <= room ? alarmName : `${alarmName.slice(0, room - 3)}...`;
  return `${state.value}: "${name}" in ${regionName(region)}`;
}

/** The text that a topic gets: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
export function messageOf(change: AlarmStateChange, configuredAtMs: number): string {
  const { configuration: alarm, state, previousState } = change;
  const text = (value: unknown) => JSON.stringify(value);
  const actions = [
    ["OKActions", text(alarm.actions.OK)],
    ["AlarmActions", text(alarm.actions.ALARM)],
    ["InsufficientDataActions", text(alarm.actions.INSUFFICIENT_DATA)],
  ] as const;
  return jsonObject([
    ["AlarmName", text(alarm.name)],
    ["AlarmDescription", text(alarm.description ?? null)],
    ["AWSAccountId", text(account)],
    ...(alarm.type === "metric"
      ? [["AlarmConfigurationUpdatedTimestamp", text(timestampText(configuredAtMs))] as const]
      : []),
    ["NewStateValue", text(state.value)],
    ["NewStateReason", text(state.reason)],
    ["StateChangeTime", text(timestampText(change.atMs))],
    ["Region", text(regionName(alarm.region))],
    ["AlarmArn", text(alarm.arn)],
    ["OldStateValue", text(previousState.value)],
    ...actions,
    ...(alarm.type === "metric"
      ? [["Trigger", triggerText(alarm)] as const]
      : ([
          ["AlarmRule", text(alarm.ruleText)],
          ["TriggeringChildren", text(change.triggeringChildren.map(childMember))],
        ] as const)),
  ]);
}

const childMember = ({ arn, state }: TriggeringChild) => ({
  Arn: arn,
  State: { Value: state.value, Timestamp: timestampText(state.atMs) },
});

function triggerText(alarm: MetricAlarm): string {
  const { watched } = alarm;
  const text = (value: unknown) => JSON.stringify(value);
  const rest = [
    ["Period", text(alarm.periodSeconds)],
    ["EvaluationPeriods", text(alarm.evaluationPeriods)],
    ...(alarm.datapointsToAlarm === undefined
      ? []
      : [["DatapointsToAlarm", text(alarm.datapointsToAlarm)] as const]),
    ["ComparisonOperator", text(alarm.comparison)],
    ["Threshold", doubleText(alarm.threshold)],
    ["TreatMissingData", text(alarm.treatMissingData ?? "")],
    ["EvaluateLowSampleCountPercentile", text(alarm.ignoresLowSamples === true ? "ignore" : "")],
  ] as const;
  if (watched.type === "math") {
    return jsonObject([...rest, ["Metrics", text(watched.lines.map((line) => lineMember(line, alarm)))]]);
  }
  const { metric } = watched;
  const isPercentile = metric.stat.startsWith("p");
  return jsonObject([
    ["MetricName", text(metric.name)],
    ["Namespace", text(metric.namespace)],
    ["StatisticType", text(isPercentile ? "ExtendedStatistic" : "Statistic")],
    isPercentile
      ? ["ExtendedStatistic", text(metric.stat)]
      : ["Statistic", text(shoutedStatistic(metric.stat))],
    ["Unit", text(metric.unit ?? null)],
    ["Dimensions", text(dimensionMembers(metric))],
    ...rest,
  ]);
}

/** `SAMPLE_COUNT` of `SampleCount`. */
const shoutedStatistic = (stat: string) =>
  stat.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

const dimensionMembers = ({ dimensions }: MetricStat) =>
  Object.entries(dimensions).map(([name, value]) => ({ value, name }));

function lineMember(line: MathLine, { periodSeconds }: MetricAlarm) {
  const label = line.label === undefined ? {} : { Label: line.label };
  if ("expression" in line)
    return { Expression: line.expression, Id: line.id, ...label, ReturnData: line.returnData };
  const { metric } = line;
  return {
    Id: line.id,
    ...label,
    MetricStat: {
      Metric: { Dimensions: dimensionMembers(metric), MetricName: metric.name, Namespace: metric.namespace },
      Period: periodSeconds,
      Stat: metric.stat,
      ...(metric.unit === undefined ? {} : { Unit: metric.unit }),
    },
    ReturnData: line.returnData,
  };
}

/** An event on a bus, as EventBridge hands it to targets. */
export interface AlarmEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": "CloudWatch Alarm State Change";
  readonly source: "aws.cloudwatch";
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * The event of a change: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 *
 * @param id a UUID, another one for each event
 */
export function eventOf(change: AlarmStateChange, id: string): AlarmEvent {
  const { configuration: alarm } = change;
  return {
    version: "0",
    id,
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account,
    time: `${new Date(change.atMs).toISOString().slice(0, 19)}Z`,
    region: alarm.region,
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      state: stateMember(change.state),
      previousState: stateMember(change.previousState),
      configuration: {
        ...(alarm.description === undefined ? {} : { description: alarm.description }),
        ...(alarm.type === "metric" ? { metrics: metricMembers(alarm) } : ruleMembers(alarm)),
      },
    },
  };
}

export const suppressionReason = (by: NonNullable<AlarmState["suppressedBy"]>) =>
  `Actions suppressed by ${by}`;

function stateMember({ value, reason, reasonData, atMs, suppressedBy }: AlarmState) {
  return {
    ...(suppressedBy === undefined
      ? {}
      : { actionsSuppressedBy: suppressedBy, actionsSuppressedReason: suppressionReason(suppressedBy) }),
    value,
    reason,
    ...(reasonData === undefined ? {} : { reasonData }),
    timestamp: timestampText(atMs),
  };
}

function ruleMembers({ ruleText, suppressor }: CompositeAlarm) {
  if (suppressor === undefined) return { alarmRule: ruleText };
  return {
    alarmRule: ruleText,
    actionsSuppressor: suppressor.alarm,
    actionsSuppressorWaitPeriod: suppressor.waitSeconds,
    actionsSuppressorExtensionPeriod: suppressor.extensionSeconds,
  };
}

function metricMembers({ watched, periodSeconds, name }: MetricAlarm) {
  const metricStat = ({ namespace, name: metric, dimensions, stat, unit }: MetricStat) => ({
    metric: { namespace, name: metric, dimensions },
    period: periodSeconds,
    stat,
    ...(unit === undefined ? {} : { unit }),
  });
  // CloudWatch makes up an id for an alarm's only metric.
  if (watched.type === "metric")
    return [{ id: name, metricStat: metricStat(watched.metric), returnData: true }];
  return watched.lines.map((line) => ({
    id: line.id,
    ...("expression" in line ? { expression: line.expression } : { metricStat: metricStat(line.metric) }),
    ...(line.label === undefined ? {} : { label: line.label }),
    returnData: line.returnData,
  }));
}
