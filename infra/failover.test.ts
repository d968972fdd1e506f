/** How alarms reach the functions of every region: encrypted, by those alone who may, once round and no further. */
import { describe, expect, it } from "vitest";
import { defaultVoteSettings } from "../packages/core/src/index.ts";
import { readNews } from "../packages/functions/src/failover/alarm-news.ts";
import type { Graph, GraphResource, GraphStatement } from "../packages/infra-graph/src/index.ts";
import { functionsOf, graphOf, input, inRegion, ofType, regionNames, stages } from "./testing/graphs.ts";

const account = "111122223333";
const listeners = ["Failover", "Recovery"] as const;
const named = (resources: readonly GraphResource[], name: string) => {
  const found = resources.find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const functionOf = (graph: Graph, name: string) => named(functionsOf(graph), `${name}Function`);
const topicsOf = (graph: Graph) => ofType(graph, "aws:sns/topic:Topic");
const rulesOf = (graph: Graph) =>
  ofType(graph, "aws:cloudwatch/eventRule:EventRule").filter((rule) => input(rule, "eventPattern"));
const targetsOf = (graph: Graph, rule: GraphResource) =>
  ofType(graph, "aws:cloudwatch/eventTarget:EventTarget").filter(
    (target) => input(target, "rule") === input(rule, "name"),
  );
const statementsOf = (resource: GraphResource) =>
  (input(resource, "statements") ?? []) as unknown as GraphStatement[];
const prefixOf = (stage: string) => (stage.includes("-") ? "antipode-prod-" : `antipode-me-${stage}-`);

/** As much of EventBridge's patterns as the rules use: lists of texts, and prefixes. */
type Pattern = { readonly [field: string]: Pattern | readonly (string | { readonly prefix: string })[] };
function fits(pattern: Pattern, event: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = event[field];
    if (!Array.isArray(wanted)) return fits(wanted as Pattern, (value ?? {}) as Record<string, unknown>);
    return wanted.some((one) =>
      typeof one === "string" ? value === one : typeof value === "string" && value.startsWith(one.prefix),
    );
  });
}

function stateChange(region: string, alarmName: string, value: string) {
  return {
    version: "0",
    id: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account,
    time: "2026-10-02T17:04:40Z",
    region,
    resources: [`arn:aws:cloudwatch:${region}:${account}:alarm:${alarmName}`],
    detail: {
      alarmName,
      state: { value, reason: "Threshold Crossed", timestamp: "2026-10-02T17:04:40.989+0000" },
    },
  };
}

/** What the rules of a region hand to: the functions' and buses' ARNs. */
const heardBy = (graph: Graph, event: Readonly<Record<string, unknown>>) =>
  rulesOf(graph)
    .filter((rule) => fits(JSON.parse(String(input(rule, "eventPattern"))), event))
    .flatMap((rule) => targetsOf(graph, rule).map((target) => String(input(target, "arn"))))
    .sort();

