import { describe, expect, test } from "vitest";
import { alarmMessage, busEvent, topicAlarm, topicEvent } from "../testing/alarm-events.ts";
import { readNews } from "./alarm-news.ts";

const at = Date.UTC(2026, 9, 2, 17, 4, 40, 985);

describe("an alarm", () => {
  test("is one piece of news, whichever way it comes", () => {
    const news = {
      type: "alarm",
      change: {
        alarmName: "antipode-test-eu-west-1-ApiErrors",
        alarmRegion: "eu-west-1",
        state: "alarm",
        changedAtMs: at,
        reason: expect.stringContaining("2 out of the last 3 datapoints"),
      },
    };
    expect(readNews(topicAlarm())).toEqual([news]);
    expect(readNews(busEvent())).toEqual([news]);
    expect(readNews(topicAlarm())).toEqual(readNews(busEvent()));
  });

  test.each([
    ["OK", "Threshold Crossed: 1 datapoint [0.0] was not greater than the threshold (5.0).", "ok"],
    ["INSUFFICIENT_DATA", "Unchecked: Initial alarm creation", "ok"],
    [
      "ALARM",
      "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].",
      "missing",
    ],
    [
      "ALARM",
      "Threshold Crossed: 1 datapoint [12.5 (02/10/26 17:02:00)] was greater than the threshold (5.0) and 2 missing datapoints were treated as [Breaching].",
      "missing",
    ],
    ["ALARM", "Threshold Crossed: 2 datapoints were greater and 1 was treated as [NonBreaching].", "alarm"],
    ["ALARM", "", "alarm"],
  ] as const)("%s: %s is %s", (value, reason, state) => {
    for (const event of [topicAlarm({ value, reason }), busEvent({ value, reason })]) {
      expect(readNews(event)).toMatchObject([{ type: "alarm", change: { state, reason } }]);
    }
  });

  test.each([
    ["2026-10-02T17:04:40.985Z", at],
    ["2026-10-02T17:04:40.985+00:00", at],
    ["2026-10-02T18:34:40.985+0130", at],
    ["2026-10-02T17:04:40+0000", at - 985],
  ])("changed at %s", (text, changedAtMs) => {
    expect(readNews(busEvent({ at: text }))).toMatchObject([{ change: { changedAtMs } }]);
  });

  test("may lack whatever is not used", () => {
    const { AlarmArn, NewStateValue, StateChangeTime } = alarmMessage();
    const least = JSON.stringify({ AlarmArn, NewStateValue, StateChangeTime });
    expect(readNews(topicEvent(least))).toMatchObject([{ type: "alarm", change: { reason: "" } }]);
  });
});

test("records are told one by one, and other messages with what they say", () => {
  const body = { type: "region-drained", of: "eu-west-1", drainId: "1" };
  const event = topicEvent(JSON.stringify(body), "hello", JSON.stringify(alarmMessage()), "null");
  expect(readNews(event)).toMatchObject([
    { type: "message", body },
    { type: "not-understood", reason: "a message that is not JSON" },
    { type: "alarm" },
    { type: "message", body: null },
  ]);
});

describe("what is not understood is said in a line", () => {
  const bus = busEvent();
  test.each<[string, unknown, string]>([
    ["nothing", undefined, "expected object"],
    ["no records", { Records: [] }, "Records"],
    ["a record of a queue", { Records: [{ body: "x" }] }, "Records.0.Sns"],
    ["another source", { ...bus, source: "antipode" }, "source"],
    ["another event", { ...bus, "detail-type": "CloudWatch Alarm Configuration Change" }, "detail-type"],
    ["two alarms at once", { ...bus, resources: [...bus.resources, ...bus.resources] }, "resources"],
    [
      "another resource",
      { ...bus, resources: ["arn:aws:sns:eu-west-1:111122223333:x"] },
      "not an alarm's ARN",
    ],
    [
      "a state that there is not",
      { ...bus, detail: { state: { ...bus.detail.state, value: "RED" } } },
      "value",
    ],
    ["a time that is none", busEvent({ at: "yesterday" }), "not a time: yesterday"],
    ["a day that is none", busEvent({ at: "2026-13-41T17:04:40.985+0000" }), "not a time"],
    ["a message without its alarm", topicEvent('{"NewStateValue":"OK"}'), "AlarmArn"],
  ])("%s", (_, event, reason) => {
    const [news, ...more] = readNews(event);
    expect(more).toEqual([]);
    expect(news).toMatchObject({ type: "not-understood", reason: expect.stringContaining(reason) });
    expect(news).not.toMatchObject({ reason: expect.stringContaining("\n") });
  });
});
