import type { GivenUp } from "../delivery/delivery.ts";
import type { QueueMessage } from "../sqs/definition.ts";
import type { BusEvent, RuleDefinition, TargetDefinition } from "./definition.ts";

/** What a dead-letter queue gets: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
export function deadLetter(
  rule: RuleDefinition,
  target: TargetDefinition,
  event: BusEvent,
  { failure, retries, exhausted }: GivenUp,
): QueueMessage {
  const texts = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
    RETRY_ATTEMPTS: String(retries),
  };
  return {
    body: JSON.stringify(event),
    attributes: Object.fromEntries(
      Object.entries(texts).map(([name, value]) => [name, { dataType: "String", value }]),
    ),
  };
}
