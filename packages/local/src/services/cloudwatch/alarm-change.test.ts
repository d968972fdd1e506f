import { describe, expect, it } from "vitest";
import type { Alarm } from "./alarm.ts";
import { type AlarmStateChange, eventOf, messageOf, subjectOf } from "./alarm-change.ts";
import { parseMath } from "./metric-math.ts";
import {
  benchStartMs,
  compositeAlarm,
  createCloudWatchBench,
  errors,
  errorsAlarm,
} from "./testing/cloudwatch-bench.ts";

function changeOf(alarm: Alarm): AlarmStateChange {
  return {
    alarmArn: alarm.arn,
    alarmName: alarm.name,
    region: alarm.region,
    atMs: benchStartMs + 65_000,
    state: {
      value: "ALARM",
      reason: "so it is",
      reasonData: '{"version":"1.0"}',
      atMs: benchStartMs + 65_000,
    },
    previousState: { value: "OK", reason: "it was not", atMs: benchStartMs + 1_234 },
    configuration: alarm,
    triggeringChildren: [],
  };
}

const arns = (topic: string) => [`arn:aws:sns:eu-west-1:111122223333:${topic}`];

describe("a message to a topic", () => {
  it("has everything of a metric alarm that CloudWatch's has", () => {
    const alarm = errorsAlarm({ datapointsToAlarm: 1, treatMissingData: "missing" });
    const text = messageOf(changeOf(alarm), benchStartMs);
    expect(text).toContain('"Threshold":2.0,');
    expect(JSON.parse(text)).toEqual({
      AlarmName: "Errors",
      AlarmDescription: "Too many errors.",
      AWSAccountId: "111122223333",
      AlarmConfigurationUpdatedTimestamp: "2026-01-01T00:00:00.000+0000",
      NewStateValue: "ALARM",
      NewStateReason: "so it is",
      StateChangeTime: "2026-01-01T00:01:05.000+0000",
      Region: "EU (Ireland)",
      AlarmArn: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Errors",
      OldStateValue: "OK",
      OKActions: arns("Ok"),
      AlarmActions: arns("Page"),
      InsufficientDataActions: [],
      Trigger: {
        MetricName: "Errors",
        Namespace: "Shop",
        StatisticType: "Statistic",
        Statistic: "SUM",
        Unit: null,
        Dimensions: [{ value: "api", name: "service" }],
        Period: 60,
        EvaluationPeriods: 1,
        DatapointsToAlarm: 1,
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 2,
        TreatMissingData: "missing",
        EvaluateLowSampleCountPercentile: "",
      },
    });
  });

  it("names a percentile, and every line of metric math", () => {
    const trigger = (alarm: Alarm) => JSON.parse(messageOf(changeOf(alarm), benchStartMs)).Trigger;
    const percentile = errorsAlarm({
      watched: { type: "metric", metric: { ...errors, stat: "p99", unit: "Milliseconds" } },
      ignoresLowSamples: true,
    });
    expect(trigger(percentile)).toMatchObject({
      StatisticType: "ExtendedStatistic",
      ExtendedStatistic: "p99",
      Unit: "Milliseconds",
      EvaluateLowSampleCountPercentile: "ignore",
    });
    const counted = errorsAlarm({ watched: { type: "metric", metric: { ...errors, stat: "SampleCount" } } });
    expect(trigger(counted)).toMatchObject({ Statistic: "SAMPLE_COUNT" });
    expect(trigger(mathAlarm())).toEqual({
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 2,
      TreatMissingData: "",
      EvaluateLowSampleCountPercentile: "",
      Metrics: [
        { Expression: "2 * m1", Id: "e1", Label: "Twice", ReturnData: true },
        {
          Id: "m1",
          MetricStat: {
            Metric: {
              Dimensions: [{ value: "api", name: "service" }],
              MetricName: "Errors",
              Namespace: "Shop",
            },
            Period: 60,
            Stat: "Sum",
          },
          ReturnData: false,
        },
      ],
    });
  });

  it("names the rule of a composite alarm, and the child that brought it about", async () => {
    const bench = createCloudWatchBench([errorsAlarm(), compositeAlarm("ALARM(Errors)")]);
    await bench.minutes(9, 9);
    const message = JSON.parse(bench.messages.at(-1)?.message ?? "");
    expect(message).toMatchObject({
      AlarmName: "Anything",
      AlarmDescription: null,
      NewStateValue: "ALARM",
      AlarmRule: "ALARM(Errors)",
      TriggeringChildren: [
        {
          Arn: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Errors",
          State: { Value: "ALARM", Timestamp: "2026-01-01T00:01:05.000+0000" },
        },
      ],
    });
    expect(message).not.toHaveProperty("Trigger");
    expect(JSON.parse(bench.state("Anything").reasonData ?? "")).toEqual({
      triggeringAlarms: [
        {
          arn: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Errors",
          state: { value: "ALARM", timestamp: "2026-01-01T00:01:05.000+0000" },
        },
      ],
    });
  });

  it("has a subject of at most a hundred characters", () => {
    expect(subjectOf(changeOf(errorsAlarm()))).toBe('ALARM: "Errors" in EU (Ireland)');
    const long = subjectOf(changeOf(errorsAlarm({ name: "x".repeat(200) })));
    expect(long).toHaveLength(100);
    expect(long).toMatch(/^ALARM: "x+\.\.\." in EU \(Ireland\)$/);
  });
});

