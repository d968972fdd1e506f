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

/**
 * Seconds for which news is handed over again. Of a beginning: as long as an alarm counts from when it is heard on
 * (core/src/votes/settings.ts), for who hears it later would vote by what may be over. Of an end: as long as EventBridge and
 * Lambda take it, for until it is heard, or for a day, its alarm holds back votes by those of other regions.
 */
const ageMaxOf = {
  beginning: { byBus: 900, byFunction: 900 },
  end: { byBus: 86_400, byFunction: 21_600 },
};

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
const handingOver = (of: keyof typeof ageMaxOf) => ({
  retryPolicy: { maximumEventAgeInSeconds: ageMaxOf[of].byBus, maximumRetryAttempts: 185 },
  deadLetterConfig: { arn: undeliveredNews.arn },
});

interface Listener {
  name: "Failover" | "Recovery";
  description: string;
  topic: aws.sns.Topic;
  hears: keyof typeof ageMaxOf;
}

const statesOf = {
  beginning: ["ALARM"],
  end: ["OK", "INSUFFICIENT_DATA"], // without data nothing is raised any more
};

function createListener({ name, description, topic, hears }: Listener) {
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
    maximumEventAgeInSeconds: ageMaxOf[hears].byFunction,
    destinationConfig: { onFailure: { destination: undeliveredNews.arn } },
  });
  hearTopic(name, listener, topic);
  return { listener, rule: hearBus(name, listener, hears) };
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

function hearBus(name: string, listener: sst.aws.Function, hears: Listener["hears"]) {
  const pattern = alarmPattern(...statesOf[hears]);
  const rule = createRule(`${name}News`, `Alarms of any region, for ${name}`, pattern);
  const permission = allow(`${name}News`, listener, "events.amazonaws.com", rule.arn);
  new aws.cloudwatch.EventTarget(
    `${name}NewsTarget`,
    { rule: rule.name, arn: listener.arn, ...handingOver(hears) },
    { dependsOn: [permission] },
  );
  return rule;
}

/** Hands this region's own alarms to the other regions' buses; what came from there goes no further. */
function tellOthers(peers: readonly string[]) {
  const buses = peers.map((peer) => ({
    peer,
    arn: $interpolate`arn:aws:events:${peer}:${accountId}:event-bus/default`,
  }));
  const tells = (name: string, of: keyof typeof ageMaxOf, what: string) => {
    const pattern = { ...alarmPattern(...statesOf[of]), region: [stage.region] };
    return { name, of, rule: createRule(name, `This region's ${what}, for the other regions`, pattern) };
  };
  const told = [
    tells("NewsAbroad", "beginning", "alarms"),
    tells("EndsAbroad", "end", "alarms that are over"),
  ];
  const rules = told.map(({ rule }) => rule);
  const role = new aws.iam.Role("NewsAbroadRole", {
    assumeRolePolicy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
          actions: ["sts:AssumeRole"],
          conditions: [
            { test: "ArnEquals", variable: "aws:SourceArn", values: rules.map((rule) => rule.arn) },
          ],
        },
      ],
    }).json,
    inlinePolicies: [
      {
        name: "inline",
        policy: aws.iam.getPolicyDocumentOutput({
          statements: [{ actions: ["events:PutEvents"], resources: buses.map(({ arn }) => arn) }],
        }).json,
      },
    ],
  });
  for (const { name, of, rule } of told) {
    for (const { peer, arn } of buses) {
      const target = { rule: rule.name, arn, roleArn: role.arn, ...handingOver(of) };
      new aws.cloudwatch.EventTarget(`${name}-${peer}`, target);
    }
  }
  return rules;
}

const failing = createListener({
  name: "Failover",
  description: "Hears alarms that are raised, and does what is to be done about a drain",
  topic: failoverTopic,
  hears: "beginning",
});
const recovering = createListener({
  name: "Recovery",
  description: "Hears alarms that are over, and does what is to be done about the end of a drain",
  topic: recoveryTopic,
  hears: "end",
});

const peers = stage.regions.map(({ name }) => name).filter((name) => name !== stage.region);
const abroad = peers.length === 0 ? [] : tellOthers(peers);
acceptUndelivered([failing.rule, recovering.rule, ...abroad]);

export const failover = failing.listener;
export const recovery = recovering.listener;
