import { createVirtualTime } from "../../../testing-time/virtual-time.ts";
import { account } from "../../service.ts";
import type { Alarm, CompositeAlarm, MetricAlarm } from "../alarm.ts";
import type { AlarmStateChange } from "../alarm-change.ts";
import type { TopicMessage } from "../alarms.ts";
import { createCloudWatch } from "../cloudwatch.ts";
import { parseRule } from "../composite-rule.ts";

export const benchRegion = "eu-west-1";
export const benchStartMs = Date.UTC(2026, 0, 1);

export const pageTopic = `arn:aws:sns:${benchRegion}:${account}:Page`;
export const okTopic = `arn:aws:sns:${benchRegion}:${account}:Ok`;

/** The metric that `errorsAlarm` watches. */
export const errors = { namespace: "Shop", name: "Errors", dimensions: { service: "api" } };

const alarmArn = (name: string) => `arn:aws:cloudwatch:${benchRegion}:${account}:alarm:${name}`;

/** More than two errors in a minute, once, with nothing said of missing data. */
export function errorsAlarm(more: Partial<MetricAlarm> = {}): MetricAlarm {
  const name = more.name ?? "Errors";
  return {
    type: "metric",
    arn: alarmArn(name),
    name,
    region: benchRegion,
    description: "Too many errors.",
    actionsEnabled: true,
    actions: { ALARM: [pageTopic], OK: [okTopic], INSUFFICIENT_DATA: [] },
    watched: { type: "metric", metric: { ...errors, stat: "Sum" } },
    periodSeconds: 60,
    evaluationPeriods: 1,
    comparison: "GreaterThanThreshold",
    threshold: 2,
    ...more,
  };
}

export function compositeAlarm(ruleText: string, more: Partial<CompositeAlarm> = {}): CompositeAlarm {
  const name = more.name ?? "Anything";
  const rule = parseRule(ruleText);
  if (!rule.ok) throw new Error(rule.error);
  return {
    type: "composite",
    arn: alarmArn(name),
    name,
    region: benchRegion,
    actionsEnabled: true,
    actions: { ALARM: [pageTopic], OK: [okTopic], INSUFFICIENT_DATA: [] },
    ruleText,
    rule: rule.value,
    ...more,
  };
}

/** CloudWatch of one region on virtual time, with all that it tells. */
export function createCloudWatchBench(alarms: readonly Alarm[], startMs = benchStartMs) {
  const time = createVirtualTime(startMs);
  const changes: AlarmStateChange[] = [];
  const messages: TopicMessage[] = [];
  let isUp = true;
  const cloudWatch = createCloudWatch({
    regions: [benchRegion, "us-east-1"],
    scheduler: time,
    isUp: () => isUp,
    publishToTopic: (message) => messages.push(message),
    onAlarmStateChange: (change) => changes.push(change),
  });
  cloudWatch.alarms.add(alarms);
  cloudWatch.start();
  const record = (value: number, more: object = {}) =>
    cloudWatch.record(benchRegion, { ...errors, value, atMs: time.now(), ...more });
  return {
    time,
    cloudWatch,
    changes,
    messages,
    record,
    setUp(up: boolean) {
      isUp = up;
    },
    /** Lets so many minutes pass, with that value in each; nothing in one where there is none. */
    async minutes(...values: readonly (number | undefined)[]) {
      for (const value of values) {
        if (value !== undefined) record(value);
        await time.advance(60_000);
      }
    },
    state: (name = "Errors") => {
      const found = cloudWatch.alarms.of(benchRegion).find(({ alarm }) => alarm.name === name);
      if (found === undefined) throw new Error(`no alarm ${name}`);
      return found.state;
    },
    /** `INSUFFICIENT_DATA→OK` and so on, of all alarms or of one. */
    story: (name?: string) =>
      changes
        .filter((change) => name === undefined || change.alarmName === name)
        .map(({ previousState, state }) => `${previousState.value}→${state.value}`),
    told: () => messages.map(({ subject }) => subject.split(" in ")[0]),
  };
}
