import { describe, expect, it } from "vitest";
import { createEmbeddedEngine } from "../engine/embedded/embedded.ts";
import { createCallFailures } from "../faults/call-failures.ts";
import type { Fault } from "../faults/fault.ts";
import { createFaults } from "../faults/faults.ts";
import { createSkewedClock } from "../faults/skewed-clock.ts";
import { createRandom } from "../links/random.ts";
import type { AlarmStateChange } from "../services/cloudwatch/alarm-change.ts";
import { callMetrics } from "../services/cloudwatch/service-metrics.ts";
import { benchStartMs, errorsAlarm } from "../services/cloudwatch/testing/cloudwatch-bench.ts";
import { definition, request } from "../services/dynamodb/conformance/in-process.ts";
import { createDynamoService } from "../services/dynamodb/dynamo-service.ts";
import type { HealthCheckId } from "../services/route53/record-set.ts";
import { createVirtualTime } from "../testing-time/virtual-time.ts";
import { createWorldCloudWatch, reportRequests, startAlarms } from "./cloudwatch.ts";

const regions = ["us-east-1", "eu-west-1"];
const minuteMs = 60_000;

/** CloudWatch as the world has it, with one table in a region whose calls can be made to fail. */
async function createBench(metric: { namespace: string; name: string; dimensions: Record<string, string> }) {
  const time = createVirtualTime(benchStartMs);
  const faults = createFaults({ regions, otherPlaces: ["outside"] });
  const changes: AlarmStateChange[] = [];
  const watched = { type: "metric", metric: { ...metric, stat: "Sum" } } as const;
  const alarm = errorsAlarm({ watched, threshold: 0, treatMissingData: "notBreaching" });
  const plan = { regions, alarms: [alarm], healthChecks: [] };
  const cloudWatch = createWorldCloudWatch({
    plan,
    faults,
    scheduler: time,
    publishToTopic: () => {},
    onAlarmStateChange: (change) => changes.push(change),
  });
  const dynamo = createDynamoService({
    engine: createEmbeddedEngine(),
    clock: createSkewedClock({ now: time.now, state: faults.state }),
    faults: createCallFailures({ service: "dynamodb", state: faults.state, random: createRandom(1) }),
    onCall: (call) => cloudWatch.measured(call.region, callMetrics(call)),
  });
  const { name } = definition("eu-west-1");
  await dynamo.createTable("eu-west-1", definition("eu-west-1"));
  startAlarms(cloudWatch, plan, { isHealthy: () => true, healthyShare: () => 1 });
  return {
    time,
    faults,
    cloudWatch,
    table: name,
    fault: (fault: Fault) => expect(faults.apply(fault)).toMatchObject({ ok: true }),
    story: () => changes.map(({ state }) => state.value),
    put: () =>
      dynamo.handle(
        request("eu-west-1", "PutItem", { TableName: name, Item: { pk: { S: "a" }, sk: { S: "b" } } }),
      ),
  };
}

describe("the world's CloudWatch", () => {
  it("rings when a fault makes calls fail, and stops when it has ended", async () => {
    const table = definition("eu-west-1").name;
    const bench = await createBench({
      namespace: "AWS/DynamoDB",
      name: "SystemErrors",
      dimensions: { TableName: table, Operation: "PutItem" },
    });
    const minutes = async (count: number) => {
      for (let minute = 0; minute < count; minute += 1) {
        await bench.put();
        await bench.time.advance(minuteMs);
      }
    };
    await minutes(2);
    expect(bench.story()).toEqual(["OK"]);
    bench.fault({ type: "fail", region: "eu-west-1", service: "dynamodb", operation: "PutItem", share: 1 });
    await minutes(2);
    expect(bench.story()).toEqual(["OK", "ALARM"]);
    bench.fault({ type: "heal" });
    await minutes(5);
    expect(bench.story()).toEqual(["OK", "ALARM", "OK"]);
  });

  it("hears of requests, and of none while the region is down", async () => {
    const bench = await createBench({
      namespace: "AWS/ApiGateway",
      name: "5xx",
      dimensions: { ApiId: "a1" },
    });
    const routes = [{ routeKey: "GET /health", functionArn: "", detailedMetrics: true }];
    const report = reportRequests(bench.cloudWatch, { id: "a1", name: "Shop", region: "eu-west-1", routes });
    const request = () =>
      report({ routeKey: "GET /health", status: 503, latencyMs: 4, integrationLatencyMs: 3 });
    request();
    await bench.time.advance(minuteMs);
    bench.fault({ type: "down", region: "eu-west-1" });
    request();
    await bench.time.advance(minuteMs);
    const count = (dimensions: Record<string, string>) =>
      bench.cloudWatch.metrics
        .read("eu-west-1", {
          namespace: "AWS/ApiGateway",
          name: "5xx",
          dimensions,
          fromMs: benchStartMs,
          periodMs: 2 * minuteMs,
          periods: 1,
        })
        .map((set) => set?.sum);
    expect(count({ ApiId: "a1" })).toEqual([1]);
    expect(count({ ApiId: "a1", Stage: "$default", Method: "GET", Resource: "/health" })).toEqual([1]);
  });

  it("is told of health checks in us-east-1 alone", async () => {
    const time = createVirtualTime(benchStartMs);
    const id = "check" as HealthCheckId;
    const calculated = {
      type: "CALCULATED",
      children: [],
      healthThreshold: 1,
      inverted: false,
      disabled: false,
    } as const;
    const endpoint = {
      type: "HTTPS",
      host: "eu-west-1.shop.test",
      port: 443,
      path: "/health",
      failureThreshold: 3,
      requestIntervalSeconds: 10,
      inverted: false,
      disabled: false,
    } as const;
    const healthChecks = [
      { id, name: "Health", check: endpoint },
      { id: "sum" as HealthCheckId, name: "Open", check: calculated },
    ];
    const cloudWatch = createWorldCloudWatch({
      plan: { regions, alarms: [] },
      faults: createFaults({ regions, otherPlaces: [] }),
      scheduler: time,
      publishToTopic: () => {},
      onAlarmStateChange: () => {},
    });
    startAlarms(
      cloudWatch,
      { alarms: [], healthChecks },
      { isHealthy: (of) => of === id, healthyShare: () => 0.25 },
    );
    await time.advance(minuteMs);
    const latest = (region: string) =>
      cloudWatch.metrics.list(region).map((metric) => {
        const window = { fromMs: benchStartMs, periodMs: minuteMs, periods: 1 };
        const [set] = cloudWatch.metrics.read(region, { ...metric, ...window });
        return `${metric.name} of ${metric.dimensions["HealthCheckId"]}: ${set?.max}`;
      });
    expect(latest("us-east-1")).toEqual([
      "HealthCheckStatus of check: 1",
      "HealthCheckPercentageHealthy of check: 25",
      "HealthCheckStatus of sum: 0",
    ]);
    expect(latest("eu-west-1")).toEqual([]);
  });
});