describe("an event on the bus", () => {
  it("has the shape of CloudWatch's state changes", () => {
    expect(eventOf(changeOf(errorsAlarm()), "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92")).toEqual({
      version: "0",
      id: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
      "detail-type": "CloudWatch Alarm State Change",
      source: "aws.cloudwatch",
      account: "111122223333",
      time: "2026-01-01T00:01:05Z",
      region: "eu-west-1",
      resources: ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Errors"],
      detail: {
        alarmName: "Errors",
        state: {
          value: "ALARM",
          reason: "so it is",
          reasonData: '{"version":"1.0"}',
          timestamp: "2026-01-01T00:01:05.000+0000",
        },
        previousState: { value: "OK", reason: "it was not", timestamp: "2026-01-01T00:00:01.234+0000" },
        configuration: {
          description: "Too many errors.",
          metrics: [
            {
              id: "Errors",
              metricStat: {
                metric: { namespace: "Shop", name: "Errors", dimensions: { service: "api" } },
                period: 60,
                stat: "Sum",
              },
              returnData: true,
            },
          ],
        },
      },
    });
  });

  it("has the lines of metric math, or a composite alarm's rule and suppressor", () => {
    const configuration = (alarm: Alarm) => eventOf(changeOf(alarm), "").detail["configuration"];
    expect(configuration(mathAlarm())).toMatchObject({
      metrics: [
        { id: "e1", expression: "2 * m1", label: "Twice", returnData: true },
        { id: "m1", metricStat: { period: 60, stat: "Sum" }, returnData: false },
      ],
    });
    const suppressor = { alarm: "Quiet", name: "Quiet", waitSeconds: 120, extensionSeconds: 180 };
    expect(configuration(compositeAlarm("ALARM(Errors)", { suppressor }))).toEqual({
      alarmRule: "ALARM(Errors)",
      actionsSuppressor: "Quiet",
      actionsSuppressorWaitPeriod: 120,
      actionsSuppressorExtensionPeriod: 180,
    });
    const change = changeOf(compositeAlarm("ALARM(Errors)"));
    const held = { ...change, state: { ...change.state, suppressedBy: "WaitPeriod" } } as const;
    expect(eventOf(held, "").detail["state"]).toMatchObject({
      actionsSuppressedBy: "WaitPeriod",
      actionsSuppressedReason: "Actions suppressed by WaitPeriod",
    });
  });
});

function mathAlarm() {
  const math = parseMath("2 * m1");
  if (!math.ok) throw new Error(math.error);
  const lines = [
    { id: "e1", label: "Twice", returnData: true, expression: "2 * m1", math: math.value },
    { id: "m1", returnData: false, metric: { ...errors, stat: "Sum" } },
  ];
  return errorsAlarm({ watched: { type: "math", lines } });
}
