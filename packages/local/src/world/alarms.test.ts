import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Graph } from "../graph/schema.ts";
import { operatorAccessKey } from "./regions.ts";
import { committedGraphs, startTemporaryWorld, type TemporaryWorld } from "./temporary-world.ts";

const region = "eu-west-1";
const alarmName = `antipode-prod-${region}-HeartbeatErrors`;

/** A minute to fill, one to be judged, and a busy machine. */
const changedWithinMs = 240_000;

/** One bad minute is enough in the region that fails, so that the test need not wait for three. */
function impatient(graph: Graph): Graph {
  if (graph.region !== region) return graph;
  const resources = graph.resources.map((resource) =>
    resource.name === "HeartbeatErrors"
      ? { ...resource, inputs: { ...resource.inputs, evaluationPeriods: 1, datapointsToAlarm: 1 } }
      : resource,
  );
  return { ...graph, resources };
}

let world: TemporaryWorld;
let client: CloudWatchClient;

beforeAll(async () => {
  world = await startTemporaryWorld({ products: 5, timeScale: 4, graphs: committedGraphs().map(impatient) });
  client = new CloudWatchClient({
    region,
    endpoint: world.endpoint(region),
    credentials: { accessKeyId: operatorAccessKey, secretAccessKey: "any" },
  });
}, 120_000);
afterAll(async () => {
  client?.destroy();
  await world?.close();
});

const heartbeatErrors = (of: string) =>
  world.alarms().find((alarm) => alarm.region === of && alarm.name === "HeartbeatErrors")?.state;

const becomes = (state: string) =>
  expect.poll(() => heartbeatErrors(region), { timeout: changedWithinMs, interval: 500 }).toBe(state);

it("a fault rings the alarm of its region and of no other, until it has ended", {
  timeout: 3 * changedWithinMs,
}, async () => {
  await becomes("OK");
  world.apply({ type: "fail", region, service: "dynamodb", table: "Control", share: 1 });
  await becomes("ALARM");
  expect(heartbeatErrors("us-east-1")).not.toBe("ALARM");
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [alarmName] }));
  expect(MetricAlarms?.[0]).toMatchObject({ StateValue: "ALARM", MetricName: "Errors", Threshold: 0 });
  expect(MetricAlarms?.[0]?.StateReason).toMatch(/^Threshold Crossed: 1 out of the last 1 datapoints/);
  expect(world.status().regions.find((one) => one.region === region)?.alarms?.ringing).toContain(
    "HeartbeatErrors",
  );
  world.apply({ type: "heal" });
  await becomes("OK");
});

it("an operator tries an alarm's actions by setting its state", async () => {
  await client.send(
    new SetAlarmStateCommand({
      AlarmName: alarmName,
      StateValue: "INSUFFICIENT_DATA",
      StateReason: "a test",
    }),
  );
  expect(heartbeatErrors(region)).toBe("INSUFFICIENT_DATA");
});
