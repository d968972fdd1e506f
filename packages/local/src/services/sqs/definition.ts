import type { ResourceStatement } from "../iam/resource-policy.ts";

export interface QueueDefinition {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly visibilityTimeoutMs: number;
  readonly retentionMs: number;
  /** Until a message can first be received. */
  readonly delayMs: number;
  /** How long a receiver waits that does not say it itself. */
  readonly receiveWaitMs: number;
  readonly messageBytesMax: number;
  /** Where a message goes that was received that often and never deleted. */
  readonly redrive?: { readonly deadLetterArn: string; readonly receivesMax: number };
  /** Which services may send. Roles of the account need none: their own statements decide. */
  readonly policy: readonly ResourceStatement[];
  /** The key that messages would be encrypted with: who sends or receives needs it. */
  readonly keyArn?: string;
}

export interface QueueAttribute {
  /** `String`, `Number` or `Binary`, with a custom label behind a dot perhaps. */
  readonly dataType: string;
  /** A binary value in base64. */
  readonly value: string;
}

/** What somebody sends. */
export interface QueueMessage {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, QueueAttribute>>;
  readonly delayMs?: number;
}
