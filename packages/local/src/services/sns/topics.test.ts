import { beforeEach, describe, expect, it } from "vitest";
import { createRandom } from "../../links/random.ts";
import { createVirtualTime, type VirtualTime } from "../../testing-time/virtual-time.ts";
import { createDeliveries } from "../delivery/deliveries.ts";
import type { Attempted } from "../delivery/delivery.ts";
import type { ServiceCaller } from "../iam/resource-policy.ts";
import type { QueueMessage } from "../sqs/definition.ts";
import type { SubscriptionDefinition } from "./definition.ts";
import { createTopics, type Topics, type TopicsOptions } from "./topics.ts";

const region = "eu-west-1";
const topicArn = `arn:aws:sns:${region}:111122223333:Failover`;
const functionArn = `arn:aws:lambda:${region}:111122223333:function:Failover`;
const queueArn = `arn:aws:sqs:${region}:111122223333:Heard`;
const deadLetterArn = `arn:aws:sqs:${region}:111122223333:Undelivered`;
const unreachable = { code: "CONNECTION_FAILURE", message: "away", retryable: true } as const;
const forbidden = { code: "NO_PERMISSIONS", message: "denied", retryable: false } as const;
const minuteMs = 60_000;

interface Sent {
  readonly to: string;
  readonly atMs: number;
  readonly caller: ServiceCaller;
  readonly payload?: Record<string, unknown>;
  readonly message?: QueueMessage;
}

let time: VirtualTime;
let startMs: number;
let sent: Sent[];
let answers: Record<string, Attempted>;
let lost: string[];

beforeEach(() => {
  time = createVirtualTime();
  startMs = time.now();
  [sent, answers, lost] = [[], {}, []];
});

function create(more: Partial<TopicsOptions> = {}): Topics {
  const take = (to: string, caller: ServiceCaller, what: Pick<Sent, "payload" | "message">) => {
    sent.push({ to, caller, atMs: time.now() - startMs, ...what });
    return answers[to];
  };
  const topics = createTopics({
    deliveries: createDeliveries({ scheduler: time, isDown: () => false }),
    destinations: {
      toFunction: async (caller, arn, payload) => take(arn, caller, { payload: JSON.parse(payload) }),
      toQueue: async (caller, arn, message) => take(arn, caller, { message }),
    },
    clock: { now: () => time.now() + 5_000 }, // this region's clock is ahead
    random: createRandom(1),
    onLost: (subscription, _, { failure, retries }) =>
      lost.push(`${subscription.endpoint} ${failure.code} after ${retries} retries`),
    ...more,
  });
  topics.create({
    arn: topicArn,
    name: "Failover",
    region,
    policy: [
      {
        effect: "Allow",
        principals: { Service: ["cloudwatch.amazonaws.com"] },
        actions: ["sns:Publish"],
        resources: [topicArn],
        conditions: { ArnLike: { "aws:SourceArn": [`arn:aws:cloudwatch:${region}:111122223333:alarm:*`] } },
      },
    ],
  });
  return topics;
}

const subscription = (more: Partial<SubscriptionDefinition> = {}): SubscriptionDefinition => ({
  arn: `${topicArn}:6b5ca0b1-6f0b-4a8b-9d0b-3f3f3f3f3f3f`,
  topicArn,
  protocol: "lambda",
  endpoint: functionArn,
  raw: false,
  ...more,
});
const toQueue = (more: Partial<SubscriptionDefinition> = {}) =>
  subscription({ protocol: "sqs", endpoint: queueArn, ...more });

