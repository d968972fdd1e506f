import type { AlarmState } from "@antipode/core";
import * as z from "zod";

/** One change of an alarm, as CloudWatch tells it. */
export interface AlarmChange {
  readonly alarmName: string;
  /** Where the alarm was raised. */
  readonly alarmRegion: string;
  readonly state: AlarmState;
  /** By CloudWatch's clock. */
  readonly changedAtMs: number;
  readonly reason: string;
}

export type News =
  | { readonly type: "alarm"; readonly change: AlarmChange }
  /** A message in JSON that no alarm has sent. */
  | { readonly type: "message"; readonly body: unknown }
  | { readonly type: "not-understood"; readonly reason: string };

const states = z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]);

const arnPattern = /^arn:aws[a-z-]*:cloudwatch:([a-z0-9-]+):[0-9]{12}:alarm:(.+)$/;

/** `2019-10-02T17:04:40.985+0000`: CloudWatch leaves out the colon that ISO 8601 has in an offset. */
const timePattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?:Z|([+-]\d{2}):?(\d{2}))$/;

function timeToMs(text: string): number | undefined {
  const [, local, hours = "+00", minutes = "00"] = timePattern.exec(text) ?? [];
  const ms = local === undefined ? Number.NaN : Date.parse(`${local}${hours}:${minutes}`);
  return Number.isSafeInteger(ms) && ms >= 0 ? ms : undefined;
}

/** What CloudWatch writes when datapoints that nobody sent have raised an alarm: "2 missing datapoints were treated as [Breaching]". */
const missingPattern = /no datapoints were received|treated as \[breaching\]/i;

function stateOf(value: z.infer<typeof states>, reason: string): AlarmState {
  if (value !== "ALARM") {
    return "ok"; // who has no data to go by raises nothing
  }
  return missingPattern.test(reason) ? "missing" : "alarm";
}

interface RawChange {
  readonly arn: string;
  readonly value: z.infer<typeof states>;
  readonly reason: string;
  readonly at: string;
}

function toNews({ arn, value, reason, at }: RawChange): News {
  const [, alarmRegion, alarmName] = arnPattern.exec(arn) ?? [];
  const changedAtMs = timeToMs(at);
  if (alarmRegion === undefined || alarmName === undefined) {
    return { type: "not-understood", reason: `not an alarm's ARN: ${arn.slice(0, 200)}` };
  }
  return changedAtMs === undefined
    ? { type: "not-understood", reason: `not a time: ${at.slice(0, 200)}` }
    : {
        type: "alarm",
        change: { alarmName, alarmRegion, state: stateOf(value, reason), changedAtMs, reason },
      };
}

const text = z.string().catch("");

/** What an alarm's action publishes. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html */
const alarmMessage = z.object({
  AlarmArn: z.string(),
  NewStateValue: states,
  NewStateReason: text,
  StateChangeTime: z.string(),
});

function messageToNews(message: string): News {
  let body: unknown;
  try {
    body = JSON.parse(message);
  } catch {
    return { type: "not-understood", reason: "a message that is not JSON" };
  }
  if (typeof body !== "object" || body === null || !("NewStateValue" in body)) {
    return { type: "message", body };
  }
  const read = alarmMessage.safeParse(body);
  return read.success
    ? toNews({
        arn: read.data.AlarmArn,
        value: read.data.NewStateValue,
        reason: read.data.NewStateReason,
        at: read.data.StateChangeTime,
      })
    : { type: "not-understood", reason: issueOf(read.error) };
}

function issueOf({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
}

const snsEvent = z.object({ Records: z.array(z.object({ Sns: z.object({ Message: z.string() }) })).min(1) });

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
const stateChangeEvent = z.object({
  source: z.literal("aws.cloudwatch"),
  "detail-type": z.literal("CloudWatch Alarm State Change"),
  resources: z.tuple([z.string()]),
  detail: z.object({ state: z.object({ value: states, reason: text, timestamp: z.string() }) }),
});

/**
 * What an invocation tells, by SNS or by EventBridge. Who may invoke is settled before: by the function's permissions, the
 * topics' policies, and the rules' patterns. Strict in what is used, and blind to the rest.
 */
export function readNews(event: unknown): readonly News[] {
  if (typeof event === "object" && event !== null && "Records" in event) {
    const read = snsEvent.safeParse(event);
    return read.success
      ? read.data.Records.map(({ Sns }) => messageToNews(Sns.Message))
      : [{ type: "not-understood", reason: issueOf(read.error) }];
  }
  const read = stateChangeEvent.safeParse(event);
  if (!read.success) {
    return [{ type: "not-understood", reason: issueOf(read.error) }];
  }
  const { resources, detail } = read.data;
  const { value, reason, timestamp } = detail.state;
  return [toNews({ arn: resources[0], value, reason, at: timestamp })];
}
