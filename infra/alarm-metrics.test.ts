/** What the alarms watch: metrics that are published, under the dimensions that they are published under. */
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
import { functionsOf, graphOf, input, inRegion, ofType, regionNames, stages } from "./testing/graphs.ts";

interface Watched {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const alarmsOf = (graph: Graph) => ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm");

/** The metrics of an alarm, be it one or several. */
function metricsOf({ inputs }: GraphResource): Watched[] {
  const queries = inputs?.["metricQueries"] as { readonly metric?: Watched }[] | undefined;
  return queries === undefined
    ? [inputs as unknown as Watched]
    : queries.flatMap(({ metric }) => (metric === undefined ? [] : [metric]));
}

const watched = stages.flatMap((stage) =>
  alarmsOf(graphOf(stage)).flatMap((alarm) =>
    metricsOf(alarm).map((metric) => ({ stage, graph: graphOf(stage), alarm: alarm.name, ...metric })),
  ),
);
const ofNamespace = (wanted: string) => watched.filter(({ namespace }) => namespace === wanted);

/** The function that an alarm's dimension names. */
function serviceOf(graph: Graph, service: string | undefined) {
  const found = functionsOf(graph).find(
    (one) => one.function?.environment["POWERTOOLS_SERVICE_NAME"] === service,
  );
  if (!found?.function) throw new Error(`no function reports as ${service}`);
  return { name: found.name, ...found.function };
}

it("the alarms watch seven namespaces, and each has the metrics of its own", () => {
  expect([...new Set(watched.map(({ namespace }) => namespace))].sort()).toEqual([
    "AWS/ApiGateway",
    "AWS/DynamoDB",
    "AWS/Events",
    "AWS/Lambda",
    "AWS/Route53",
    "AWS/SQS",
    "Antipode",
  ]);
});

describe("metrics of our own", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  const own = ofNamespace("Antipode");

  // Metrics with other dimensions are other metrics: the alarm would never hear anything.
  it.each(own.map((one) => [`${one.alarm} of ${one.stage}`, one] as const))(
    "%s: exactly what the function publishes, by name, namespace and dimensions",
    (_, { graph, metricName, namespace, dimensions }) => {
      expect(Object.keys(unitByMetric)).toContain(metricName);
      const { environment: ofDeployment, service, ...more } = dimensions;
      const { environment, links } = serviceOf(graph, service);
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
      vi.stubEnv("POWERTOOLS_DEV", "true"); // through the global console, which a test can watch
      vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
      const lines: string[] = [];
      vi.spyOn(console, "log").mockImplementation((line) => lines.push(String(line)));
      createMeasurements(linkedDeployment(links)).record(metricName as MetricName, [1], more);
      const entries = lines.map((line) => JSON.parse(line));
      expect(entries).toHaveLength(1);
      const [published] = entries[0]._aws.CloudWatchMetrics;
      expect(published.Namespace).toBe(namespace);
      expect(published.Metrics.map(({ Name }: { Name: string }) => Name)).toEqual([metricName]);
      expect(published.Dimensions).toHaveLength(1);
      const names: string[] = published.Dimensions[0];
      expect(dimensions).toEqual(Object.fromEntries(names.map((name) => [name, entries[0][name]])));
      expect(ofDeployment).toBeTruthy();
    },
  );

  it("are recorded by the functions' code, with the dimensions that the alarm names", async () => {
    const home = own.filter(({ stage }) => stage === "prod-us-east-1");
    const records = new Map(home.map((one) => [`${one.dimensions["service"]} ${one.metricName}`, one]));
    expect(records.size).toBe(11);
    for (const { graph, metricName, dimensions } of records.values()) {
      const { handler, name } = serviceOf(graph, dimensions["service"]);
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
      const calls = [...code.matchAll(new RegExp(`\\.record\\("${metricName}", (.*)\\);`, "g"))];
      expect(calls.length, `${name} records ${metricName}`).toBeGreaterThan(0);
      const values = "of" in dimensions ? /^\[[^\]]*\], of\d*$/ : /^\[[^\]]*\]$/;
      for (const [line, given] of calls) expect(given, line).toMatch(values);
    }
  });
});

