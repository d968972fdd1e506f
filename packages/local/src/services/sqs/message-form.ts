import { createHash } from "node:crypto";
import * as z from "zod";
import type { QueueAttribute } from "./definition.ts";
import type { ReceivedMessage } from "./queue.ts";

/** Message attributes as requests and answers have them. */
export const attributesShape = z.record(
  z.string(),
  z.object({
    DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/),
    StringValue: z.string().optional(),
    BinaryValue: z.string().optional(),
  }),
);

export function attributesOf(
  given: z.infer<typeof attributesShape> | undefined,
): Readonly<Record<string, QueueAttribute>> | undefined {
  const entries = Object.entries(given ?? {});
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([name, { DataType, StringValue, BinaryValue = "" }]) => [
      name,
      { dataType: DataType, value: StringValue ?? BinaryValue },
    ]),
  );
}

export const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
export function attributesMd5(attributes: Readonly<Record<string, QueueAttribute>>): string {
  const hash = createHash("md5");
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { dataType = "", value = "" } = attributes[name] ?? {};
    const isBinary = dataType.startsWith("Binary");
    part(Buffer.from(name));
    part(Buffer.from(dataType));
    hash.update(Buffer.from([isBinary ? 2 : 1]));
    part(Buffer.from(value, isBinary ? "base64" : "utf8"));
  }
  return hash.digest("hex");
}

export interface Wanted {
  readonly system: readonly string[];
  readonly message: readonly string[];
}

/** A message for its receiver, with those attributes that it asked for. */
export function messageMember(message: ReceivedMessage, wanted: Wanted, account: string) {
  const system = Object.entries({
    SenderId: account,
    SentTimestamp: String(message.sentAtMs),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs ?? message.sentAtMs),
  }).filter(([name]) => wanted.system.includes("All") || wanted.system.includes(name));
  const attributes = Object.fromEntries(
    Object.entries(message.attributes ?? {}).filter(([name]) => isWanted(name, wanted.message)),
  );
  const members = Object.entries(attributes).map(([name, { dataType, value }]) => {
    const member = dataType.startsWith("Binary") ? { BinaryValue: value } : { StringValue: value };
    return [name, { DataType: dataType, ...member }] as const;
  });
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(system.length > 0 ? { Attributes: Object.fromEntries(system) } : {}),
    ...(members.length > 0
      ? { MD5OfMessageAttributes: attributesMd5(attributes), MessageAttributes: Object.fromEntries(members) }
      : {}),
  };
}

/** By name, by a beginning (`order.*`), or all of them. */
function isWanted(name: string, wanted: readonly string[]): boolean {
  return wanted.some(
    (one) => one === "All" || one === name || (one.endsWith(".*") && name.startsWith(one.slice(0, -2))),
  );
}
