import { expect, it } from "vitest";
import { describeMessages } from "./messages.ts";

const plan = { app: "antipode", environment: "prod" };
const topic = (region: string, name: string) => ({
  arn: `arn:aws:sns:${region}:111122223333:antipode-prod-${region}-${name}`,
  name: `antipode-prod-${region}-${name}`,
  region,
  policy: [],
});

it("messages for people are those that no function or queue gets, in the order of their time", () => {
  const people = topic("us-east-1", "Alarms");
  const others = topic("eu-west-1", "Alarms");
  const functions = topic("eu-west-1", "Failover");
  const at = (atMs: number, topicArn: string, message: string, subject?: string) => [
    { id: message, topicArn, atMs, message, ...(subject === undefined ? {} : { subject }) },
  ];
  const kept = {
    [people.arn]: at(2_000, people.arn, "second", "ALARM"),
    [others.arn]: at(1_000, others.arn, "first"),
    [functions.arn]: at(0, functions.arn, "{}"),
  };
  const messages = describeMessages(plan, {
    list: () => [
      { topic: people, subscriptions: 0 },
      { topic: functions, subscriptions: 1 },
      { topic: others, subscriptions: 0 },
    ],
    kept: (arn) => kept[arn] ?? [],
  });
  expect(messages).toEqual([
    { region: "eu-west-1", topic: "Alarms", at: "1970-01-01T00:00:01.000Z", message: "first" },
    {
      region: "us-east-1",
      topic: "Alarms",
      at: "1970-01-01T00:00:02.000Z",
      subject: "ALARM",
      message: "second",
    },
  ]);
});
