import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRandom } from "../../links/random.ts";
import { createVirtualTime, type VirtualTime } from "../../testing-time/virtual-time.ts";
import { type CallerFront, startCallerFront } from "../front/testing/caller-front.ts";
import type { Statement } from "../iam/statement.ts";
import { account } from "../service.ts";
import { createQueues } from "./queues.ts";
import { createSqsService } from "./sqs-service.ts";

const region = "eu-west-1";
const arn = `arn:aws:sqs:${region}:${account}:Undelivered`;
const keyArn = `arn:aws:kms:${region}:${account}:key/k`;
const deadLetterArn = `arn:aws:sqs:${region}:${account}:Dead`;

let time: VirtualTime;
let front: CallerFront;
let client: SQSClient;
let QueueUrl: string;

beforeEach(async () => {
  time = createVirtualTime();
  const queues = createQueues({ scheduler: time, clock: time, random: createRandom(1) });
  queues.create({
    arn,
    name: "Undelivered",
    region,
    visibilityTimeoutMs: 30_000,
    retentionMs: 1_209_600_000,
    delayMs: 0,
    receiveWaitMs: 0,
    messageBytesMax: 1_000,
    redrive: { deadLetterArn, receivesMax: 3 },
    policy: [],
    keyArn,
  });
  front = await startCallerFront(region, createSqsService(queues));
  vi.stubEnv("AWS_ENDPOINT_URL", front.url);
  client = new SQSClient(front.client);
  QueueUrl = (await client.send(new GetQueueUrlCommand({ QueueName: "Undelivered" }))).QueueUrl ?? "";
});

afterEach(async () => {
  vi.unstubAllEnvs();
  client.destroy();
  await front.close();
  expect(front.bugs).toEqual([]);
});

const send = (MessageBody: string, more: object = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = (more: object = {}) => client.send(new ReceiveMessageCommand({ QueueUrl, ...more }));

describe("a queue by the SDK", () => {
  it("is found by its name, and is where the SDK looks for it", async () => {
    expect(QueueUrl).toBe(`${front.url}/${account}/Undelivered`);
    expect((await client.send(new ListQueuesCommand({}))).QueueUrls).toEqual([QueueUrl]);
    await expect(client.send(new GetQueueUrlCommand({ QueueName: "Other" }))).rejects.toMatchObject({
      name: "QueueDoesNotExist",
    });
  });

  it("gives a message with what is asked of its attributes, until it is deleted", async () => {
    const { MessageId, MD5OfMessageAttributes } = await send("hällo", {
      MessageAttributes: {
        RULE_ARN: { DataType: "String", StringValue: "arn:r" },
        bytes: { DataType: "Binary", BinaryValue: Buffer.from([1, 2]) },
      },
    });
    const { Messages = [] } = await receive({
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
      VisibilityTimeout: 1,
    });
    expect(Messages).toEqual([
      {
        MessageId,
        ReceiptHandle: expect.any(String),
        Body: "hällo",
        MD5OfBody: expect.any(String),
        MD5OfMessageAttributes,
        Attributes: { ApproximateReceiveCount: "1", SentTimestamp: String(time.now()) },
        MessageAttributes: {
          RULE_ARN: { DataType: "String", StringValue: "arn:r" },
          bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) },
        },
      },
    ]);
    await time.advance(1_000);
    const again = await receive({ MessageAttributeNames: ["OTHER.*"] });
    expect(again.Messages).toHaveLength(1);
    expect(again.Messages?.[0]).not.toHaveProperty("MessageAttributes");
    const ReceiptHandle = again.Messages?.[0]?.ReceiptHandle;
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 5 }));
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    await time.advance(60_000);
    expect((await receive()).Messages).toBeUndefined();
  });

  it("waits for a message", async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await vi.waitFor(() => expect(time.scheduled()).toBeGreaterThan(0));
    await send("late");
    expect((await waiting).Messages).toMatchObject([{ Body: "late" }]);
  });

  it("takes and deletes batches, and says which entry failed", async () => {
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "one", MessageBody: "1" },
          { Id: "two", MessageBody: "2", DelaySeconds: 901 },
        ],
      }),
    );
    expect(sent.Successful).toMatchObject([{ Id: "one" }]);
    expect(sent.Failed).toMatchObject([{ Id: "two", Code: "InvalidParameterValue", SenderFault: true }]);
    const { Messages = [] } = await receive({ MaxNumberOfMessages: 10 });
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", ReceiptHandle: Messages[0]?.ReceiptHandle },
          { Id: "b", ReceiptHandle: "nonsense" },
        ],
      }),
    );
    expect(deleted.Successful).toEqual([{ Id: "a" }]);
    expect(deleted.Failed).toMatchObject([{ Id: "b", Code: "ReceiptHandleIsInvalid" }]);
  });

  it("tells what it is and how full, and can be emptied", async () => {
    await send("1");
    await send("2", { DelaySeconds: 60 });
    const attributes = async (...AttributeNames: "All"[]) =>
      (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;
    expect(await attributes("All")).toEqual({
      QueueArn: arn,
      ApproximateNumberOfMessages: "1",
      ApproximateNumberOfMessagesNotVisible: "0",
      ApproximateNumberOfMessagesDelayed: "1",
      VisibilityTimeout: "30",
      MessageRetentionPeriod: "1209600",
      MaximumMessageSize: "1000",
      DelaySeconds: "0",
      ReceiveMessageWaitTimeSeconds: "0",
      KmsMasterKeyId: keyArn,
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount: 3 }),
    });
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await attributes("All")).toMatchObject({ ApproximateNumberOfMessages: "0" });
    await expect(attributes("Weight" as "All")).rejects.toMatchObject({ name: "InvalidAttributeName" });
  });

  it.each<[string, () => Promise<unknown>]>([
    ["InvalidParameterValue", () => send("x".repeat(1_001))],
    ["InvalidParameterValue", () => receive({ MaxNumberOfMessages: 11 })],
    ["InvalidParameterValue", () => receive({ WaitTimeSeconds: 21 })],
    ["QueueDoesNotExist", () => receive({ QueueUrl: `${QueueUrl}2` })],
    ["EmptyBatchRequest", () => client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] }))],
    ["ReceiptHandleIsInvalid", () => client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: "x" }))],
    ["UnsupportedOperation", () => client.send(new CreateQueueCommand({ QueueName: "New" }))],
  ])("refuses with %s", async (name, call) => {
    await expect(call()).rejects.toMatchObject({ name });
  });
});

describe("who asks", () => {
  const may = (actions: string[], resource: string): Statement => ({
    effect: "Allow",
    actions,
    resources: [resource],
  });

  it("needs the right to, and the queue's key", async () => {
    front.allowOnly(may(["kms:*"], keyArn), may(["sqs:ReceiveMessage"], arn));
    await expect(receive()).resolves.toBeDefined();
    await expect(send("x")).rejects.toMatchObject({
      message: expect.stringContaining(`sqs:SendMessage on resource: ${arn}`),
    });
    front.allowOnly(may(["kms:Decrypt"], keyArn), may(["sqs:SendMessage"], arn));
    await expect(send("x")).rejects.toMatchObject({
      message: expect.stringContaining(`kms:GenerateDataKey on resource: ${keyArn}`),
    });
  });
});
