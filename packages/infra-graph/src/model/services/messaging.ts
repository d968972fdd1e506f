import { namedOutputs, type ResourceModels } from "../model.ts";

/** SNS, SQS and Kinesis. */
export const messagingModels: ResourceModels = {
  "aws:sns/topic:Topic": {
    outputs: namedOutputs("sns", (name) => name, { id: "arn" }),
    inputs: ["name", "fifoTopic", "kmsMasterKeyId", "tags"],
    policies: { policy: "statements" },
    read: (id) => ({ name: id.split(":").at(-1) ?? id }),
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    outputs: (context) => {
      const arn = `${context.given("topic") ?? ""}:${context.digest(12)}`;
      return { id: arn, arn };
    },
    inputs: [
      "topic",
      "protocol",
      "endpoint",
      "filterPolicy",
      "filterPolicyScope",
      "rawMessageDelivery",
      "redrivePolicy",
    ],
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    outputs: (context) => ({ id: context.given("arn") ?? context.name }),
    inputs: ["arn"],
    policies: { policy: "statements" },
  },
  "aws:sqs/queue:Queue": {
    outputs: (context) => {
      const name = context.auto("name");
      const url = `https://sqs.${context.region}.amazonaws.com/${context.account}/${name}`;
      return { id: url, url, name, arn: context.arn("sqs", name) };
    },
    inputs: [
      "name",
      "fifoQueue",
      "delaySeconds",
      "visibilityTimeoutSeconds",
      "messageRetentionSeconds",
      "redrivePolicy",
      "kmsMasterKeyId",
      "sqsManagedSseEnabled",
      "tags",
    ],
    policies: { policy: "statements" },
    wiring: ["url"],
    read: (id) => ({ name: id.split("/").at(-1) ?? id }),
  },
  "aws:sqs/queuePolicy:QueuePolicy": {
    outputs: (context) => ({ id: context.given("queueUrl") ?? context.name }),
    inputs: ["queueUrl"],
    policies: { policy: "statements" },
  },
  "aws:kinesis/stream:Stream": {
    outputs: namedOutputs("kinesis", (name) => `stream/${name}`, { id: "arn" }),
    inputs: [
      "name",
      "retentionPeriod",
      "shardCount",
      "streamModeDetails",
      "encryptionType",
      "kmsKeyId",
      "tags",
    ],
  },
};
