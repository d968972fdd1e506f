import { describe, expect, it } from "vitest";
import { indexGraphs } from "../graph/index-graphs.ts";
import { GraphError, loadGraphs } from "../graph/load.ts";
import type { GraphResource } from "../graph/schema.ts";
import { probeFunction } from "../services/lambda/testing/probe-functions.ts";
import { planAsyncSettings } from "./event-invoke-configs.ts";
import { planBuses, planEventRules } from "./event-rules.ts";
import { planQueues } from "./queues.ts";
import { planSubscriptions, planTopics } from "./topics.ts";

const account = "111122223333";
const region = "eu-west-1";
const abroad = "us-east-1";
const topicArn = `arn:aws:sns:${region}:${account}:news`;
const queueArn = `arn:aws:sqs:${region}:${account}:undelivered`;
const ruleArn = `arn:aws:events:${region}:${account}:rule/news`;
const roleArn = `arn:aws:iam::${account}:role/abroad`;
const keyArn = `arn:aws:kms:${region}:${account}:key/k`;
const busAbroad = `arn:aws:events:${abroad}:${account}:event-bus/default`;
const send = { effect: "Allow", actions: ["sqs:SendMessage"], resources: [queueArn] } as const;
const listener = probeFunction(region, { name: "shop-test-eu-west-1-Failover", statements: [send] });

type Inputs = Record<string, unknown>;
const resource = (type: string, name: string, inputs: Inputs, more: Partial<GraphResource> = {}) => ({
  type,
  name,
  region,
  inputs,
  outputs: {},
  ...more,
});
const allow = (service: string, action: string, resourceArn: string, sourceArn: string) => ({
  effect: "Allow",
  principals: { Service: [service] },
  actions: [action],
  resources: [resourceArn],
  conditions: { ArnEquals: { "aws:SourceArn": [sourceArn] } },
});

const topic = (inputs: Inputs = {}) =>
  resource("aws:sns/topic:Topic", "News", { name: "news", ...inputs }, { arn: topicArn });
const topicPolicy = (...statements: Inputs[]) =>
  resource("aws:sns/topicPolicy:TopicPolicy", "NewsPolicy", { arn: topicArn, statements });
const queue = (inputs: Inputs = {}) =>
  resource(
    "aws:sqs/queue:Queue",
    "Undelivered",
    { name: "undelivered", ...inputs },
    {
      arn: queueArn,
      id: "https://queue",
    },
  );
const queuePolicy = (...statements: Inputs[]) =>
  resource("aws:sqs/queuePolicy:QueuePolicy", "UndeliveredPolicy", { queueUrl: "https://queue", statements });
const fromTopic = allow("sns.amazonaws.com", "sqs:SendMessage", queueArn, topicArn);
const fromRule = allow("events.amazonaws.com", "sqs:SendMessage", queueArn, ruleArn);
const permission = (principal: string, sourceArn: string) =>
  resource("aws:lambda/permission:Permission", `${principal} permission`, {
    action: "lambda:InvokeFunction",
    function: listener.name,
    principal,
    sourceArn,
  });
const byTopic = permission("sns.amazonaws.com", topicArn);
const byRule = permission("events.amazonaws.com", ruleArn);
const subscription = (inputs: Inputs = {}) =>
  resource(
    "aws:sns/topicSubscription:TopicSubscription",
    "NewsSubscription",
    { topic: topicArn, protocol: "lambda", endpoint: listener.arn, ...inputs },
    { arn: `${topicArn}:1` },
  );
const rule = (inputs: Inputs = {}) =>
  resource(
    "aws:cloudwatch/eventRule:EventRule",
    "NewsRule",
    { name: "news", eventPattern: '{"source":["aws.cloudwatch"]}', ...inputs },
    { arn: ruleArn },
  );
const target = (inputs: Inputs = {}, name = "NewsTarget") =>
  resource("aws:cloudwatch/eventTarget:EventTarget", name, { rule: "news", arn: listener.arn, ...inputs });
const key = (...statements: Inputs[]) =>
  resource("aws:kms/key:Key", "NewsKey", { statements }, { arn: keyArn });