describe.each(stages)("in %s", (stage) => {
  const graph = graphOf(stage);
  const queue = named(ofType(graph, "aws:sqs/queue:Queue"), "UndeliveredNews");
  const { region } = graph;
  const peers = stage.includes("-") ? regionNames.filter((name) => name !== region) : [];
  const buses = peers.map((peer) => `arn:aws:events:${peer}:${account}:event-bus/default`);

  it("three topics are encrypted, and take what CloudWatch alone publishes, for this account", () => {
    const key = named(ofType(graph, "aws:kms/key:Key"), "AlarmsKey");
    const ownAccount = { StringEquals: { "aws:SourceAccount": [account] } };
    const cloudWatch = { Service: ["cloudwatch.amazonaws.com"] };
    const publish = { sid: "PublishAlarms", effect: "Allow", principals: cloudWatch, conditions: ownAccount };
    const [administer, ...others] = statementsOf(key);
    expect(key.region).toBe(region);
    expect(administer?.principals).toEqual({ AWS: [`arn:aws:iam::${account}:root`] });
    expect(others).toEqual([
      { ...publish, actions: ["kms:Decrypt", "kms:GenerateDataKey*"], resources: ["*"] },
    ]);
    const policies = ofType(graph, "aws:sns/topicPolicy:TopicPolicy");
    expect(topicsOf(graph).map((topic) => [topic.name, input(topic, "kmsMasterKeyId")])).toEqual(
      ["Alarms", ...listeners].map((name) => [name, key.arn]),
    );
    for (const { arn } of topicsOf(graph)) {
      const own = policies.filter((policy) => input(policy, "arn") === arn).flatMap(statementsOf);
      expect(own).toEqual([{ ...publish, actions: ["sns:Publish"], resources: [arn] }]);
    }
  });

  it.each(listeners)("%s is told by its own topic, and by nobody's address or queue", (name) => {
    const topic = named(topicsOf(graph), name);
    const subscriptions = ofType(graph, "aws:sns/topicSubscription:TopicSubscription");
    expect(subscriptions).toHaveLength(listeners.length);
    expect(named(subscriptions, `${name}Subscription`).inputs).toEqual({
      topic: topic.arn,
      protocol: "lambda",
      endpoint: functionOf(graph, name).arn,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: queue.arn }),
    });
  });

  it.each(listeners)(
    "%s may be invoked for its topic and its rule, and files what it fails to hear",
    (name) => {
      const called = functionOf(graph, name);
      const permissions = ofType(graph, "aws:lambda/permission:Permission")
        .filter((one) => input(one, "function") === input(called, "name"))
        .map((one) => [input(one, "principal"), input(one, "sourceArn")]);
      expect(permissions.sort()).toEqual([
        ["events.amazonaws.com", named(rulesOf(graph), `${name}News`).arn],
        ["sns.amazonaws.com", named(topicsOf(graph), name).arn],
      ]);
      const configs = ofType(graph, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
      expect(named(configs, `${name}Events`).inputs).toEqual({
        functionName: input(called, "name"),
        maximumRetryAttempts: 2,
        maximumEventAgeInSeconds: name === "Failover" ? 900 : 21_600, // the longest that Lambda takes
        destinationConfig: { onFailure: { destination: queue.arn } },
      });
    },
  );

  it("an own alarm that is raised is heard here and told to every other region, one that ends too", () => {
    const alarm = `${prefixOf(stage)}${region}-ApiErrors`;
    for (const [state, name] of [
      ["ALARM", "Failover"],
      ["OK", "Recovery"],
      ["INSUFFICIENT_DATA", "Recovery"],
    ] as const) {
      expect(heardBy(graph, stateChange(region, alarm, state)), state).toEqual(
        [...buses, functionOf(graph, name).arn].sort(),
      );
    }
  });

  it("another region's alarm is heard, and goes no further", () => {
    const event = stateChange("eu-north-1", `${prefixOf(stage)}eu-north-1-ApiErrors`, "ALARM");
    expect(heardBy(graph, event)).toEqual([functionOf(graph, "Failover").arn]);
  });

  it("other environments' alarms are not heard, nor are other events", () => {
    const event = stateChange(region, `${prefixOf(stage)}${region}-ApiErrors`, "ALARM");
    expect(heardBy(graph, event)).not.toEqual([]);
    const others = [
      stateChange(region, `antipode-staging-${region}-ApiErrors`, "ALARM"),
      stateChange(region, `${prefixOf("prod")}${region}-ApiErrors`, "ALARM"),
      { ...event, source: "antipode" },
      { ...event, "detail-type": "CloudWatch Alarm Configuration Change" },
    ];
    for (const other of others) expect(heardBy(graph, other)).toEqual([]);
  });

  it("news of an end is handed over for as long as the alarm holds back votes, of a beginning while it counts", () => {
    const { alarmKnownMs, alarmMaxMs } = defaultVoteSettings;
    const alarm = `${prefixOf(stage)}${region}-ApiErrors`;
    for (const [state, ageMs] of [
      ["ALARM", alarmMaxMs],
      ["OK", alarmKnownMs],
      ["INSUFFICIENT_DATA", alarmKnownMs],
    ] as const) {
      const targets = rulesOf(graph)
        .filter((rule) =>
          fits(JSON.parse(String(input(rule, "eventPattern"))), stateChange(region, alarm, state)),
        )
        .flatMap((rule) => targetsOf(graph, rule));
      expect(targets).toHaveLength(1 + peers.length);
      for (const target of targets) {
        expect(target.inputs).toMatchObject({
          retryPolicy: { maximumEventAgeInSeconds: ageMs / 1_000, maximumRetryAttempts: 185 },
        });
      }
    }
  });

  it("every target has the queue, which takes from these rules and topics alone", () => {
    const rules = rulesOf(graph);
    for (const target of rules.flatMap((rule) => targetsOf(graph, rule))) {
      expect(target.inputs).toMatchObject({ deadLetterConfig: { arn: queue.arn } });
    }
    expect(queue.inputs).toMatchObject({ sqsManagedSseEnabled: true, messageRetentionSeconds: 1_209_600 });
    const [policy, ...more] = ofType(graph, "aws:sqs/queuePolicy:QueuePolicy");
    expect(more).toEqual([]);
    expect(policy && input(policy, "queueUrl")).toBe(queue.outputs?.["url"]);
    const sends = policy ? statementsOf(policy) : [];
    expect(sends.map(({ principals, conditions }) => [principals, conditions])).toEqual([
      [
        { Service: ["events.amazonaws.com"] },
        {
          ArnEquals: {
            "aws:SourceArn": ["FailoverNews", "RecoveryNews", "NewsAbroad", "EndsAbroad"].flatMap(
              (name) => rules.find((rule) => rule.name === name)?.arn ?? [],
            ),
          },
        },
      ],
      [
        { Service: ["sns.amazonaws.com"] },
        { ArnEquals: { "aws:SourceArn": listeners.map((name) => named(topicsOf(graph), name).arn) } },
      ],
    ]);
    for (const { actions, resources } of sends)
      expect([actions, resources]).toEqual([["sqs:SendMessage"], [queue.arn]]);
  });
});

