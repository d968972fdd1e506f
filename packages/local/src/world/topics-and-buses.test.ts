import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { account } from "../services/service.ts";
import { operatorAccessKey } from "./regions.ts";
import { startTemporaryWorld, type TemporaryWorld, worldRegions } from "./temporary-world.ts";

const here = "eu-west-1";
const cutOff = "ap-east-1";

/** A back-off of half a minute, and a busy machine. */
const heardWithinMs = 120_000;

let world: TemporaryWorld;

beforeAll(async () => {
  world = await startTemporaryWorld({ products: 5 });
}, 120_000);
afterAll(() => world?.close());

const clientOf = (region: string) => ({
  region,
  endpoint: world.endpoint(region),
  credentials: { accessKeyId: operatorAccessKey, secretAccessKey: "any" },
});

/** How often the region's Failover function has been invoked, as CloudWatch counts it. */
async function invocations(region: string): Promise<number> {
  const client = new CloudWatchClient(clientOf(region));
  const now = Date.now();
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/Lambda",
      MetricName: "Invocations",
      Dimensions: [{ Name: "FunctionName", Value: `antipode-prod-${region}-Failover` }],
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now + 60_000),
      Period: 60,
      Statistics: ["Sum"],
    }),
  );
  client.destroy();
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}

const hears = (region: string) =>
  expect.poll(() => invocations(region), { timeout: heardWithinMs, interval: 500 }).toBeGreaterThan(0);

it("an alarm that is raised is heard by the functions of every region, over a link that was cut once it is healed", {
  timeout: 3 * heardWithinMs,
}, async () => {
  world.apply({ type: "cut", from: here, to: cutOff });
  const client = new CloudWatchClient(clientOf(here));
  const AlarmName = `antipode-prod-${here}-LeaseShort`;
  await client.send(new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "a drill" }));
  client.destroy();
  for (const region of worldRegions) if (region !== cutOff) await hears(region);
  expect(await invocations(cutOff)).toBe(0);
  world.apply({ type: "heal" });
  await hears(cutOff);
  expect(world.messages()).toContainEqual(
    expect.objectContaining({
      region: here,
      topic: "Alarms",
      subject: expect.stringMatching(/^ALARM: .*LeaseShort/),
    }),
  );
});

it("topics, buses and queues answer a person's own clients", async () => {
  const sns = new SNSClient(clientOf(here));
  const events = new EventBridgeClient(clientOf(here));
  const sqs = new SQSClient(clientOf(here));
  const TopicArn = `arn:aws:sns:${here}:${account}:antipode-prod-${here}-Alarms`;
  await sns.send(new PublishCommand({ TopicArn, Subject: "Hello", Message: "from a person" }));
  expect(world.messages()).toContainEqual(
    expect.objectContaining({ region: here, subject: "Hello", message: "from a person" }),
  );
  const { FailedEntryCount } = await events.send(
    new PutEventsCommand({ Entries: [{ Source: "antipode", DetailType: "Drill", Detail: "{}" }] }),
  );
  expect(FailedEntryCount).toBe(0);
  const QueueName = `antipode-prod-${here}-UndeliveredNews`;
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
  );
  expect(Attributes).toEqual({ ApproximateNumberOfMessages: "0" });
  for (const client of [sns, events, sqs]) client.destroy();
});