const role = (inputs: Inputs = {}) =>
  resource(
    "aws:iam/role:Role",
    "AbroadRole",
    {
      trust: [
        {
          effect: "Allow",
          principals: { Service: ["events.amazonaws.com"] },
          actions: ["sts:AssumeRole"],
          resources: [],
          conditions: { ArnEquals: { "aws:SourceArn": [ruleArn] } },
        },
      ],
      statements: [{ effect: "Allow", actions: ["events:PutEvents"], resources: [busAbroad] }],
      ...inputs,
    },
    { arn: roleArn },
  );
const settings = (inputs: Inputs = {}) =>
  resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "NewsEvents", {
    functionName: listener.name,
    ...inputs,
  });

function plan(...resources: GraphResource[]) {
  const index = indexGraphs([
    { version: 1, app: "shop", stage: `test-${region}`, region, resources },
    { version: 1, app: "shop", stage: `test-${abroad}`, region: abroad, resources: [] },
  ]);
  const receivers = { topics: planTopics(index), queues: planQueues(index), functions: [listener] };
  return {
    ...receivers,
    subscriptions: planSubscriptions(index, receivers),
    rules: planEventRules(index, { ...receivers, buses: planBuses(index) }),
    settings: planAsyncSettings(index, receivers),
  };
}

function refusal(...resources: GraphResource[]): string {
  try {
    plan(...resources);
    return "nothing was refused";
  } catch (error) {
    expect(error).toBeInstanceOf(GraphError);
    const { message } = error as Error;
    expect(message).not.toContain("\n");
    return message;
  }
}

describe("the committed graphs", () => {
  const graphs = loadGraphs("graphs", "prod", ["us-east-1", "eu-west-1", "ap-south-1", "ap-east-1"]);
  const index = indexGraphs(graphs);

  it("have topics, queues and rules in every region, each with its policy", () => {
    const topics = planTopics(index);
    const queues = planQueues(index);
    for (const graph of graphs) {
      const here = topics.filter((one) => one.region === graph.region);
      expect(here.map(({ name }) => name.replace(/^.*-/, ""))).toEqual(
        expect.arrayContaining(["Alarms", "Failover", "Recovery"]),
      );
      for (const { policy } of here) expect(policy).not.toEqual([]);
      expect(queues.filter((one) => one.region === graph.region).length).toBeGreaterThan(0);
    }
    expect(planBuses(index)).toContain(`arn:aws:events:ap-east-1:${account}:event-bus/default`);
  });
});