describe.each(regionNames)("from %s abroad", (region) => {
  const graph = inRegion(region);
  const rules = ["NewsAbroad", "EndsAbroad"].map((name) => named(rulesOf(graph), name));
  const role = named(ofType(graph, "aws:iam/role:Role"), "NewsAbroadRole");
  const peers = regionNames.filter((name) => name !== region);

  it("goes with a role for these rules, which may put events on the others' buses and no more", () => {
    const buses = peers.map((peer) => `arn:aws:events:${peer}:${account}:event-bus/default`);
    for (const rule of rules) {
      const targets = targetsOf(graph, rule);
      expect(targets.map((target) => input(target, "arn"))).toEqual(buses.toSorted());
      expect(targets.length).toBeLessThanOrEqual(5); // what EventBridge lets a rule have
      for (const target of targets) expect(input(target, "roleArn")).toBe(role.arn);
    }
    expect(statementsOf(role)).toEqual([
      { effect: "Allow", actions: ["events:PutEvents"], resources: buses },
    ]);
    const trust = input(role, "trust") as unknown as GraphStatement[];
    expect(trust[0]?.conditions).toEqual({ ArnEquals: { "aws:SourceArn": rules.map(({ arn }) => arn) } });
  });

  it("an alarm is heard by the functions of every region, once by each, and the code understands it", () => {
    const event = stateChange(region, `antipode-prod-${region}-ApiErrors`, "ALARM");
    const heard = regionNames.flatMap((name) =>
      heardBy(inRegion(name), event).filter((arn) => arn.includes(":function:")),
    );
    expect(heard.sort()).toEqual(
      regionNames.map((name) => functionOf(inRegion(name), "Failover").arn).sort(),
    );
    expect(readNews(event)).toMatchObject([{ type: "alarm", change: { alarmRegion: region } }]);
  });
});