describe("a message", () => {
  it("reaches a function as SNS's event, in the background", async () => {
    const topics = create();
    topics.subscribe(subscription());
    const attributes = { kind: { dataType: "String", value: "drill" } };
    const id = topics.publish(topicArn, { message: "hello", subject: "Hi", attributes });
    await time.advance(0);
    expect(sent).toEqual([
      {
        to: functionArn,
        atMs: 0,
        caller: { service: "sns.amazonaws.com", sourceArn: topicArn },
        payload: {
          Records: [
            {
              EventSource: "aws:sns",
              EventVersion: "1.0",
              EventSubscriptionArn: subscription().arn,
              Sns: {
                Type: "Notification",
                MessageId: id,
                TopicArn: topicArn,
                Subject: "Hi",
                Message: "hello",
                Timestamp: new Date(startMs + 5_000).toISOString(),
                SignatureVersion: "1",
                Signature: expect.any(String),
                SigningCertUrl: expect.stringMatching(/^https:\/\/sns\.eu-west-1\.amazonaws\.com\//),
                UnsubscribeUrl: expect.stringContaining(subscription().arn),
                MessageAttributes: { kind: { Type: "String", Value: "drill" } },
              },
            },
          ],
        },
      },
    ]);
  });

  it("has no subject when none is given, and the text that is meant for a function", async () => {
    const topics = create();
    topics.subscribe(subscription());
    topics.publish(topicArn, { message: "for all", messageByProtocol: { default: "for all", lambda: "f" } });
    await time.advance(0);
    expect(sent[0]?.payload).toMatchObject({
      Records: [{ Sns: { Subject: null, Message: "f", MessageAttributes: {} } }],
    });
  });

  it("reaches a queue in SNS's document, or raw with its attributes", async () => {
    const topics = create();
    topics.subscribe(toQueue());
    topics.subscribe(toQueue({ raw: true }));
    const attributes = { kind: { dataType: "String", value: "drill" } };
    const id = topics.publish(topicArn, { message: "hello", attributes });
    await time.advance(0);
    const [wrapped, raw] = sent.map(({ message }) => message);
    expect(raw).toEqual({ body: "hello", attributes });
    expect(wrapped).toEqual({ body: expect.any(String) });
    const document = JSON.parse(wrapped?.body ?? "");
    expect(document).toMatchObject({
      Type: "Notification",
      MessageId: id,
      Message: "hello",
      SigningCertURL: expect.any(String),
      UnsubscribeURL: expect.any(String),
      MessageAttributes: { kind: { Type: "String", Value: "drill" } },
    });
    expect(document).not.toHaveProperty("Subject");
  });

  it("may come twice, as SNS delivers at least once", async () => {
    const topics = create({ duplicateShare: 0.2 });
    topics.subscribe(subscription());
    for (let count = 0; count < 200; count += 1) topics.publish(topicArn, { message: `${count}` });
    await time.advance(0);
    expect(sent.length).toBeGreaterThan(220);
    expect(sent.length).toBeLessThan(260);
    const texts = new Set(sent.map(({ payload }) => JSON.stringify(payload)));
    expect(texts.size).toBe(200);
  });

  it("is kept for people, the last hundred of a topic", async () => {
    const topics = create();
    for (let count = 1; count <= 103; count += 1) topics.publish(topicArn, { message: `${count}` });
    const kept = topics.kept(topicArn).map(({ message }) => message);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([100, "4", "103"]);
  });

  it("to a topic that does not exist is refused", () => {
    expect(() => create().publish(`${topicArn}2`, { message: "x" })).toThrow("Topic does not exist");
  });
});

describe("a delivery that fails", () => {
  it("is repeated at once, soon, then ever later, up to every 20 seconds", async () => {
    const topics = create();
    topics.subscribe(subscription());
    answers[functionArn] = unreachable;
    topics.publish(topicArn, { message: "x" });
    await time.advance(10 * minuteMs);
    const gaps = sent.slice(1).map(({ atMs }, index) => atMs - (sent[index]?.atMs ?? 0));
    expect(gaps.slice(0, 3)).toEqual([0, 0, 0]);
    for (const gap of gaps.slice(3, 6)) {
      expect(gap).toBeGreaterThanOrEqual(999);
      expect(gap).toBeLessThanOrEqual(1_101);
    }
    expect(gaps[9]).toBeGreaterThan(2_500);
    for (const gap of gaps.slice(14)) {
      expect(gap).toBeGreaterThanOrEqual(19_999);
      expect(gap).toBeLessThanOrEqual(22_001);
    }
    answers = {};
    await time.advance(minuteMs);
    const attempts = sent.length;
    await time.advance(10 * minuteMs);
    expect([sent.length, lost]).toEqual([attempts, []]);
  });

  it("ends after 100,015 retries, some 23 days later", async () => {
    const { retryDelayMs } = await import("./delivery-policy.ts");
    let totalMs = 0;
    let retries = 0;
    for (
      let delayMs = retryDelayMs(1, () => 0);
      delayMs !== undefined;
      delayMs = retryDelayMs(retries + 1, () => 0)
    ) {
      totalMs += delayMs;
      retries += 1;
    }
    expect(retries).toBe(100_015);
    expect(totalMs / 86_400_000).toBeCloseTo(23.15, 1);
  });

  it("goes to the dead-letter queue at once when no retry can help, with SNS's document and why", async () => {
    const topics = create();
    topics.subscribe(toQueue({ deadLetterArn }));
    answers[queueArn] = forbidden;
    const id = topics.publish(topicArn, { message: "x" });
    await time.advance(0);
    expect(sent.map(({ to }) => to)).toEqual([queueArn, deadLetterArn]);
    expect(JSON.parse(sent[1]?.message?.body ?? "")).toMatchObject({ MessageId: id, Message: "x" });
    expect(sent[1]?.message?.attributes).toEqual({
      RequestID: { dataType: "String", value: id },
      ErrorCode: { dataType: "String", value: "NO_PERMISSIONS" },
      ErrorMessage: { dataType: "String", value: "denied" },
    });
    expect(lost).toEqual([]);
  });

  it("is lost without a dead-letter queue, or when that does not take it either", async () => {
    const topics = create();
    topics.subscribe(toQueue());
    topics.subscribe(subscription({ deadLetterArn }));
    answers = { [queueArn]: forbidden, [functionArn]: forbidden, [deadLetterArn]: forbidden };
    topics.publish(topicArn, { message: "x" });
    await time.advance(0);
    expect(lost).toEqual([
      `${queueArn} NO_PERMISSIONS after 0 retries`,
      `${functionArn} NO_PERMISSIONS after 0 retries`,
    ]);
  });
});

describe("a service publishes", () => {
  const alarm = `arn:aws:cloudwatch:${region}:111122223333:alarm:errors`;

  it("as far as the topic's policy lets it", async () => {
    const topics = create();
    topics.subscribe(subscription());
    const cloudwatch = { service: "cloudwatch.amazonaws.com", sourceArn: alarm };
    expect(topics.publishAs(cloudwatch, topicArn, { message: "x" })).toBeUndefined();
    expect(
      topics.publishAs({ ...cloudwatch, service: "events.amazonaws.com" }, topicArn, { message: "y" }),
    ).toEqual({
      code: "NO_PERMISSIONS",
      message: `events.amazonaws.com may not sns:Publish to ${topicArn} for ${alarm}`,
      retryable: false,
    });
    expect(
      topics.publishAs({ ...cloudwatch, sourceArn: topicArn }, topicArn, { message: "y" }),
    ).toMatchObject({
      code: "NO_PERMISSIONS",
    });
    expect(topics.publishAs(cloudwatch, `${topicArn}2`, { message: "y" })).toMatchObject({
      code: "NO_RESOURCE",
    });
    await time.advance(0);
    expect(sent).toHaveLength(1);
  });
});
