/** Alarms: that they watch what is published, that they are heard, and that each says what to do. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { afterEach, describe, expect, it, vi } from "vitest";
import { linkedDeployment } from "../packages/functions/src/platform/deployment.ts";
import {
  createMeasurements,
  type MetricName,
  unitByMetric,
} from "../packages/functions/src/platform/measurements.ts";
import { type Graph, type GraphResource, repositoryRoot } from "../packages/infra-graph/src/index.ts";
import { functionsOf, graphOf, input, ofType, stages } from "./testing/graphs.ts";

const runbooks = "docs/operating/runbooks";
const alarmsOf = (graph: Graph) => ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm");
const runbookOf = (alarm: GraphResource) =>
  /^.*\. Runbook: docs\/operating\/runbooks\/([a-z-]+)\.md$/.exec(
    String(input(alarm, "alarmDescription")),
  )?.[1];

/** What each alarm says, written down apart from infra/. */
const expected = {
  OrdersOverdue: {
    comparison: "GreaterThanThreshold",
    threshold: 0,
    statistic: "Maximum",
    minutes: 5,
    silence: "breaching",
  },
  PaymentsUnmatched: {
    comparison: "GreaterThanThreshold",
    threshold: 0,
    statistic: "Maximum",
    minutes: 1,
    silence: "ignore",
  },
  OrdersPaidTwice: {
    comparison: "GreaterThanThreshold",
    threshold: 0,
    statistic: "Sum",
    minutes: 1,
    silence: "notBreaching",
  },
  RefundsFailed: {
    comparison: "GreaterThanThreshold",
    threshold: 0,
    statistic: "Sum",
    minutes: 1,
    silence: "notBreaching",
  },
  LeaseShort: {
    comparison: "LessThanThreshold",
    threshold: 21_600,
    statistic: "Minimum",
    minutes: 5,
    silence: "breaching",
  },
  HeartbeatErrors: {
    comparison: "GreaterThanThreshold",
    threshold: 0,
    statistic: "Sum",
    minutes: 3,
    silence: "notBreaching",
  },
  ProberErrors: {
    comparison: "GreaterThanThreshold",
    threshold: 0,
    statistic: "Sum",
    minutes: 3,
    silence: "notBreaching",
  },
  RepairErrors: {
    comparison: "GreaterThanThreshold",
    threshold: 0,
    statistic: "Sum",
    minutes: 3,
    silence: "notBreaching",
  },
} as const;

describe.each(stages)("the alarms of %s", (stage) => {
  const graph = graphOf(stage);
  const alarms = alarmsOf(graph);
  const topics = ofType(graph, "aws:sns/topic:Topic");
  const topic = topics.find(({ name }) => name === "Alarms");

  it("are these", () => {
    const found = alarms.map((alarm) => [
      alarm.name,
      {
        comparison: input(alarm, "comparisonOperator"),
        threshold: input(alarm, "threshold"),
        statistic: input(alarm, "statistic"),
        minutes: input(alarm, "evaluationPeriods"),
        silence: input(alarm, "treatMissingData"),
      },
    ]);
    expect(Object.fromEntries(found)).toEqual(expected);
    for (const alarm of alarms) {
      expect(input(alarm, "period"), alarm.name).toBe(60); // both functions report every minute
      expect(input(alarm, "datapointsToAlarm"), alarm.name).toBe(input(alarm, "evaluationPeriods"));
    }
  });

  it("name a runbook that exists and is listed for them", () => {
    const list = readFileSync(path.join(repositoryRoot, runbooks, "README.md"), "utf8").split("\n");
    for (const alarm of alarms) {
      const runbook = runbookOf(alarm);
      expect(runbook, alarm.name).toBeDefined();
      expect(existsSync(path.join(repositoryRoot, runbooks, `${runbook}.md`)), runbook).toBe(true);
      const rows = list.filter((line) => line.includes(`\`${alarm.name}\``));
      expect(rows, alarm.name).toEqual([expect.stringContaining(`(${runbook}.md)`)]);
    }
  });

  it("tell the region's topic that they begin and that they are over", () => {
    expect(topics.map(({ name }) => name).sort()).toEqual(["Alarms", "Failover", "Recovery"]);
    expect(topic?.region).toBe(graph.region);
    for (const alarm of alarms) {
      expect(alarm.region).toBe(graph.region);
      expect(input(alarm, "alarmActions"), alarm.name).toEqual([topic?.arn]);
      expect(input(alarm, "okActions"), alarm.name).toEqual([topic?.arn]);
      expect(input(alarm, "actionsEnabled"), alarm.name).not.toBe(false);
    }
  });
});

