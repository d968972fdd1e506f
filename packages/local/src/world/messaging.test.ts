import { beforeEach, describe, expect, it } from "vitest";
import { createCallFailures } from "../faults/call-failures.ts";
import { createFaults, type Faults } from "../faults/faults.ts";
import { loadGraphs } from "../graph/load.ts";
import { createRandom } from "../links/random.ts";
import { createLinks } from "../links/world-links.ts";
import { planWorld } from "../provision/plan.ts";
import type { AlarmStateChange } from "../services/cloudwatch/alarm-change.ts";
import { AwsError } from "../services/service.ts";
import { createVirtualTime, type VirtualTime } from "../testing-time/virtual-time.ts";
import { createMessaging, type Messaging } from "./messaging.ts";
import { worldSecrets } from "./secrets.ts";

const regions = ["us-east-1", "eu-west-1", "ap-south-1", "ap-east-1"];
const plan = planWorld(loadGraphs("graphs", "prod", regions), worldSecrets());
const here = "eu-west-1";
const account = "111122223333";
const name = (region: string, short: string) => `antipode-prod-${region}-${short}`;
const minuteMs = 60_000;

let time: VirtualTime;
let faults: Faults;
let messaging: Messaging;
let invoked: { readonly name: string; readonly event: Record<string, unknown> }[];
let warnings: string[];
/** `Invocations` by its dimension, in the region that reports it. */
let counted: Map<string, number>;

beforeEach(() => {
  time = createVirtualTime();
  faults = createFaults({ regions });
  [invoked, warnings, counted] = [[], [], new Map()];
  const random = createRandom(1);
  messaging = createMessaging({
    plan,
    seed: 1,
    scheduler: time,
    clock: { now: time.now },
    faults,
    links: createLinks({ faults, random, scheduler: time }),
    asyncInvocations: {
      async run(arn, payload) {
        invoked.push({ name: arn.replace(/^.*:function:antipode-prod-/, ""), event: JSON.parse(payload) });
        return { requestId: "r", payload: "null", logTail: "" };
      },
    },
    measured(region, measurements) {
      for (const { name: metric, dimensions, value } of measurements) {
        const [of = ""] = Object.values(dimensions);
        const key = `${region} ${metric} ${of.replace(/^antipode-prod-/, "")}`;
        counted.set(key, (counted.get(key) ?? 0) + value);
      }
    },
    failuresOf: (service) => createCallFailures({ service, state: faults.state, random }),
    warn: (line) => warnings.push(line),
  });
});

function change(value: "ALARM" | "OK", region = here): AlarmStateChange {
  const alarm = plan.alarms.find((one) => one.region === region);
  if (alarm === undefined) return expect.fail("no alarm");
  const state = { value, reason: "why", atMs: time.now() };
  return {
    alarmArn: alarm.arn,
    alarmName: alarm.name,
    region,
    atMs: time.now(),
    state,
    previousState: { ...state, value: "OK" },
    configuration: alarm,
    triggeringChildren: [],
  };
}

const heard = () => [...new Set(invoked.map((one) => one.name))].sort();
const queueOf = (region: string) => {
  const arn = `arn:aws:sqs:${region}:${account}:${name(region, "UndeliveredNews")}`;
  return messaging.queues.find(arn) ?? expect.fail("no queue");
};
const countOf = (metric: string, short: string) => counted.get(`${here} ${metric} ${here}-${short}`) ?? 0;
const failoverEverywhere = regions.map((region) => `${region}-Failover`).sort();

