import { describe, expect, it } from "vitest";
import { indexGraphs } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import type { Graph, GraphResource } from "../graph/schema.ts";
import { committedGraphs } from "../testing/start-world.ts";
import { planAlarms } from "./composite-alarms.ts";

const region = "eu-west-1";
const account = "111122223333";
const topicArn = `arn:aws:sns:${region}:${account}:People`;

function resource(type: string, name: string, inputs: object, arn?: string): GraphResource {
  return {
    type,
    name,
    region,
    arn: arn ?? `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
    inputs: { ...inputs },
    outputs: {},
  };
}

const topic = resource("aws:sns/topic:Topic", "People", {}, topicArn);
const elsewhere = {
  ...resource("aws:sns/topic:Topic", "There", {}, `arn:aws:sns:us-east-1:${account}:There`),
  region: "us-east-1",
};
const queue = resource("aws:sqs/queue:Queue", "Letters", {}, `arn:aws:sqs:${region}:${account}:Letters`);

const metric = (name: string, inputs: object = {}) =>
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", name, {
    name,
    comparisonOperator: "GreaterThanThreshold",
    evaluationPeriods: 3,
    threshold: 0,
    metricName: "Errors",
    namespace: "AWS/Lambda",
    dimensions: { FunctionName: "Api" },
    statistic: "Sum",
    period: 60,
    alarmActions: [topicArn],
    ...inputs,
  });

const queryOf = (id: string, more: object = {}) => ({
  id,
  metric: { metricName: id, namespace: "Shop", period: 60, stat: "Sum", ...more },
});

/** Metric math in place of the one metric. */
const math = (...metricQueries: object[]) => ({
  metricName: undefined,
  namespace: undefined,
  dimensions: undefined,
  statistic: undefined,
  period: undefined,
  metricQueries,
});

const composite = (name: string, alarmRule: string, inputs: object = {}) =>
  resource("aws:cloudwatch/compositeAlarm:CompositeAlarm", name, { alarmName: name, alarmRule, ...inputs });

function plan(...resources: GraphResource[]) {
  const graph: Graph = {
    version: 1,
    app: "antipode",
    stage: `prod-${region}`,
    region,
    resources: [topic, elsewhere, queue, ...resources],
  };
  return planAlarms(indexGraphs([graph]));
}

function refusal(...resources: GraphResource[]): string {
  try {
    plan(...resources);
  } catch (error) {
    if (error instanceof GraphError) return error.message;
    throw error;
  }
  return "nothing was refused";
}

describe("alarms of the graphs", () => {
  it("are all planned, each for its region and with topics of its own", () => {
    const graphs = committedGraphs();
    const alarms = planAlarms(indexGraphs(graphs));
    const declared = graphs.flatMap((graph) => graph.resources.filter(({ type }) => /Alarm$/.test(type)));
    expect(alarms).toHaveLength(declared.length);
    for (const { region: own, arn, actions } of alarms) {
      for (const action of [arn, ...actions.ALARM, ...actions.OK]) expect(action.split(":")[3]).toBe(own);
    }
  });

  it("are planned with what CloudWatch needs to know", () => {
    const inputs = {
      alarmDescription: "Bad.",
      datapointsToAlarm: 2,
      treatMissingData: "breaching",
      unit: "Count",
    };
    expect(plan(metric("Bad", inputs))).toEqual([
      {
        type: "metric",
        arn: `arn:aws:cloudwatch:${region}:${account}:alarm:Bad`,
        name: "Bad",
        region,
        description: "Bad.",
        actionsEnabled: true,
        actions: { ALARM: [topicArn], OK: [], INSUFFICIENT_DATA: [] },
        watched: {
          type: "metric",
          metric: {
            namespace: "AWS/Lambda",
            name: "Errors",
            dimensions: { FunctionName: "Api" },
            stat: "Sum",
            unit: "Count",
          },
        },
        periodSeconds: 60,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        comparison: "GreaterThanThreshold",
        threshold: 0,
        treatMissingData: "breaching",
      },
    ]);
  });

  it("may be on a percentile or on metric math", () => {
    const slow = {
      statistic: undefined,
      extendedStatistic: "p99",
      evaluateLowSampleCountPercentiles: "ignore",
    };
    const rate = {
      id: "rate",
      expression: "IF(m1 >= 10, 100 * m2 / m1, 0)",
      label: "Rate",
      returnData: true,
    };
    const [percentile, expression] = plan(
      metric("Slow", slow),
      metric("Rate", math(rate, queryOf("m1"), queryOf("m2"))),
    );
    expect(percentile).toMatchObject({ watched: { metric: { stat: "p99" } }, ignoresLowSamples: true });
    expect(expression).toMatchObject({
      periodSeconds: 60,
      watched: { type: "math", lines: [{ id: "rate", returnData: true }, { id: "m1" }, { id: "m2" }] },
    });
  });

  it("have children before those that refer to them, by name or ARN", () => {
    const byArn = `ALARM("arn:aws:cloudwatch:${region}:${account}:alarm:Inner")`;
    const suppressor = { alarm: "Bad", waitPeriod: 60, extensionPeriod: 120 };
    const alarms = plan(
      composite("Outer", byArn, { actionsSuppressor: suppressor }),
      composite("Inner", "ALARM(Bad)"),
      metric("Bad"),
    );
    expect(alarms.map(({ name }) => name)).toEqual(["Bad", "Inner", "Outer"]);
    expect(alarms[2]).toMatchObject({
      suppressor: { alarm: "Bad", name: "Bad", waitSeconds: 60, extensionSeconds: 120 },
    });
  });
});

describe("an alarm is refused", () => {
  const sum = (expression: string) => ({ id: "e1", expression, returnData: true });

  it.each([
    [{ period: 45 }, "a period is 10, 20, 30 or a multiple of 60 seconds"],
    [{ evaluationPeriods: 1_441 }, "it looks back further than a day"],
    [{ datapointsToAlarm: 4 }, "it asks for more datapoints to alarm than it evaluates"],
    [{ statistic: "p99" }, "a percentile is an extended statistic"],
    [{ extendedStatistic: "p99" }, "it has a statistic or an extended one, not both"],
    [{ statistic: undefined, extendedStatistic: "tm99" }, "only SampleCount, Sum"],
    [{ statistic: undefined }, "a metric has a name, a namespace, a period and a statistic"],
    [{ comparisonOperator: "GreaterThanUpperThreshold" }, "anomaly detection is not run"],
    [{ thresholdMetricId: "ad1" }, "anomaly detection is not run"],
    [{ treatMissingData: "maybe" }, "inputs.treatMissingData"],
    [
      { evaluateLowSampleCountPercentiles: "ignore" },
      "only of percentiles it matters how few values there are",
    ],
    [{ unit: "Hours" }, "inputs.unit"],
    [{ name: "Gälle" }, "a name is printable ASCII"],
    [{ somethingNew: true }, "somethingNew"],
    [{ alarmActions: Array(6).fill(topicArn) }, "CloudWatch takes at most five actions"],
    [{ alarmActions: [queue.arn] }, "only topics are told"],
    [{ alarmActions: [elsewhere.arn] }, "CloudWatch tells topics of its own region only"],
    [{ okActions: [`${topicArn}Gone`] }, "PeopleGone, which no stage deploys"],
    [{ metricQueries: [queryOf("m1")] }, "it watches one metric or metric math, not both"],
    [math(queryOf("m1")), "exactly one of its lines returns data"],
    [math(sum("m1"), sum("m1"), queryOf("m1")), "it has two lines e1"],
    [math(sum("m1 + m2"), queryOf("m1")), "there is no metric or expression m2"],
    [math(sum("e1 + m1"), queryOf("m1")), "line e1 refers to itself"],
    [math(sum("RATE(m1)"), queryOf("m1")), "function RATE is not run"],
    [math(sum("SUM(m1)"), queryOf("m1")), "line e1 gives no single time series"],
    [math(sum("METRICS()"), queryOf("m1")), "line e1 gives no single time series"],
    [math(sum("1 + 1")), "it has no metric"],
    [math(sum("m1"), queryOf("m1"), queryOf("m2", { period: 300 })), "its metrics have different periods"],
    [
      math(sum("SUM(METRICS())"), ...Array.from({ length: 11 }, (_, at) => queryOf(`m${at}`))),
      "an alarm has at most 10 metrics",
    ],
    [math({ id: "M", expression: "1", returnData: true }), "an id begins with a small letter"],
    [
      math({ ...queryOf("m1"), expression: "1", returnData: true }),
      "line m1 is to be a metric or an expression",
    ],
  ])("with %j", (inputs, why) => {
    const message = refusal(metric("Bad", inputs));
    expect(message).toContain(why);
    expect(message).toMatch(/^Bad .*eu-west-1/);
    expect(message).not.toContain("\n");
  });

  it.each([
    [
      composite("Page", "ALARM(Gone)"),
      "Page (aws:cloudwatch/compositeAlarm:CompositeAlarm) in eu-west-1 refers to alarm Gone",
    ],
    [composite("Page", "ALARM(Bad"), "Page in eu-west-1 cannot be run: its rule"],
    [composite("Page", "ALARM(Page)"), "Page in eu-west-1 cannot be run: its rule leads back to itself"],
    [composite("Bad", "TRUE"), "Bad in eu-west-1 cannot be run: Bad is named Bad too"],
    [
      composite("Page", "TRUE", { actionsSuppressor: { alarm: "Gone", waitPeriod: 1, extensionPeriod: 1 } }),
      "refers to alarm Gone",
    ],
    [composite("Page", "TRUE", { actionsSuppressor: { alarm: "Bad", waitPeriod: 1 } }), "extensionPeriod"],
    [
      composite("Page", `ALARM("arn:aws:cloudwatch:us-east-1:${account}:alarm:Bad")`),
      "refers to alarm arn:aws:cloudwatch:us-east-1",
    ],
  ])("that is composite: %#", (alarm, why) => {
    expect(refusal(metric("Bad"), alarm)).toContain(why);
  });
});
