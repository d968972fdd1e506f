import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import { describe, expect, test } from "vitest";
import { type FakeAwsAnswers, useFakeAws, xmlAnswer } from "../testing/use-fake-aws.ts";
import { createAnnounce, createTellFunctions } from "./announce.ts";

const { options, requests } = useFakeAws();

describe("announcements", () => {
  const topicArn = "arn:aws:sns:us-east-1:111122223333:people";
  const published = xmlAnswer(
    `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`,
  );
  const announce = async (answer: FakeAwsAnswers) => {
    const given = await options(answer);
    return createAnnounce({ sns: new SNSClient(given), events: new EventBridgeClient(given), topicArn });
  };

  test("go to people as one message", async () => {
    const { tellPeople } = await announce(() => published);
    expect(await tellPeople({ subject: "s".repeat(200), text: "eu-west-1 is drained" })).toMatchObject({
      ok: true,
    });
    const sent = new URLSearchParams(requests()[0]?.body);
    expect([sent.get("TopicArn"), sent.get("Subject")?.length, sent.get("Message")]).toEqual([
      topicArn,
      100,
      "eu-west-1 is drained",
    ]);
  });

  test("go to systems as an event, of which a refused entry is a failure", async () => {
    const json = (body: object) => ({
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify(body),
    });
    const event = { detailType: "Region Drained", detail: { of: "eu-west-1" } } as const;
    const { tellSystems } = await announce(() => json({ FailedEntryCount: 0, Entries: [{ EventId: "1" }] }));
    expect(await tellSystems(event)).toMatchObject({ ok: true });
    expect(JSON.parse(requests()[0]?.body ?? "").Entries).toEqual([
      { Source: "antipode", DetailType: "Region Drained", Detail: '{"of":"eu-west-1"}' },
    ]);
    const refusing = await announce(() =>
      json({
        FailedEntryCount: 1,
        Entries: [{ ErrorCode: "ThrottlingException", ErrorMessage: "slow down" }],
      }),
    );
    expect(await refusing.tellSystems(event)).toEqual({ ok: false, error: "ThrottlingException: slow down" });
  });

  test("to the own functions go to the topic of their kind", async () => {
    const tell = createTellFunctions({
      sns: new SNSClient(await options(() => published)),
      topicArns: { failover: `${topicArn}-f`, recovery: `${topicArn}-r` },
    });
    const news = { type: "region-restored", of: "eu-west-1", drainId: "x" } as const;
    expect(await tell("recovery", news)).toMatchObject({ ok: true });
    const sent = new URLSearchParams(requests()[0]?.body);
    expect([sent.get("TopicArn"), JSON.parse(sent.get("Message") ?? "")]).toEqual([`${topicArn}-r`, news]);
    const cut = createTellFunctions({
      sns: new SNSClient(await options(() => "hang-up")),
      topicArns: { failover: topicArn, recovery: topicArn },
    });
    expect(await cut("failover", news)).toMatchObject({ ok: false });
  });
});