describe("an alarm's news, as the infrastructure wires it", () => {
  it("reaches the function of every region by the buses, and says where it is from", async () => {
    messaging.alarmChanged(change("ALARM"));
    await time.advance(minuteMs);
    expect(heard()).toEqual(failoverEverywhere);
    for (const { event } of invoked)
      expect(event).toMatchObject({
        source: "aws.cloudwatch",
        region: here,
        detail: { state: { value: "ALARM" } },
      });
    expect(warnings).toEqual([]);
  });

  it("of its end reaches the other function of every region", async () => {
    messaging.alarmChanged(change("OK"));
    await time.advance(minuteMs);
    expect(heard()).toEqual(regions.map((region) => `${region}-Recovery`).sort());
  });

  it("waits for a link to heal", async () => {
    faults.apply({ type: "cut", from: here, to: "us-east-1" });
    messaging.alarmChanged(change("ALARM"));
    await time.advance(minuteMs);
    expect(heard()).toEqual(failoverEverywhere.filter((one) => !one.startsWith("us-east-1")));
    expect(messaging.deliveries.waiting(here)).toBe(1);
    faults.apply({ type: "heal" });
    await time.advance(2 * minuteMs);
    expect(heard()).toEqual(failoverEverywhere);
  });

  it("ends as a dead letter in its own region when the link stays cut", async () => {
    faults.apply({ type: "cut", from: here, to: "us-east-1" });
    messaging.alarmChanged(change("ALARM"));
    await time.advance(16 * minuteMs);
    expect(queueOf(here).counts().visible).toBe(1);
    const [letter] = await time.run(
      queueOf(here).receive({ messagesMax: 1, waitMs: 0, visibilityTimeoutMs: 30_000 }),
    );
    expect(letter?.attributes).toMatchObject({
      ERROR_CODE: { value: "CROSS_REGION_INGESTION_FAILED" },
      EXHAUSTED_RETRY_CONDITION: { value: "MaximumEventAgeInSeconds" },
      TARGET_ARN: { value: `arn:aws:events:us-east-1:${account}:event-bus/default` },
    });
    const abroad = (metric: string) => countOf(metric, "NewsAbroad");
    expect(["Invocations", "FailedInvocations", "InvocationsSentToDlq"].map(abroad)).toEqual([3, 1, 1]);
    expect(abroad("InvocationsFailedToBeSentToDlq")).toBe(0);
    expect(countOf("Invocations", "FailoverNews")).toBe(1);
  });

  it("of its end waits for a day", async () => {
    faults.apply({ type: "cut", from: here, to: "us-east-1" });
    messaging.alarmChanged(change("OK"));
    await time.advance(20 * 60 * minuteMs);
    expect([messaging.deliveries.waiting(here), queueOf(here).counts().visible]).toEqual([1, 0]);
    await time.advance(5 * 60 * minuteMs);
    expect([messaging.deliveries.waiting(here), queueOf(here).counts().visible]).toEqual([0, 1]);
    expect(countOf("InvocationsSentToDlq", "EndsAbroad")).toBe(1);
  });

  it("is counted as lost when not even the queue takes it", async () => {
    faults.apply({ type: "cut", from: here, to: "us-east-1" });
    faults.apply({ type: "fail", region: here, service: "sqs", share: 1 });
    messaging.alarmChanged(change("ALARM"));
    await time.advance(31 * minuteMs);
    const abroad = (metric: string) => countOf(metric, "NewsAbroad");
    expect(["FailedInvocations", "InvocationsFailedToBeSentToDlq"].map(abroad)).toEqual([1, 1]);
    expect(abroad("InvocationsSentToDlq")).toBe(0);
  });

  it("does not enter a bus whose service fails, until it does not", async () => {
    faults.apply({ type: "fail", region: "us-east-1", service: "events", operation: "PutEvents", share: 1 });
    messaging.alarmChanged(change("ALARM"));
    await time.advance(minuteMs);
    expect(heard()).not.toContain("us-east-1-Failover");
    faults.apply({ type: "heal" });
    await time.advance(2 * minuteMs);
    expect(heard()).toEqual(failoverEverywhere);
  });
});

describe("an alarm's action", () => {
  const topicArn = `arn:aws:sns:${here}:${account}:${name(here, "Failover")}`;
  const alarmArn = `arn:aws:cloudwatch:${here}:${account}:alarm:${name(here, "LeaseShort")}`;
  const message = { alarmArn, topicArn, subject: "ALARM", message: "{}" };

  it("reaches the function that is subscribed, as SNS's event", async () => {
    messaging.publishAlarm(message);
    await time.advance(0);
    expect(heard()).toEqual([`${here}-Failover`]);
    expect(invoked[0]?.event).toMatchObject({
      Records: [{ EventSource: "aws:sns", Sns: { Message: "{}" } }],
    });
    const counts = [
      "NumberOfMessagesPublished",
      "NumberOfNotificationsDelivered",
      "NumberOfNotificationsFailed",
    ];
    expect(counts.map((metric) => countOf(metric, "Failover"))).toEqual([1, 1, 0]);
  });

  it("tells nobody while SNS fails, and that is said", async () => {
    faults.apply({ type: "fail", region: here, service: "sns", operation: "Publish", share: 1 });
    messaging.publishAlarm(message);
    await time.advance(0);
    expect([invoked, warnings]).toEqual([
      [],
      [`eu-west-1: ${name(here, "LeaseShort")} told nobody: made to fail by a fault in eu-west-1`],
    ]);
  });

  it("comes to the function late when Lambda fails, and to the queue when it stays so", async () => {
    faults.apply({ type: "fail", region: here, service: "lambda", share: 1 });
    messaging.publishAlarm(message);
    await time.advance(minuteMs);
    expect(invoked).toEqual([]);
    faults.apply({ type: "heal" });
    await time.advance(minuteMs);
    expect(heard()).toEqual([`${here}-Failover`]);
  });
});

it("a call that its function failed for good ends in the queue of its region", () => {
  const functionArn = `arn:aws:lambda:${here}:${account}:function:${name(here, "Failover")}`;
  const call = {
    functionArn,
    payload: "{}",
    outcome: new AwsError("ServiceException", "down", 500),
    attempts: 0,
    condition: "EventAgeExceeded",
  } as const;
  messaging.buryCall(call);
  expect(queueOf(here).counts().visible).toBe(0);
  messaging.buryCall({ ...call, destination: queueOf(here).definition.arn });
  expect(queueOf(here).counts().visible).toBe(1);
  expect(countOf("DestinationDeliveryFailures", "Failover")).toBe(0);
  faults.apply({ type: "fail", region: here, service: "sqs", share: 1 });
  messaging.buryCall({ ...call, destination: queueOf(here).definition.arn });
  expect(queueOf(here).counts().visible).toBe(1);
  expect(countOf("DestinationDeliveryFailures", "Failover")).toBe(1);
  expect(warnings).toEqual([expect.stringMatching(/Failover: that a call failed for good is told nobody/)]);
});

it("no delivery begins once it is closed", async () => {
  messaging.close();
  messaging.alarmChanged(change("ALARM"));
  await time.advance(minuteMs);
  expect(invoked).toEqual([]);
});