describe("topics and subscriptions", () => {
  it("are those with their functions and queues", () => {
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn });
    const planned = plan(
      topic(),
      topicPolicy(allow("cloudwatch.amazonaws.com", "sns:Publish", topicArn, "arn:aws:cloudwatch:*")),
      queue({ messageRetentionSeconds: 1_209_600 }),
      queuePolicy(fromTopic),
      byTopic,
      subscription({ redrivePolicy }),
      subscription({ protocol: "sqs", endpoint: queueArn, rawMessageDelivery: true }),
    );
    expect(planned.topics).toMatchObject([{ arn: topicArn, name: "news", region }]);
    expect(planned.topics[0]?.policy).toHaveLength(1);
    expect(planned.queues).toMatchObject([
      { arn: queueArn, visibilityTimeoutMs: 30_000, retentionMs: 1_209_600_000, messageBytesMax: 262_144 },
    ]);
    expect(planned.subscriptions).toEqual([
      {
        arn: `${topicArn}:1`,
        topicArn,
        protocol: "lambda",
        endpoint: listener.arn,
        raw: false,
        deadLetterArn: queueArn,
      },
      { arn: `${topicArn}:1`, topicArn, protocol: "sqs", endpoint: queueArn, raw: true },
    ]);
  });

  it.each<[string, GraphResource[], RegExp]>([
    ["a function that does not let SNS", [topic(), subscription()], /may not invoke .* no Lambda permission/],
    ["a function that lets another topic", [topic(), subscription(), byRule], /no Lambda permission/],
    [
      "a topic that nobody deploys",
      [subscription(), byTopic],
      /refers to arn:aws:sns.* which no stage deploys/,
    ],
    [
      "a function that nobody deploys",
      [topic(), subscription({ endpoint: `${listener.arn}2` }), byTopic],
      /refers to .*Failover2/,
    ],
    [
      "a queue that does not let SNS",
      [topic(), queue(), subscription({ protocol: "sqs", endpoint: queueArn })],
      /the policy of undelivered does not let sns\.amazonaws\.com send/,
    ],
    [
      "a dead-letter queue that does not let SNS",
      [
        topic(),
        queue(),
        byTopic,
        subscription({ redrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn }) }),
      ],
      /the policy of undelivered does not let/,
    ],
    [
      "a queue whose key SNS does not get",
      [
        topic(),
        queue({ kmsMasterKeyId: keyArn }),
        queuePolicy(fromTopic),
        key(),
        subscription({ protocol: "sqs", endpoint: queueArn }),
      ],
      /sns\.amazonaws\.com may not kms:GenerateDataKey with the key NewsKey/,
    ],
    [
      "people",
      [topic(), subscription({ protocol: "email", endpoint: "a@b.example" })],
      /only functions and queues/,
    ],
    ["a filter", [topic(), byTopic, subscription({ filterPolicy: "{}" })], /filter policies are not run/],
    [
      "raw delivery to a function",
      [topic(), byTopic, subscription({ rawMessageDelivery: true })],
      /raw delivery/,
    ],
    [
      "a dead-letter queue that is not understood",
      [topic(), byTopic, subscription({ redrivePolicy: "{" })],
      /redrivePolicy/,
    ],
    ["a FIFO topic", [topic({ fifoTopic: true })], /only standard topics/],
    ["a FIFO queue", [queue({ fifoQueue: true })], /only standard queues/],
    ["a queue that keeps nothing", [queue({ messageRetentionSeconds: 1 })], /messageRetentionSeconds/],
    [
      "a policy that denies roles",
      [topic(), topicPolicy({ ...fromTopic, sid: "No", effect: "Deny", principals: { AWS: ["*"] } })],
      /its statement No denies/,
    ],
  ])("are refused with %s", (_, resources, message) => {
    expect(refusal(...resources)).toMatch(message);
  });

  it("may keep plain HTTP out, which nobody uses here", () => {
    const conditions = { Bool: { "aws:SecureTransport": ["false"] } };
    const deny = { ...fromTopic, effect: "Deny", principals: { "*": ["*"] }, conditions };
    expect(plan(queue(), queuePolicy(fromTopic, deny)).queues[0]?.policy).toHaveLength(2);
  });

  it("give a queue's messages to another one that were received too often", () => {
    const other = { ...queue({ name: "other" }), arn: `${queueArn}2`, id: "https://other" };
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: `${queueArn}2`, maxReceiveCount: 3 });
    expect(plan(queue({ redrivePolicy }), other).queues[0]?.redrive).toEqual({
      deadLetterArn: `${queueArn}2`,
      receivesMax: 3,
    });
    expect(refusal(queue({ redrivePolicy }))).toMatch(/refers to .*undelivered2/);
  });
});

