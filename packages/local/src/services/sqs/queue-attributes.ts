import { AwsError } from "../service.ts";
import type { Queue } from "./queue.ts";

/** What a queue is and how full it is, as SQS says it. Throws `InvalidAttributeName`. */
export function queueAttributes(queue: Queue, names: readonly string[]): Readonly<Record<string, string>> {
  const { definition } = queue;
  const { visible, inFlight, delayed } = queue.counts();
  const { redrive, keyArn } = definition;
  const seconds = (ms: number) => String(ms / 1_000);
  const all: Record<string, string> = {
    QueueArn: definition.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: seconds(definition.visibilityTimeoutMs),
    MessageRetentionPeriod: seconds(definition.retentionMs),
    MaximumMessageSize: String(definition.messageBytesMax),
    DelaySeconds: seconds(definition.delayMs),
    ReceiveMessageWaitTimeSeconds: seconds(definition.receiveWaitMs),
    ...(keyArn === undefined ? {} : { KmsMasterKeyId: keyArn }),
    ...(redrive === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: redrive.deadLetterArn,
            maxReceiveCount: redrive.receivesMax,
          }),
        }),
  };
  if (names.includes("All")) return all;
  const optional = ["KmsMasterKeyId", "RedrivePolicy", "Policy"];
  const unknown = names.find((name) => !(name in all) && !optional.includes(name));
  if (unknown !== undefined) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
  return Object.fromEntries(names.flatMap((name) => (name in all ? [[name, all[name] ?? ""]] : [])));
}
