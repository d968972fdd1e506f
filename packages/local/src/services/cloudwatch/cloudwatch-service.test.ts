import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CallerFront, startCallerFront } from "../front/testing/caller-front.ts";
import { createCloudWatchService } from "./cloudwatch-service.ts";
import {
  benchRegion,
  benchStartMs,
  compositeAlarm,
  createCloudWatchBench,
  errorsAlarm,
  okTopic,
  pageTopic,
} from "./testing/cloudwatch-bench.ts";

let bench: ReturnType<typeof createCloudWatchBench>;
let front: CallerFront;
let client: CloudWatchClient;

beforeEach(async () => {
  bench = createCloudWatchBench([
    errorsAlarm({ datapointsToAlarm: 1, treatMissingData: "breaching" }),
    compositeAlarm("ALARM(Errors)"),
  ]);
  front = await startCallerFront(benchRegion, createCloudWatchService(bench.cloudWatch));
  client = new CloudWatchClient(front.client);
});

afterEach(async () => {
  client.destroy();
  await front.close();
  expect(front.bugs).toEqual([]);
});

const dimensions = [{ Name: "service", Value: "api" }];
const put = (...MetricData: object[]) =>
  client.send(new PutMetricDataCommand({ Namespace: "Shop", MetricData: MetricData as never }));
const minute = (count: number) => new Date(benchStartMs + count * 60_000);

describe("metrics, by the real client", () => {
  it("are put, as one value, as many, and in a body large enough to be compressed", async () => {
    await put({
      MetricName: "Orders",
      Dimensions: dimensions,
      Value: 2,
      Timestamp: minute(0),
      Unit: "Count",
    });
    await put({
      MetricName: "Orders",
      Dimensions: dimensions,
      Values: [3, 5],
      Counts: [2, 1],
      Timestamp: minute(1),
    });
    await put(...Array.from({ length: 400 }, (_, at) => ({ MetricName: `Many-${at}`, Value: at })));
    const statistics = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: "Shop",
        MetricName: "Orders",
        Dimensions: dimensions,
        StartTime: minute(0),
        EndTime: minute(3),
        Period: 60,
        Statistics: ["Sum", "SampleCount"],
        ExtendedStatistics: ["p50"],
      }),
    );
    expect(statistics.Label).toBe("Orders");
    expect(statistics.Datapoints).toEqual([
      { Timestamp: minute(0), Sum: 2, SampleCount: 1, ExtendedStatistics: { p50: 2 } },
      { Timestamp: minute(1), Sum: 11, SampleCount: 3, ExtendedStatistics: { p50: 3 } },
    ]);
    const listed = await client.send(new ListMetricsCommand({ Namespace: "Shop", MetricName: "Many-399" }));
    expect(listed.Metrics).toEqual([{ Namespace: "Shop", MetricName: "Many-399", Dimensions: [] }]);
  });

  it("are read together with metric math over them", async () => {
    await put(
      { MetricName: "Requests", Value: 100, Timestamp: minute(0) },
      { MetricName: "Requests", Value: 50, Timestamp: minute(2) },
      { MetricName: "Errors", Value: 5, Timestamp: minute(2) },
    );
    const metric = (Id: string, MetricName: string) => ({
      Id,
      ReturnData: false,
      MetricStat: { Metric: { Namespace: "Shop", MetricName }, Period: 60, Stat: "Sum" },
    });
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        StartTime: minute(0),
        EndTime: minute(3),
        MetricDataQueries: [
          { Id: "rate", Expression: "100 * errors / requests", Label: "Error rate" },
          metric("errors", "Errors"),
          { ...metric("requests", "Requests"), ReturnData: true },
        ],
      }),
    );
    expect(MetricDataResults).toEqual([
      {
        Id: "rate",
        Label: "Error rate",
        Timestamps: [minute(2), minute(0)],
        Values: [10, 0],
        StatusCode: "Complete",
      },
      {
        Id: "requests",
        Label: "Requests",
        Timestamps: [minute(2), minute(0)],
        Values: [50, 100],
        StatusCode: "Complete",
      },
    ]);
  });

  it("are listed by dimension, a page at a time", async () => {
    for (const start of [0, 300]) {
      await put(
        ...Array.from({ length: 300 }, (_, at) => ({
          MetricName: "Looks",
          Dimensions: [{ Name: "of", Value: `${start + at}` }],
          Value: 1,
        })),
      );
    }
    const first = await client.send(new ListMetricsCommand({ Dimensions: [{ Name: "of" }] }));
    expect(first.Metrics).toHaveLength(500);
    const rest = await client.send(
      new ListMetricsCommand({ Dimensions: [{ Name: "of" }], NextToken: first.NextToken ?? "" }),
    );
    expect(rest.Metrics).toHaveLength(100);
    expect(rest.NextToken).toBeUndefined();
  });

  it.each([
    [new PutMetricDataCommand({ Namespace: "AWS/Lambda", MetricData: [] }), "InvalidParameterValueException"],
    [
      new PutMetricDataCommand({ Namespace: "Shop", MetricData: [{ MetricName: "A" }] }),
      "InvalidParameterValueException",
    ],
    [
      new PutMetricDataCommand({
        Namespace: "Shop",
        MetricData: [{ MetricName: "A", Values: [1, 2], Counts: [1] }],
      }),
      "InvalidParameterValueException",
    ],
    [new ListMetricsCommand({ NextToken: "x" }), "InvalidNextToken"],
    [
      new GetMetricDataCommand({
        StartTime: minute(0),
        EndTime: minute(1),
        MetricDataQueries: [{ Id: "e1", Expression: "RATE(m1)", Period: 60 }],
      }),
      "InvalidParameterValueException",
    ],
  ] as const)("are refused: %#", async (command, name) => {
    await expect(client.send(command as PutMetricDataCommand)).rejects.toMatchObject({ name });
  });
});