describe.each(stages)("metrics of services in %s", (stage) => {
  const graph = graphOf(stage);
  const here = watched.filter((one) => one.stage === stage);
  const dimensionsOf = (namespace: string) =>
    here.filter((one) => one.namespace === namespace).map(({ dimensions }) => dimensions);
  const namesOf = (type: string) => ofType(graph, type).map((resource) => String(input(resource, "name")));

  it("are of functions that there are, each with errors and throttles watched where nobody waits for its answer", () => {
    const functions = functionsOf(graph).map((one) => String(input(one, "name")));
    const lambda = here.filter(({ namespace }) => namespace === "AWS/Lambda");
    const ofFunctions = lambda.filter(({ dimensions }) => "FunctionName" in dimensions);
    for (const { dimensions } of ofFunctions) {
      expect(Object.keys(dimensions)).toEqual(["FunctionName"]);
      expect(functions).toContain(dimensions["FunctionName"]);
    }
    const watchedFor = (metricName: string) =>
      ofFunctions
        .filter((one) => one.metricName === metricName)
        .map(({ dimensions }) => dimensions["FunctionName"]);
    expect(watchedFor("Errors").sort()).toEqual([...functions].sort());
    const notThrottled = functions.filter((name) => !watchedFor("Throttles").includes(name));
    expect(notThrottled.map((name) => name.replace(/^.*-/, "")).sort()).toEqual([
      "Backfill", // an operator starts it, and sees the answer; so with the next two
      "Docs",
      "Peer", // who asks it goes on without
      "Reclaim",
      "Replay",
    ]);
    const mappings = ofType(graph, "aws:lambda/eventSourceMapping:EventSourceMapping");
    const ids = lambda.flatMap(({ dimensions }) => dimensions["EventSourceMappingUUID"] ?? []);
    expect([...new Set(ids)].sort()).toEqual(mappings.map(({ id }) => id).sort());
    for (const mapping of mappings)
      expect(input(mapping, "metricsConfig")).toEqual({ metrics: ["EventCount"] });
  });

  it("are of the API's stage and its routes, by route since the stage publishes those", () => {
    const api = ofType(graph, "aws:apigatewayv2/api:Api")[0];
    const [apiStage] = ofType(graph, "aws:apigatewayv2/stage:Stage");
    const routeKeys = ofType(graph, "aws:apigatewayv2/route:Route").map((route) => input(route, "routeKey"));
    expect(apiStage && input(apiStage, "defaultRouteSettings")).toEqual({
      detailedMetricsEnabled: true,
      throttlingBurstLimit: 5_000, // given with it, or the provider would set both to none
      throttlingRateLimit: 10_000,
    });
    const all = dimensionsOf("AWS/ApiGateway");
    expect(all).toHaveLength(16);
    for (const { ApiId, Stage, Method, Resource, ...more } of all) {
      expect([ApiId, Stage, more]).toEqual([api?.id, apiStage && input(apiStage, "name"), {}]);
      if (Method !== undefined) expect(routeKeys).toContain(`${Method} ${Resource}`);
    }
  });

  it("are of tables and regions, rules and queues that there are", () => {
    const prefix = stage.includes("-") ? "antipode-prod-" : `antipode-me-${stage}-`;
    const regional = namesOf("aws:dynamodb/table:Table");
    const tables = new Set([
      ...regional,
      ...["Catalog", "Carts", "Stock", "Orders", "Control"].map((name) => prefix + name),
    ]);
    for (const { TableName = "", Operation, ReceivingRegion, ...more } of dimensionsOf("AWS/DynamoDB")) {
      expect(tables).toContain(TableName);
      expect(more).toEqual({});
      expect((Operation === undefined) !== (ReceivingRegion === undefined)).toBe(true);
    }
    for (const { RuleName, ...more } of dimensionsOf("AWS/Events")) {
      expect(namesOf("aws:cloudwatch/eventRule:EventRule")).toContain(RuleName);
      expect(more).toEqual({});
    }
    const rules = new Set(dimensionsOf("AWS/Events").map(({ RuleName }) => RuleName));
    expect(rules.size).toBe(namesOf("aws:cloudwatch/eventRule:EventRule").length);
    expect(dimensionsOf("AWS/SQS")).toEqual(
      namesOf("aws:sqs/queue:Queue").map((QueueName) => ({ QueueName })),
    );
  });

  it("are ten at most of one alarm, which is what CloudWatch takes", () => {
    for (const alarm of alarmsOf(graph)) expect(metricsOf(alarm).length, alarm.name).toBeLessThanOrEqual(10);
  });
});

it("replication is watched to every peer, of every global table", () => {
  for (const region of regionNames) {
    const pairs = metricsOfRegion(region).map(
      ({ dimensions }) => `${dimensions["ReceivingRegion"]} ${dimensions["TableName"]}`,
    );
    const peers = regionNames.filter((name) => name !== region);
    const tables = ["Catalog", "Carts", "Stock", "Orders", "Control"];
    expect(pairs.sort()).toEqual(
      peers.flatMap((peer) => tables.map((table) => `${peer} antipode-prod-${table}`)).sort(),
    );
  }
});

function metricsOfRegion(region: string): Watched[] {
  return alarmsOf(inRegion(region))
    .flatMap(metricsOf)
    .filter(({ metricName }) => metricName === "ReplicationLatency");
}