describe("what the alarms watch", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  const watched = stages.flatMap((stage) =>
    alarmsOf(graphOf(stage)).map((alarm) => [`${alarm.name} of ${stage}`, graphOf(stage), alarm] as const),
  );
  const own = watched.filter(([, , alarm]) => input(alarm, "namespace") === "Antipode");
  const ofLambda = watched.filter(([, , alarm]) => input(alarm, "namespace") !== "Antipode");

  /** The function that an alarm's dimension names. */
  function serviceOf(graph: Graph, alarm: GraphResource) {
    const service = (input(alarm, "dimensions") as Record<string, string> | undefined)?.["service"];
    const found = functionsOf(graph).find(
      (one) => one.function?.environment["POWERTOOLS_SERVICE_NAME"] === service,
    );
    if (!found?.function) throw new Error(`no function reports as ${service}`);
    return { name: found.name, ...found.function };
  }

  it("is five metrics of our own, and the errors of three functions, in every stage", () => {
    expect(own).toHaveLength(5 * stages.length);
    expect(ofLambda).toHaveLength(3 * stages.length);
  });

  // Metrics with other dimensions are other metrics: the alarm would never hear anything.
  it.each(own)(
    "%s: exactly what the function publishes, by name, namespace and dimensions",
    (_, graph, alarm) => {
      const metric = String(input(alarm, "metricName"));
      expect(Object.keys(unitByMetric)).toContain(metric);
      const { environment, links } = serviceOf(graph, alarm);
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
      vi.stubEnv("POWERTOOLS_DEV", "true"); // through the global console, which a test can watch
      vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
      const lines: string[] = [];
      vi.spyOn(console, "log").mockImplementation((line) => lines.push(String(line)));
      createMeasurements(linkedDeployment(links)).record(metric as MetricName, [1]);
      const entries = lines.map((line) => JSON.parse(line));
      expect(entries).toHaveLength(1);
      const [published] = entries[0]._aws.CloudWatchMetrics;
      expect(published.Namespace).toBe(input(alarm, "namespace"));
      expect(published.Metrics.map(({ Name }: { Name: string }) => Name)).toEqual([metric]);
      expect(published.Dimensions).toHaveLength(1);
      const dimensions = Object.fromEntries(
        published.Dimensions[0].map((name: string) => [name, entries[0][name]]),
      );
      expect(input(alarm, "dimensions")).toEqual(dimensions);
    },
  );

  it.each(["us-east-1"])(
    "is recorded by the functions' code, without a dimension of its own: prod-%s",
    async (home) => {
      const graph = graphOf(`prod-${home}`);
      for (const alarm of alarmsOf(graph).filter((one) => input(one, "namespace") === "Antipode")) {
        const metric = String(input(alarm, "metricName"));
        const { handler, name } = serviceOf(graph, alarm);
        const { outputFiles } = await build({
          entryPoints: [path.join(repositoryRoot, handler.replace(/\.[^.]*$/, ".ts"))],
          bundle: true,
          platform: "node",
          format: "esm",
          mainFields: ["module", "main"],
          write: false,
          logLevel: "silent",
        });
        const code = outputFiles[0]?.text ?? "";
        const records = [...code.matchAll(new RegExp(`\\.record\\("${metric}", (.*)\\);`, "g"))];
        expect(records.length, `${name} records ${metric}`).toBeGreaterThan(0);
        for (const [line, values] of records) expect(values, line).toMatch(/^\[[^\]]*\]$/);
      }
    },
  );

  it.each(ofLambda)("%s: the errors that Lambda counts for the function", (_, graph, alarm) => {
    const called = functionsOf(graph).find(
      (one) => `${one.name.replace(/Function$/, "")}Errors` === alarm.name,
    );
    expect(alarm.inputs).toMatchObject({ namespace: "AWS/Lambda", metricName: "Errors" });
    expect(input(alarm, "dimensions")).toEqual({ FunctionName: called && input(called, "name") });
  });
});