describe("alarms, by the real client", () => {
  it("are described as they are", async () => {
    const { MetricAlarms, CompositeAlarms } = await client.send(
      new DescribeAlarmsCommand({ AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
    );
    expect(MetricAlarms).toEqual([
      {
        AlarmName: "Errors",
        AlarmArn: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Errors",
        AlarmDescription: "Too many errors.",
        AlarmConfigurationUpdatedTimestamp: minute(0),
        ActionsEnabled: true,
        OKActions: [okTopic],
        AlarmActions: [pageTopic],
        InsufficientDataActions: [],
        StateValue: "INSUFFICIENT_DATA",
        StateReason: "Unchecked: Initial alarm creation",
        StateUpdatedTimestamp: minute(0),
        StateTransitionedTimestamp: minute(0),
        MetricName: "Errors",
        Namespace: "Shop",
        Dimensions: dimensions,
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        DatapointsToAlarm: 1,
        Threshold: 2,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "breaching",
      },
    ]);
    expect(CompositeAlarms).toMatchObject([
      { AlarmName: "Anything", AlarmRule: "ALARM(Errors)", StateValue: "OK" },
    ]);
  });

  it("are found by name, prefix, type, state and action", async () => {
    const found = async (input: object) => {
      const both = { AlarmTypes: ["MetricAlarm", "CompositeAlarm"], ...input };
      const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
        new DescribeAlarmsCommand(both as never),
      );
      return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName);
    };
    expect(await found({})).toEqual(["Errors", "Anything"]);
    expect(await found({ AlarmTypes: undefined })).toEqual(["Errors"]);
    expect(await found({ AlarmNames: ["Anything", "Gone"] })).toEqual(["Anything"]);
    expect(await found({ AlarmNamePrefix: "Err" })).toEqual(["Errors"]);
    expect(await found({ StateValue: "OK" })).toEqual(["Anything"]);
    expect(await found({ ActionPrefix: "arn:aws:lambda" })).toEqual([]);
    await expect(found({ AlarmNames: ["A"], AlarmNamePrefix: "B" })).rejects.toMatchObject({
      name: "InvalidParameterCombinationException",
    });
  });

  it("are set by hand until they are judged again, and all of it is in their history", async () => {
    await client.send(
      new SetAlarmStateCommand({ AlarmName: "Errors", StateValue: "ALARM", StateReason: "a test" }),
    );
    expect(bench.told()).toEqual(['OK: "Anything"', 'ALARM: "Errors"', 'ALARM: "Anything"']);
    bench.record(0);
    await bench.time.advance(65_000);
    const { AlarmHistoryItems } = await client.send(
      new DescribeAlarmHistoryCommand({ AlarmName: "Errors", HistoryItemType: "StateUpdate" }),
    );
    expect(AlarmHistoryItems?.map(({ HistorySummary, Timestamp }) => [HistorySummary, Timestamp])).toEqual([
      ["Alarm updated from ALARM to OK", new Date(benchStartMs + 65_000)],
      ["Alarm updated from INSUFFICIENT_DATA to ALARM", minute(0)],
    ]);
    expect(JSON.parse(AlarmHistoryItems?.[0]?.HistoryData ?? "")).toMatchObject({
      version: "1.0",
      oldState: { stateValue: "ALARM", stateReason: "a test" },
      newState: { stateValue: "OK", stateReasonData: { recentDatapoints: [0] } },
    });
    const one = await client.send(
      new DescribeAlarmHistoryCommand({
        MaxRecords: 1,
        ScanBy: "TimestampAscending",
        AlarmTypes: ["CompositeAlarm"],
      }),
    );
    expect(one.AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary)).toEqual([
      "Alarm updated from INSUFFICIENT_DATA to OK",
    ]);
    expect(one.NextToken).toBeDefined();
  });

  it("that do not exist cannot be set, nor with data that is no JSON", async () => {
    const set = (input: object) =>
      client.send(
        new SetAlarmStateCommand({ AlarmName: "Errors", StateValue: "OK", StateReason: "x", ...input }),
      );
    await expect(set({ AlarmName: "Gone" })).rejects.toMatchObject({ name: "ResourceNotFound" });
    await expect(set({ StateReasonData: "{" })).rejects.toMatchObject({ name: "InvalidFormatFault" });
  });

  it("come from the infrastructure alone", async () => {
    const command = new PutMetricAlarmCommand({
      AlarmName: "Mine",
      EvaluationPeriods: 1,
      ComparisonOperator: "GreaterThanThreshold",
    });
    await expect(client.send(command)).rejects.toMatchObject({
      message: expect.stringContaining("alarms come from the infrastructure"),
    });
  });
});

