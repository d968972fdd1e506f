/**
 * Who hears of alarms and drains: two functions in each region. An alarm reaches the functions of its own region by SNS
 * and by EventBridge, and those of the others from bus to bus, since SNS cannot call a function in another region where
 * one of both is an opt-in region. Whatever comes twice is known the second time.
 */
import { deployment, deploymentLink } from "./deployment.ts";
import { leadingKeys, regionalFunction } from "./function.ts";
import { readControl } from "./selling.ts";
import { accountId, domain, environmentName, stage, stageName } from "./stage.ts";
import { globalTables } from "./tables.ts";
import { alarmsTopic, failoverTopic, peopleLink, publishTo, recoveryTopic } from "./topics.ts";
import { acceptUndelivered, undeliveredNews } from "./undelivered-news.ts";

const { Control } = globalTables;

const zoneId = domain ? aws.route53.getZoneOutput({ name: domain }).zoneId : "";

/** Where the names are that a failover changes; nowhere on a personal stage. */
const zoneLink = new sst.Linkable("Zone", { properties: { zoneId } });

/** People, by the topic that they subscribe to, and other systems, by this region's bus. */
const announce = [
  ...publishTo(alarmsTopic),
  {
    actions: ["events:PutEvents"],
    resources: [$interpolate`arn:aws:events:${stage.region}:${accountId}:event-bus/default`],
  },
];

/**
 * The failover pair and the order of the CDN's origins, and nothing else. Only the home stage knows the distribution, so the
 * others find it by its alias: a list has no resource that rights could name, and a change needs the environment's tag.
 */
const changeControlPlanes = domain
  ? [
      {
        actions: ["route53:ListResourceRecordSets"],
        resources: [$interpolate`arn:aws:route53:::hostedzone/${zoneId}`],
      },
      {
        actions: ["route53:ChangeResourceRecordSets"],
        resources: [$interpolate`arn:aws:route53:::hostedzone/${zoneId}`],
        conditions: [
          onlyThese("route53:ChangeResourceRecordSetsNormalizedRecordNames", `failover.${domain}`),
          onlyThese("route53:ChangeResourceRecordSetsRecordTypes", "CNAME"),
          onlyThese("route53:ChangeResourceRecordSetsActions", "UPSERT"),
        ],
      },
      { actions: ["route53:GetChange"], resources: ["arn:aws:route53:::change/*"] },
      { actions: ["cloudfront:ListDistributions"], resources: ["*"] },
      {
        actions: ["cloudfront:GetDistributionConfig", "cloudfront:UpdateDistribution"],
        resources: [$interpolate`arn:aws:cloudfront::${accountId}:distribution/*`],
        conditions: [
          {
            test: "StringEquals",
            variable: "aws:ResourceTag/antipode:environment",
            values: [stage.environment],
          },
        ],
      },
      {
        // CloudFront takes a configuration with a firewall only of those who may read that firewall.
        actions: ["wafv2:GetWebACL"],
        resources: [
          $interpolate`arn:aws:wafv2:us-east-1:${accountId}:global/webacl/${environmentName("Firewall")}/*`,
        ],
      },
    ]
  : [];

function onlyThese(variable: string, ...values: string[]) {
  return { test: "ForAllValues:StringEquals", variable, values };
}

/** Seconds for which news is handed over again: as long as an alarm counts that has begun (core/src/votes/settings.ts). */
const newsAgeMax = 900;

/** Any alarm of this environment that changes to one of these states, in whichever region. */
const alarmPattern = (...states: string[]) => ({
  source: ["aws.cloudwatch"],
  "detail-type": ["CloudWatch Alarm State Change"],
  detail: { alarmName: [{ prefix: environmentName("") }], state: { value: states } },
});

function createRule(name: string, description: string, pattern: object) {
  return new aws.cloudwatch.EventRule(name, {
    name: stageName(name),
    description,
    eventPattern: JSON.stringify(pattern),
  });
}

/** How EventBridge hands news over: again and again for as long as it is news, and then to the queue. */
const handingOver = {
  retryPolicy: { maximumEventAgeInSeconds: newsAgeMax, maximumRetryAttempts: 185 },
  deadLetterConfig: { arn: undeliveredNews.arn },
};

interface Listener {
  name: "Failover" | "Recovery";
  description: string;
  topic: aws.sns.Topic;
  states: string[];
}