describe("rules that wait for events", () => {
  const retryPolicy = { maximumEventAgeInSeconds: 900, maximumRetryAttempts: 3 };
  const deadLetterConfig = { arn: queueArn };

  it("are those with their targets, in this region and abroad", () => {
    const { rules } = plan(
      rule(),
      target({ retryPolicy, deadLetterConfig }),
      target({ arn: busAbroad, roleArn }, "Abroad"),
      byRule,
      queue(),
      queuePolicy(fromRule),
      role(),
    );
    expect(rules).toEqual([
      {
        arn: ruleArn,
        name: "news",
        region,
        busArn: `arn:aws:events:${region}:${account}:event-bus/default`,
        pattern: '{"source":["aws.cloudwatch"]}',
        enabled: true,
        targets: [
          {
            id: "NewsTarget",
            type: "function",
            arn: listener.arn,
            retriesMax: 3,
            ageMaxMs: 900_000,
            deadLetterArn: queueArn,
          },
          { id: "Abroad", type: "bus", arn: busAbroad, retriesMax: 185, ageMaxMs: 86_400_000 },
        ],
      },
    ]);
  });

  it.each<[string, GraphResource[], RegExp]>([
    ["no target", [rule()], /NewsRule in eu-west-1 has no target/],
    [
      "a pattern that is none",
      [rule({ eventPattern: "{}" }), target(), byRule],
      /an object is empty in its pattern/,
    ],
    [
      "an operator that is not run",
      [rule({ eventPattern: '{"a":[{"cidr":"::/0"}]}' }), target(), byRule],
      /"cidr"/,
    ],
    ["a bus that nobody deploys", [rule({ eventBusName: "orders" }), target(), byRule], /event-bus\/orders/],
    ["a function that does not let it", [rule(), target(), byTopic], /may not invoke/],
    ["a bus without a role", [rule(), target({ arn: busAbroad })], /needs a role/],
    [
      "a bus that nobody deploys as its target",
      [rule(), target({ arn: `${busAbroad}2`, roleArn }), role()],
      /default2, which no stage deploys/,
    ],
    [
      "a role that may not put events there",
      [rule(), target({ arn: busAbroad, roleArn }), role({ statements: [] })],
      /AbroadRole may not events:PutEvents on arn:aws:events:us-east-1/,
    ],
    [
      "a role that does not trust EventBridge",
      [rule(), target({ arn: busAbroad, roleArn }), role({ trust: [] })],
      /AbroadRole does not trust events\.amazonaws\.com/,
    ],
    [
      "a topic that does not let it",
      [rule(), target({ arn: topicArn }), topic()],
      /the policy of news does not let events\.amazonaws\.com publish/,
    ],
    [
      "a topic whose key it does not get",
      [
        rule(),
        target({ arn: topicArn }),
        topic({ kmsMasterKeyId: keyArn }),
        topicPolicy(allow("events.amazonaws.com", "sns:Publish", topicArn, ruleArn)),
        key(allow("events.amazonaws.com", "kms:GenerateDataKey*", "*", ruleArn)),
      ],
      /may not kms:Decrypt with the key NewsKey/,
    ],
    [
      "a dead-letter queue that does not let it",
      [rule(), target({ deadLetterConfig }), byRule, queue(), queuePolicy(fromTopic)],
      /does not let events\.amazonaws\.com send/,
    ],
    [
      "another kind of target",
      [rule(), target({ arn: "arn:aws:states:x:y:z" })],
      /no function, topic, queue or bus/,
    ],
    ["an input path", [rule(), target({ inputPath: "$.detail" }), byRule], /input paths are not run/],
    ["an input that is not JSON", [rule(), target({ input: "{" }), byRule], /its input is not JSON/],
    [
      "six targets",
      [rule(), byRule, ..."abcdef".split("").map((name) => target({}, name))],
      /at most 5 targets/,
    ],
    [
      "too many retries",
      [rule(), target({ retryPolicy: { maximumRetryAttempts: 186 } }), byRule],
      /maximumRetryAttempts/,
    ],
  ])("are refused with %s", (_, resources, message) => {
    expect(refusal(...resources)).toMatch(message);
  });
});

describe("asynchronous calls", () => {
  const destinationConfig = { onFailure: { destination: queueArn } };

  it("may have their own retries, age and destination of failures", () => {
    expect(plan(settings()).settings).toEqual([
      { functionArn: listener.arn, retriesMax: 2, ageMaxMs: 21_600_000 },
    ]);
    const own = settings({ maximumRetryAttempts: 0, maximumEventAgeInSeconds: 900, destinationConfig });
    expect(plan(own, queue()).settings).toEqual([
      { functionArn: listener.arn, retriesMax: 0, ageMaxMs: 900_000, failureDestination: queueArn },
    ]);
  });

  it("are refused when failures would go nowhere", () => {
    expect(refusal(settings({ destinationConfig }))).toMatch(/which no stage deploys/);
    expect(refusal(settings({ functionName: "other" }))).toMatch(/refers to other/);
    const onFailure = { destination: topicArn };
    expect(refusal(settings({ destinationConfig: { onFailure } }), topic())).toMatch(/sns:Publish/);
    expect(refusal(settings({ destinationConfig }), queue({ kmsMasterKeyId: keyArn }))).toMatch(
      /kms:GenerateDataKey on resource/,
    );
  });
});