describe("permissions", () => {
  const allow = (actions: string[], more: object = {}) => {
    front.allowOnly({ effect: "Allow", actions, resources: ["*"], ...more });
  };

  it("may be for one alarm, or for one namespace", async () => {
    front.allowOnly({
      effect: "Allow",
      actions: ["cloudwatch:SetAlarmState"],
      resources: ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Errors"],
    });
    const set = (AlarmName: string) =>
      client.send(new SetAlarmStateCommand({ AlarmName, StateValue: "OK", StateReason: "x" }));
    await expect(set("Errors")).resolves.toBeDefined();
    await expect(set("Anything")).rejects.toMatchObject({
      message: expect.stringContaining("not authorized"),
    });

    allow(["cloudwatch:PutMetricData"], {
      conditions: { StringEquals: { "cloudwatch:namespace": ["Shop"] } },
    });
    await expect(put({ MetricName: "A", Value: 1 })).resolves.toBeDefined();
    const other = new PutMetricDataCommand({
      Namespace: "Other",
      MetricData: [{ MetricName: "A", Value: 1 }],
    });
    await expect(client.send(other)).rejects.toMatchObject({
      message: expect.stringContaining("not authorized"),
    });
  });

  it("are needed for each call", async () => {
    allow(["dynamodb:*"]);
    for (const command of [
      new ListMetricsCommand({}),
      new DescribeAlarmsCommand({}),
      new DescribeAlarmHistoryCommand({}),
    ]) {
      await expect(client.send(command as ListMetricsCommand)).rejects.toMatchObject({
        message: expect.stringContaining("not authorized"),
      });
    }
  });
});
