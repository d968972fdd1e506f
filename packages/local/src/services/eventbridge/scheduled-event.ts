import { account } from "../service.ts";
import { eventTime } from "./event-time.ts";

export interface ScheduledEventOptions {
  readonly id: string;
  readonly ruleArn: string;
  readonly region: string;
  /** When the rule fired, by the region's clock, ms since 1970. */
  readonly atMs: number;
}

/**
 * What EventBridge sends when a rule's time has come, JSON text:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
 */
export function scheduledEvent({ id, ruleArn, region, atMs }: ScheduledEventOptions): string {
  return JSON.stringify({
    version: "0",
    id,
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account,
    time: eventTime(atMs),
    region,
    resources: [ruleArn],
    detail: {},
  });
}
