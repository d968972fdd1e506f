/**
 * Where news ends that could not be handed over, or that a function failed to hear. Encrypted with SQS's own key, which
 * needs no rights of those who send; only this region's rules and topics may, and the functions that are listed in
 * failover.ts.
 */
import { stageName } from "./stage.ts";
import { failoverTopic, recoveryTopic } from "./topics.ts";

export const undeliveredNews = new aws.sqs.Queue("UndeliveredNews", {
  name: stageName("UndeliveredNews"),
  sqsManagedSseEnabled: true,
  messageRetentionSeconds: 14 * 86_400, // the longest that SQS keeps anything
});

/** Called once, with the rules whose targets have this queue. */
export function acceptUndelivered(rules: readonly aws.cloudwatch.EventRule[]): void {
  const send = (sid: string, service: string, sources: $util.Input<string>[]) => ({
    sid,
    principals: [{ type: "Service", identifiers: [service] }],
    actions: ["sqs:SendMessage"],
    resources: [undeliveredNews.arn],
    conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: sources }],
  });
  new aws.sqs.QueuePolicy("UndeliveredNewsPolicy", {
    queueUrl: undeliveredNews.url,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        send(
          "FromRules",
          "events.amazonaws.com",
          rules.map(({ arn }) => arn),
        ),
        send("FromTopics", "sns.amazonaws.com", [failoverTopic.arn, recoveryTopic.arn]),
      ],
    }).json,
  });
}
