/** Whether each metric of AWS's services that an alarm of the infrastructure reads is published here: silence would be no news. */
import { describe, expect, it } from "vitest";
import { planWorld } from "../provision/plan.ts";
import type { MetricAlarm } from "../services/cloudwatch/alarm.ts";
import type { MetricIdentity } from "../services/cloudwatch/metric.ts";
import {
  asyncMetrics,
  callMetrics,
  destinationFailureMetrics,
  invocationMetrics,
  iteratorAgeMetrics,
  mappingMetrics,
  replicationMetrics,
  requestMetrics,
  ruleMetrics,
  topicMetrics,
} from "../services/cloudwatch/service-metrics.ts";
import { AwsError } from "../services/service.ts";
import { createQueues } from "../services/sqs/queues.ts";
import { committedGraphs } from "../testing/start-world.ts";
import { createVirtualTime } from "../testing-time/virtual-time.ts";
import { createWorldCloudWatch, reportFirings, reportQueues, startAlarms } from "./cloudwatch.ts";
import { worldSecrets } from "./secrets.ts";

const plan = planWorld(committedGraphs(), worldSecrets());

const call = { region: "us-east-1", operation: "Query", tables: ["T"], latencyMs: 1 };
const failed = (code: string, status = 400) =>
  callMetrics({ ...call, error: new AwsError(code, "", status) });

/** What each service publishes by itself, of anything. */
const samples: readonly MetricIdentity[] = [
  ...invocationMetrics("F", { type: "ran", durationMs: 1, failed: false, concurrent: 1 }),
  ...invocationMetrics("F", { type: "throttled" }),
  ...asyncMetrics("F", { type: "received" }),
  ...asyncMetrics("F", { type: "attempted", ageMs: 1 }),
  ...asyncMetrics("F", { type: "dropped" }),
  ...destinationFailureMetrics("F"),
  ...iteratorAgeMetrics("F", 1),
  ...(["filed", "dropped"] as const).flatMap((end) => mappingMetrics("M", end, 1)),
  ...requestMetrics(
    { apiId: "A", stage: "$default", detailedRoutes: ["GET /health"] },
    { routeKey: "GET /health", status: 200, latencyMs: 1, integrationLatencyMs: 1 },
  ),
  ...callMetrics(call),
  ...failed("InternalServerError", 500),
  ...failed("ThrottlingException"),
  ...replicationMetrics("T", "eu-west-1", 1),
  ...(["invoked", "failed", "sent-to-dlq", "not-sent-to-dlq"] as const).flatMap((end) =>
    ruleMetrics("R", end),
  ),
  ...(["published", "delivered", "failed", "redriven", "not-redriven"] as const).flatMap((end) =>
    topicMetrics("T", end),
  ),
];

/** What is looked at each minute. */
function gauges(): readonly MetricIdentity[] {
  const time = createVirtualTime();
  const found: MetricIdentity[] = [];
  const noFaults = { state: () => ({ down: [] }) } as never;
  const cloudWatch = {
    ...createWorldCloudWatch({
      plan,
      faults: noFaults,
      scheduler: time,
      publishToTopic: () => {},
      onAlarmStateChange: () => {},
    }),
    gauge: (_: string, gauge: MetricIdentity) => void found.push(gauge),
  };
  const queues = createQueues({ scheduler: time, clock: { now: time.now }, random: () => 0.5 });
  for (const queue of plan.queues) queues.create(queue);
  reportQueues(cloudWatch, queues);
  startAlarms(cloudWatch, plan, { isHealthy: () => true, healthyShare: () => 1 });
  cloudWatch.stop();
  return found;
}

const shown = ({ namespace, name, dimensions }: MetricIdentity) =>
  `${namespace} ${name} by ${Object.keys(dimensions).sort().join(", ")}`;

function metricsOf({ watched }: MetricAlarm): readonly MetricIdentity[] {
  if (watched.type === "metric") return [watched.metric];
  return watched.lines.flatMap((line) => ("metric" in line ? [line.metric] : []));
}

const ofServices = plan.alarms
  .filter((alarm) => alarm.type === "metric")
  .flatMap((alarm) => metricsOf(alarm).map((metric) => ({ ...metric, region: alarm.region })))
  .filter(({ namespace }) => namespace.startsWith("AWS/"));

describe("the metrics of services that alarms read", () => {
  it("are published here, each by name and dimensions", () => {
    const published = new Set([...samples, ...gauges()].map(shown));
    const silent = ofServices.filter((metric) => !published.has(shown(metric)));
    expect([...new Set(silent.map(shown))]).toEqual([]);
    expect(new Set(ofServices.map(({ namespace }) => namespace)).size).toBe(6);
  });

  it("are of rules that report: those of events, and those of schedules", () => {
    const fired: string[] = [];
    const measured = (region: string, metrics: readonly MetricIdentity[]) => {
      fired.push(...metrics.map(({ dimensions }) => `${region} ${dimensions["RuleName"]}`));
    };
    for (const schedule of plan.schedules) reportFirings({ measured })(schedule);
    const reporting = new Set([...fired, ...plan.eventRules.map(({ region, name }) => `${region} ${name}`)]);
    const rules = ofServices.filter(({ namespace }) => namespace === "AWS/Events");
    expect(rules.length).toBeGreaterThan(0);
    for (const { region, dimensions } of rules)
      expect(reporting).toContain(`${region} ${dimensions["RuleName"]}`);
  });

  it("are of mappings that are told to count their events", () => {
    const counting = plan.mappings.filter(({ countsEvents }) => countsEvents).map(({ uuid }) => uuid);
    const uuids = ofServices.flatMap(({ dimensions }) => dimensions["EventSourceMappingUUID"] ?? []);
    expect([...new Set(uuids)].sort()).toEqual([...counting].sort());
  });
});