function createListener({ name, description, topic, states }: Listener) {
  const listener = regionalFunction(name, {
    handler: `packages/functions/src/${name.toLowerCase()}/handler.handler`,
    description,
    link: [deploymentLink, peopleLink, zoneLink, Control.link],
    permissions: [
      readControl, // what is drained, and what other regions have done about it
      {
        actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:ConditionCheckItem"],
        resources: [Control.arn],
        conditions: leadingKeys(`REGION#${deployment.origin}`),
      },
      ...announce,
      ...changeControlPlanes,
      { actions: ["sqs:SendMessage"], resources: [undeliveredNews.arn] }, // what it failed to hear, by Lambda
    ],
    timeout: "240 seconds", // every step of a run with its time-outs; core/src/failover begins none that it could not end
    memory: "512 MB",
  });
  new aws.lambda.FunctionEventInvokeConfig(`${name}Events`, {
    functionName: listener.name,
    maximumRetryAttempts: 2,
    maximumEventAgeInSeconds: newsAgeMax,
    destinationConfig: { onFailure: { destination: undeliveredNews.arn } },
  });
  hearTopic(name, listener, topic);
  return { listener, rule: hearBus(name, listener, states) };
}

function allow(name: string, listener: sst.aws.Function, service: string, sourceArn: $util.Input<string>) {
  return new aws.lambda.Permission(`${name}Permission`, {
    action: "lambda:InvokeFunction",
    function: listener.name,
    principal: service,
    sourceArn,
  });
}

function hearTopic(name: string, listener: sst.aws.Function, topic: aws.sns.Topic): void {
  const permission = allow(`${name}Topic`, listener, "sns.amazonaws.com", topic.arn);
  new aws.sns.TopicSubscription(
    `${name}Subscription`,
    {
      topic: topic.arn,
      protocol: "lambda",
      endpoint: listener.arn,
      redrivePolicy: $jsonStringify({ deadLetterTargetArn: undeliveredNews.arn }),
    },
    { dependsOn: [permission] },
  );
}

function hearBus(name: string, listener: sst.aws.Function, states: string[]) {
  const rule = createRule(`${name}News`, `Alarms of any region, for ${name}`, alarmPattern(...states));
  const permission = allow(`${name}News`, listener, "events.amazonaws.com", rule.arn);
  new aws.cloudwatch.EventTarget(
    `${name}NewsTarget`,
    { rule: rule.name, arn: listener.arn, ...handingOver },
    { dependsOn: [permission] },
  );
  return rule;
}

/** Hands this region's own alarms to the other regions' buses; what came from there goes no further. */
function tellOthers(peers: readonly string[]) {
  const busArns = peers.map((peer) => $interpolate`arn:aws:events:${peer}:${accountId}:event-bus/default`);
  const rule = createRule("NewsAbroad", "This region's alarms, for the other regions", {
    ...alarmPattern("ALARM", "OK", "INSUFFICIENT_DATA"),
    region: [stage.region],
  });
  const role = new aws.iam.Role("NewsAbroadRole", {
    assumeRolePolicy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
          actions: ["sts:AssumeRole"],
          conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [rule.arn] }],
        },
      ],
    }).json,
    inlinePolicies: [
      {
        name: "inline",
        policy: aws.iam.getPolicyDocumentOutput({
          statements: [{ actions: ["events:PutEvents"], resources: busArns }],
        }).json,
      },
    ],
  });
  for (const [place, peer] of peers.entries()) {
    const arn = busArns[place];
    if (!arn) throw new Error(`no bus of ${peer}`);
    new aws.cloudwatch.EventTarget(`NewsAbroad-${peer}`, {
      rule: rule.name,
      arn,
      roleArn: role.arn,
      ...handingOver,
    });
  }
  return rule;
}

const failing = createListener({
  name: "Failover",
  description: "Hears alarms that are raised, and does what is to be done about a drain",
  topic: failoverTopic,
  states: ["ALARM"],
});
const recovering = createListener({
  name: "Recovery",
  description: "Hears alarms that are over, and does what is to be done about the end of a drain",
  topic: recoveryTopic,
  states: ["OK", "INSUFFICIENT_DATA"], // without data nothing is raised any more
});

const peers = stage.regions.map(({ name }) => name).filter((name) => name !== stage.region);
const abroad = peers.length === 0 ? [] : [tellOthers(peers)];
acceptUndelivered([failing.rule, recovering.rule, ...abroad]);

export const failover = failing.listener;
export const recovery = recovering.listener;
