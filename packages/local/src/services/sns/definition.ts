import type { ResourceStatement } from "../iam/resource-policy.ts";

export interface TopicDefinition {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  /** Which services may publish. Roles of the account need none: their own statements decide. */
  readonly policy: readonly ResourceStatement[];
  /** The key that messages would be encrypted with: who publishes needs it. */
  readonly keyArn?: string;
}

export interface SubscriptionDefinition {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: "lambda" | "sqs";
  /** The ARN of the function or queue. */
  readonly endpoint: string;
  /** A queue then gets the message alone, without SNS's envelope. */
  readonly raw: boolean;
  /** The queue for what cannot be delivered. */
  readonly deadLetterArn?: string;
}

export interface MessageAttribute {
  /** `String`, `Number`, `Binary` or `String.Array`, with a custom label behind a dot perhaps. */
  readonly dataType: string;
  /** A binary value in base64. */
  readonly value: string;
}

/** What somebody publishes. */
export interface OutgoingMessage {
  readonly message: string;
  readonly subject?: string;
  /** Other texts than `message` by protocol. */
  readonly messageByProtocol?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
}

/** A message that a topic took. */
export interface TopicMessage extends OutgoingMessage {
  readonly id: string;
  readonly topicArn: string;
  /** By the region's clock, ms since 1970. */
  readonly atMs: number;
}
