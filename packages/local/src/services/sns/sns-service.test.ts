import { PublishBatchCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRandom } from "../../links/random.ts";
import { type CallerFront, startCallerFront } from "../front/testing/caller-front.ts";
import type { Statement } from "../iam/statement.ts";
import { account } from "../service.ts";
import { createSnsService } from "./sns-service.ts";
import { createTopics, type Topics } from "./topics.ts";

const region = "eu-west-1";
const TopicArn = `arn:aws:sns:${region}:${account}:Failover`;
const keyArn = `arn:aws:kms:${region}:${account}:key/k`;

let topics: Topics;
let front: CallerFront;
let client: SNSClient;

beforeEach(async () => {
  topics = createTopics({
    deliveries: { start: () => {} },
    destinations: { toFunction: async () => undefined, toQueue: async () => undefined },
    clock: { now: () => 0 },
    random: createRandom(1),
  });
  topics.create({ arn: TopicArn, name: "Failover", region, policy: [], keyArn });
  front = await startCallerFront(region, createSnsService(topics));
  client = new SNSClient(front.client);
});

afterEach(async () => {
  client.destroy();
  await front.close();
  expect(front.bugs).toEqual([]);
});

const publish = (input: Partial<PublishCommand["input"]> = {}) =>
  client.send(new PublishCommand({ TopicArn, Message: "hello", ...input }));

describe("publishing by the SDK", () => {
  it("takes a message with subject and attributes, whatever characters it has", async () => {
    const Message = '{"a":"<b> & ü +=%","n":1}\n';
    const { MessageId } = await publish({
      Message,
      Subject: "ALARM: “errors” & more",
      MessageAttributes: {
        kind: { DataType: "String", StringValue: "a b&c" },
        count: { DataType: "Number", StringValue: "7" },
        bytes: { DataType: "Binary", BinaryValue: Buffer.from([1, 2]) },
      },
    });
    expect(topics.kept(TopicArn)).toEqual([
      {
        id: MessageId,
        topicArn: TopicArn,
        atMs: 0,
        message: Message,
        subject: "ALARM: “errors” & more",
        attributes: {
          kind: { dataType: "String", value: "a b&c" },
          count: { dataType: "Number", value: "7" },
          bytes: { dataType: "Binary", value: "AQI=" },
        },
      },
    ]);
  });

  it("takes another text for each protocol", async () => {
    const texts = { default: "short", lambda: "{}" };
    await publish({ Message: JSON.stringify(texts), MessageStructure: "json" });
    expect(topics.kept(TopicArn)).toMatchObject([{ message: "short", messageByProtocol: texts }]);
  });

  it.each<[Partial<PublishCommand["input"]>, string, RegExp]>([
    [{ TopicArn: `${TopicArn}2` }, "NotFoundException", /Topic does not exist/],
    [{ TopicArn: `arn:aws:sns:us-east-1:${account}:Failover` }, "InvalidParameterException", /TopicArn/],
    [{ TopicArn: "Failover" }, "InvalidParameterException", /TopicArn/],
    [{ TopicArn: undefined }, "InvalidParameterException", /no value for required parameter/],
    [{ Message: "" }, "InvalidParameterException", /Empty message/],
    [{ Message: "x".repeat(262_145) }, "InvalidParameterException", /Message too long/],
    [{ Subject: "two\nlines" }, "InvalidParameterException", /Subject/],
    [{ Subject: "x".repeat(101) }, "InvalidParameterException", /Subject/],
    [{ Message: "{}", MessageStructure: "json" }, "InvalidParameterException", /No default entry/],
    [{ Message: "[", MessageStructure: "json" }, "InvalidParameterException", /failed to parse/],
    [
      { MessageAttributes: { a: { DataType: "Text", StringValue: "x" } } },
      "InvalidParameterValueException",
      /type 'Text'/,
    ],
    [
      { MessageAttributes: { a: { DataType: "Number", StringValue: "x" } } },
      "InvalidParameterValueException",
      /no number/,
    ],
  ])("refuses %j with %s", async (input, name, message) => {
    await expect(publish(input)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
    expect(topics.kept(TopicArn)).toEqual([]);
  });

  it("takes a batch, and says which entry failed", async () => {
    const answer = await client.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: "one", Message: "1" },
          { Id: "two", Message: "2", Subject: "a\nb" },
          { Id: "three", Message: "3" },
        ],
      }),
    );
    const [first, third] = topics.kept(TopicArn);
    expect([first?.message, third?.message]).toEqual(["1", "3"]);
    expect(answer.Successful).toEqual([
      { Id: "one", MessageId: first?.id },
      { Id: "three", MessageId: third?.id },
    ]);
    expect(answer.Failed).toEqual([
      { Id: "two", Code: "InvalidParameter", Message: "Invalid parameter: Subject", SenderFault: true },
    ]);
  });

  const entries = (count: number, more: object = {}) =>
    Array.from({ length: count }, (_, index) => ({ Id: `i${index}`, Message: "m", ...more }));

  it.each<[string, { Id: string; Message: string }[]]>([
    ["EmptyBatchRequestException", []],
    ["TooManyEntriesInBatchRequestException", entries(11)],
    ["InvalidBatchEntryIdException", entries(1, { Id: "a b" })],
    ["BatchEntryIdsNotDistinctException", entries(2, { Id: "same" })],
    ["BatchRequestTooLongException", entries(2, { Message: "x".repeat(150_000) })],
  ])("refuses a batch whole: %s", async (name, PublishBatchRequestEntries) => {
    await expect(
      client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries })),
    ).rejects.toMatchObject({ name });
    expect(topics.kept(TopicArn)).toEqual([]);
  });

  it("does nothing else, and says so", async () => {
    await expect(
      client.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "a@b.example" })),
    ).rejects.toMatchObject({
      name: "InvalidAction",
      message: expect.stringContaining("implement Subscribe"),
    });
  });
});

describe("who publishes", () => {
  const may = (actions: string[], resource: string): Statement => ({
    effect: "Allow",
    actions,
    resources: [resource],
  });
  const key = may(["kms:GenerateDataKey", "kms:Decrypt"], keyArn);

  it("needs the right to, and the topic's key", async () => {
    front.allowOnly(key);
    await expect(publish()).rejects.toMatchObject({
      name: "AuthorizationErrorException",
      message: expect.stringContaining(`sns:Publish on resource: ${TopicArn}`),
    });
    front.allowOnly(may(["sns:Publish"], TopicArn));
    await expect(publish()).rejects.toMatchObject({
      message: expect.stringContaining("kms:GenerateDataKey on resource"),
    });
    front.allowOnly(may(["sns:Publish"], TopicArn), key);
    await expect(publish()).resolves.toHaveProperty("MessageId");
  });
});
