/** What each operation of SQS's API does with a queue. */
import * as z from "zod";
import { AwsError, account } from "../service.ts";
import { attributesMd5, attributesOf, attributesShape, md5, messageMember } from "./message-form.ts";
import type { Queue } from "./queue.ts";
import { queueAttributes } from "./queue-attributes.ts";

const delaySeconds = z.number().int().min(0).max(900).optional();
const visibilitySeconds = z.number().int().min(0).max(43_200);
const names = z.array(z.string()).default([]);

const sendShape = z.object({
  MessageBody: z.string().min(1),
  DelaySeconds: delaySeconds,
  MessageAttributes: attributesShape.optional(),
});
const receiveShape = z.object({
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
  VisibilityTimeout: visibilitySeconds.optional(),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});
const receiptShape = z.object({ ReceiptHandle: z.string() });
const visibilityShape = receiptShape.extend({ VisibilityTimeout: visibilitySeconds });
const attributesAsked = z.object({ AttributeNames: names });

function parse<Shape extends z.ZodType>(shape: Shape, input: unknown): z.infer<Shape> {
  const parsed = shape.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const message = `Value for parameter ${issue?.path.join(".")} is invalid. Reason: ${issue?.message}.`;
  throw new AwsError("InvalidParameterValue", message);
}

function send(queue: Queue, input: unknown) {
  const { MessageBody: body, DelaySeconds, MessageAttributes } = parse(sendShape, input);
  const attributes = attributesOf(MessageAttributes);
  const bytes = Buffer.byteLength(body + JSON.stringify(attributes ?? ""));
  const { messageBytesMax } = queue.definition;
  if (bytes - 2 > messageBytesMax) {
    const message = `One or more parameters are invalid. Reason: Message must be shorter than ${messageBytesMax} bytes.`;
    throw new AwsError("InvalidParameterValue", message);
  }
  const { id } = queue.send({
    body,
    ...(attributes === undefined ? {} : { attributes }),
    ...(DelaySeconds === undefined ? {} : { delayMs: DelaySeconds * 1_000 }),
  });
  return {
    MessageId: id,
    MD5OfMessageBody: md5(body),
    ...(attributes === undefined ? {} : { MD5OfMessageAttributes: attributesMd5(attributes) }),
  };
}

async function receive(queue: Queue, input: unknown) {
  const asked = parse(receiveShape, input);
  const { visibilityTimeoutMs, receiveWaitMs } = queue.definition;
  const seconds = (given: number | undefined, otherwiseMs: number) =>
    given === undefined ? otherwiseMs : given * 1_000;
  const received = await queue.receive({
    messagesMax: asked.MaxNumberOfMessages,
    waitMs: seconds(asked.WaitTimeSeconds, receiveWaitMs),
    visibilityTimeoutMs: seconds(asked.VisibilityTimeout, visibilityTimeoutMs),
  });
  const wanted = {
    system: [...asked.AttributeNames, ...asked.MessageSystemAttributeNames],
    message: asked.MessageAttributeNames,
  };
  return received.length === 0
    ? {}
    : { Messages: received.map((message) => messageMember(message, wanted, account)) };
}

function remove(queue: Queue, input: unknown) {
  const { ReceiptHandle } = parse(receiptShape, input);
  queue.delete(checked(ReceiptHandle));
  return {};
}

function changeVisibility(queue: Queue, input: unknown) {
  const { ReceiptHandle, VisibilityTimeout } = parse(visibilityShape, input);
  if (queue.changeVisibility(checked(ReceiptHandle), VisibilityTimeout * 1_000)) return {};
  throw new AwsError(
    "MessageNotInflight",
    "The specified message isn't in flight or has been deleted: its visibility timeout cannot be changed.",
  );
}

function checked(receipt: string): string {
  if (/^[0-9a-f-]{36} [0-9a-f-]{36}$/.test(Buffer.from(receipt, "base64").toString())) return receipt;
  throw new AwsError(
    "ReceiptHandleIsInvalid",
    `The input receipt handle "${receipt}" is not a valid receipt handle.`,
  );
}

const entryShape = z.looseObject({ Id: z.string() });
const entriesMax = 10;

/** The same operation for each entry: what some are refused for does not keep the others. */
function batched(one: (queue: Queue, input: unknown) => object, bytesLimited = false) {
  return (queue: Queue, input: unknown) => {
    const { Entries } = parse(z.object({ Entries: z.array(entryShape).default([]) }), input);
    checkEntries(Entries);
    if (bytesLimited) checkBytes(queue, Entries);
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const entry of Entries) {
      try {
        Successful.push({ Id: entry.Id, ...one(queue, entry) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  };
}

function checkEntries(entries: readonly { readonly Id: string }[]): void {
  const refuse = (code: string, message: string) => new AwsError(code, message);
  if (entries.length === 0)
    throw refuse("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > entriesMax)
    throw refuse("TooManyEntriesInBatchRequest", `Maximum number of entries per request are ${entriesMax}.`);
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id)))
    throw refuse(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores.",
    );
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw refuse("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
}

function checkBytes(queue: Queue, entries: readonly Readonly<Record<string, unknown>>[]): void {
  const bytes = entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(String(MessageBody)), 0);
  if (bytes > queue.definition.messageBytesMax)
    throw new AwsError(
      "BatchRequestTooLong",
      "The length of all the messages put together is more than the limit.",
    );
}

export interface Operation {
  /** The right that it needs, when it is not its own name. */
  readonly action: string;
  readonly run: (queue: Queue, input: unknown) => object | Promise<object>;
}

const operation = (action: string, run: Operation["run"]): Operation => ({ action, run });

export const operations: Readonly<Record<string, Operation>> = {
  SendMessage: operation("SendMessage", send),
  SendMessageBatch: operation("SendMessage", batched(send, true)),
  ReceiveMessage: operation("ReceiveMessage", receive),
  DeleteMessage: operation("DeleteMessage", remove),
  DeleteMessageBatch: operation("DeleteMessage", batched(remove)),
  ChangeMessageVisibility: operation("ChangeMessageVisibility", changeVisibility),
  ChangeMessageVisibilityBatch: operation("ChangeMessageVisibility", batched(changeVisibility)),
  GetQueueAttributes: operation("GetQueueAttributes", (queue, input) => ({
    Attributes: queueAttributes(queue, parse(attributesAsked, input).AttributeNames),
  })),
  PurgeQueue: operation("PurgeQueue", (queue) => {
    queue.purge();
    return {};
  }),
};
