/** The part of CloudWatch's API that is about alarms. */
import * as z from "zod";
import { AwsError, type ServiceRequest, type ServiceResponse } from "../service.ts";
import type { Alarm, CompositeAlarm, MetricAlarm, MetricStat } from "./alarm.ts";
import { suppressionReason } from "./alarm-change.ts";
import { typeOf } from "./alarm-history.ts";
import type { AlarmRecord } from "./alarms.ts";
import type { CloudWatch } from "./cloudwatch.ts";
import { answer, inputOf, pageOf, time, toTime } from "./wire.ts";

const recordsMax = 100;

const states = z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]);
const types = z.array(z.enum(["MetricAlarm", "CompositeAlarm"])).default(["MetricAlarm"]);
const page = {
  MaxRecords: z.int().min(1).max(recordsMax).default(recordsMax),
  NextToken: z.string().optional(),
};

const describeInput = z.object({
  AlarmNames: z.array(z.string()).max(100).optional(),
  AlarmNamePrefix: z.string().optional(),
  AlarmTypes: types,
  StateValue: states.optional(),
  ActionPrefix: z.string().optional(),
  ChildrenOfAlarmName: z.never("it is not built here").optional(),
  ParentsOfAlarmName: z.never("it is not built here").optional(),
  ...page,
});

export function describeAlarms(request: ServiceRequest, { alarms }: CloudWatch): ServiceResponse {
  const input = inputOf(request, describeInput);
  const { AlarmNames, AlarmNamePrefix, StateValue, ActionPrefix } = input;
  if (AlarmNames !== undefined && AlarmNamePrefix !== undefined)
    throw new AwsError("InvalidParameterCombination", "AlarmNames and AlarmNamePrefix exclude each other");
  const found = alarms
    .of(request.region)
    .filter(
      ({ alarm, state }) =>
        input.AlarmTypes.includes(typeOf(alarm)) &&
        (AlarmNames === undefined || AlarmNames.includes(alarm.name)) &&
        (AlarmNamePrefix === undefined || alarm.name.startsWith(AlarmNamePrefix)) &&
        (StateValue === undefined || state.value === StateValue) &&
        (ActionPrefix === undefined || topicsOf(alarm).some((arn) => arn.startsWith(ActionPrefix))),
    )
    .toSorted((left, right) => (left.alarm.name < right.alarm.name ? -1 : 1));
  const { page: records, next } = pageOf(found, input.MaxRecords, input.NextToken);
  return answer({
    MetricAlarms: records.flatMap((record) =>
      record.alarm.type === "metric" ? [{ ...commonMembers(record), ...metricMembers(record.alarm) }] : [],
    ),
    CompositeAlarms: records.flatMap((record) =>
      record.alarm.type === "composite"
        ? [{ ...commonMembers(record), ...ruleMembers(record, record.alarm) }]
        : [],
    ),
    ...next,
  });
}

const topicsOf = ({ actions }: Alarm) => [...actions.ALARM, ...actions.OK, ...actions.INSUFFICIENT_DATA];

function commonMembers({ alarm, state, configuredAtMs, transitionedAtMs }: AlarmRecord) {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    ...(alarm.description === undefined ? {} : { AlarmDescription: alarm.description }),
    AlarmConfigurationUpdatedTimestamp: toTime(configuredAtMs),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    StateValue: state.value,
    StateReason: state.reason,
    ...(state.reasonData === undefined ? {} : { StateReasonData: state.reasonData }),
    StateUpdatedTimestamp: toTime(state.atMs),
    StateTransitionedTimestamp: toTime(transitionedAtMs),
  };
}

function metricMembers(alarm: MetricAlarm) {
  const { watched, periodSeconds, datapointsToAlarm, treatMissingData, ignoresLowSamples } = alarm;
  const watchedMembers =
    watched.type === "metric"
      ? { ...statMembers(watched.metric), Period: periodSeconds }
      : { Metrics: watched.lines.map((line) => lineMembers(line, periodSeconds)) };
  return {
    ...watchedMembers,
    EvaluationPeriods: alarm.evaluationPeriods,
    ...(datapointsToAlarm === undefined ? {} : { DatapointsToAlarm: datapointsToAlarm }),
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    ...(treatMissingData === undefined ? {} : { TreatMissingData: treatMissingData }),
    ...(ignoresLowSamples === true ? { EvaluateLowSampleCountPercentile: "ignore" } : {}),
  };
}

