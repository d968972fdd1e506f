/**
 * Where a region says what goes wrong. People subscribe to `Alarms`, and are told there what a person must do something
 * about. `Failover` and `Recovery` tell this region's functions of the alarms by which regions vote, and of drains.
 */
import { accountId, stage, stageName } from "./stage.ts";

/** CloudWatch publishes to an encrypted topic only through a key that lets it. */
const key = new aws.kms.Key("AlarmsKey", {
  description: `Antipode ${stage.environment}: alarms in ${stage.region}`,
  enableKeyRotation: true,
  deletionWindowInDays: 7,
  policy: aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        sid: "Administer",
        principals: [{ type: "AWS", identifiers: [$interpolate`arn:aws:iam::${accountId}:root`] }],
        actions: ["kms:*"],
        resources: ["*"],
      },
      {
        sid: "PublishAlarms",
        principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
        actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
        resources: ["*"],
        conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [accountId] }],
      },
    ],
  }).json,
});

function createTopic(name: string) {
  const topic = new aws.sns.Topic(name, { name: stageName(name), kmsMasterKeyId: key.arn });
  new aws.sns.TopicPolicy(`${name}Policy`, {
    arn: topic.arn,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          sid: "PublishAlarms",
          principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
          actions: ["sns:Publish"],
          resources: [topic.arn],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [accountId] }],
        },
      ],
    }).json,
  });
  return topic;
}

/** A function's rights to publish: the topics, and the key that they are encrypted by. */
export const publishTo = (...topics: aws.sns.Topic[]) => [
  { actions: ["sns:Publish"], resources: topics.map(({ arn }) => arn) },
  { actions: ["kms:GenerateDataKey", "kms:Decrypt"], resources: [key.arn] },
];

export const alarmsTopic = createTopic("Alarms");
export const failoverTopic = createTopic("Failover");
export const recoveryTopic = createTopic("Recovery");

/** For functions that tell people. */
export const peopleLink = new sst.Linkable("People", { properties: { topicArn: alarmsTopic.arn } });

/** For the function that tells the others of drains. */
export const drainNewsLink = new sst.Linkable("DrainNews", {
  properties: { failover: failoverTopic.arn, recovery: recoveryTopic.arn },
});