const identityMembers = ({ namespace, name, dimensions }: MetricStat) => ({
  MetricName: name,
  Namespace: namespace,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});

const unitMember = ({ unit }: MetricStat) => (unit === undefined ? {} : { Unit: unit });

function statMembers(metric: MetricStat) {
  const isPercentile = metric.stat.startsWith("p");
  return {
    ...identityMembers(metric),
    ...(isPercentile ? { ExtendedStatistic: metric.stat } : { Statistic: metric.stat }),
    ...unitMember(metric),
  };
}

type Line = Extract<MetricAlarm["watched"], { type: "math" }>["lines"][number];

function lineMembers(line: Line, periodSeconds: number) {
  const what =
    "expression" in line
      ? { Expression: line.expression }
      : {
          MetricStat: {
            Metric: identityMembers(line.metric),
            Period: periodSeconds,
            Stat: line.metric.stat,
            ...unitMember(line.metric),
          },
        };
  return {
    Id: line.id,
    ...what,
    ...(line.label === undefined ? {} : { Label: line.label }),
    ReturnData: line.returnData,
  };
}

function ruleMembers({ state }: AlarmRecord, { ruleText, suppressor }: CompositeAlarm) {
  const by = state.suppressedBy;
  return {
    AlarmRule: ruleText,
    ...(by === undefined ? {} : { ActionsSuppressedBy: by, ActionsSuppressedReason: suppressionReason(by) }),
    ...(suppressor === undefined
      ? {}
      : {
          ActionsSuppressor: suppressor.alarm,
          ActionsSuppressorWaitPeriod: suppressor.waitSeconds,
          ActionsSuppressorExtensionPeriod: suppressor.extensionSeconds,
        }),
  };
}

const historyInput = z.object({
  AlarmName: z.string().optional(),
  AlarmTypes: types,
  HistoryItemType: z.enum(["StateUpdate", "Action", "ConfigurationUpdate"]).optional(),
  StartDate: time.optional(),
  EndDate: time.optional(),
  ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).default("TimestampDescending"),
  ...page,
});

export function describeAlarmHistory(request: ServiceRequest, { alarms }: CloudWatch): ServiceResponse {
  const input = inputOf(request, historyInput);
  const { AlarmName, HistoryItemType, StartDate = 0, EndDate = Number.POSITIVE_INFINITY } = input;
  const found = alarms.history
    .items(request.region)
    .filter(
      ({ alarmName, alarmType, type, atMs }) =>
        input.AlarmTypes.includes(alarmType) &&
        (AlarmName === undefined || alarmName === AlarmName) &&
        (HistoryItemType === undefined || type === HistoryItemType) &&
        atMs >= StartDate &&
        atMs <= EndDate,
    );
  const ordered = input.ScanBy === "TimestampAscending" ? found.toReversed() : found;
  const { page: items, next } = pageOf(ordered, input.MaxRecords, input.NextToken);
  const members = items.map((item) => ({
    AlarmName: item.alarmName,
    AlarmType: item.alarmType,
    Timestamp: toTime(item.atMs),
    HistoryItemType: item.type,
    HistorySummary: item.summary,
    HistoryData: item.data,
  }));
  return answer({ AlarmHistoryItems: members, ...next });
}

const setInput = z.object({
  AlarmName: z.string().min(1),
  StateValue: states,
  StateReason: z.string().max(1023),
  StateReasonData: z.string().max(4000).optional(),
});

export function setAlarmState(request: ServiceRequest, { alarms }: CloudWatch): ServiceResponse {
  const { AlarmName, StateValue, StateReason, StateReasonData } = inputOf(request, setInput);
  if (StateReasonData !== undefined) requireJson(StateReasonData);
  const set = alarms.set(request.region, AlarmName, {
    value: StateValue,
    reason: StateReason,
    ...(StateReasonData === undefined ? {} : { reasonData: StateReasonData }),
  });
  if (set === undefined) throw new AwsError("ResourceNotFound", `Alarm ${AlarmName} does not exist`, 404);
  return answer({});
}

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError("InvalidFormat", "StateReasonData was not valid JSON");
  }
}
