import { itemToAlarms } from "@antipode/core";
import { createFakeItems } from "@antipode/core/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { alarmMessage, busEvent, topicAlarm, topicEvent } from "../testing/alarm-events.ts";
import {
  createRecordingLog,
  createRecordingMeasurements,
  createStepClock,
  startMs,
  testDeployment,
} from "../testing/test-world.ts";
import { createHearNews } from "./hear-news.ts";

const me = testDeployment("us-east-1");

function createRegion() {
  const items = createFakeItems(me.origin);
  const measurements = createRecordingMeasurements();
  const messages: unknown[] = [];
  const waits: number[] = [];
  const deps = {
    items,
    measurements,
    deployment: me,
    clock: createStepClock(),
    log: createRecordingLog(),
    delay: async (ms: number) => void waits.push(ms),
    chance: () => 0.5,
  };
  return {
    ...deps,
    messages,
    waits,
    hear: createHearNews(deps, async (body) => {
      if (body === "fails") {
        throw new Error("no");
      }
      messages.push(body);
    }),
    alarms() {
      const item = items.dump("Control").find(({ sk }) => sk === "ALARMS");
      const read = item === undefined ? undefined : itemToAlarms(item);
      return read?.ok === true ? read.value.alarms : undefined;
    },
  };
}

let us: ReturnType<typeof createRegion>;
beforeEach(() => {
  us = createRegion();
});

const later = { at: "2026-10-02T17:20:00.000+0000" };

describe("an alarm of any region", () => {
  test("is written down as this region's word, and logged", async () => {
    expect(await us.hear(topicAlarm())).toEqual({ heard: 1 });
    const changedAtMs = Date.UTC(2026, 9, 2, 17, 4, 40, 985);
    expect(us.alarms()).toEqual([
      { of: "eu-west-1#1", name: "ApiErrors", state: "alarm", changedAtMs, sinceMs: startMs },
    ]);
    expect(us.log.entries).toMatchObject([
      { level: "warn", message: "an alarm has changed", of: "eu-west-1", alarm: "ApiErrors", state: "alarm" },
    ]);
    expect(us.measurements.recorded).toEqual([
      { name: "AlarmsHeard", values: [1], dimensions: { outcome: "heard" } },
    ]);
  });

  test("is known when it comes the other way too, and when it comes again", async () => {
    await us.hear(topicAlarm());
    const written = us.items.dump("Control");
    for (const event of [busEvent(), topicAlarm(), busEvent()]) {
      expect(await us.hear(event)).toEqual({ known: 1 });
    }
    expect(us.items.dump("Control")).toEqual(written);
  });

  test("ends, and is not raised by what comes after its end", async () => {
    await us.hear(busEvent());
    await us.hear(busEvent({ value: "OK", ...later }));
    expect(us.alarms()).toMatchObject([{ state: "ok" }]);
    expect(await us.hear(topicAlarm())).toEqual({ known: 1 });
    expect(us.alarms()).toMatchObject([{ state: "ok" }]);
  });

  test("is no evidence when people alone are to hear it, or when it is of no configured region", async () => {
    for (const changed of [
      { name: "antipode-test-eu-west-1-LeaseShort" },
      { name: "antipode-test-us-east-1-ApiErrors", region: "eu-west-1" },
      { name: "antipode-prod-eu-west-1-ApiErrors" },
      { region: "eu-north-1" },
    ]) {
      expect(await us.hear(busEvent(changed)), JSON.stringify(changed)).toEqual({ "no-evidence": 1 });
    }
    expect(us.items.dump("Control")).toEqual([]);
  });

  test("of the own region is heard as well", async () => {
    expect(await us.hear(topicAlarm({ region: "us-east-1" }))).toEqual({ heard: 1 });
    expect(us.alarms()).toMatchObject([{ of: "us-east-1#1" }]);
  });
});

describe("side by side", () => {
  test("the functions of one region write one item, and lose nothing", async () => {
    const regions = ["us-east-1", "eu-west-1", "ap-south-1", "ap-east-1"];
    const counts = await Promise.all(
      regions.flatMap((region) => [us.hear(topicAlarm({ region })), us.hear(busEvent({ region }))]),
    );
    expect(counts.filter(({ heard }) => heard === 1)).toHaveLength(4);
    expect(
      us
        .alarms()
        ?.map(({ of }) => of)
        .sort(),
    ).toEqual(regions.map((region) => `${region}#1`).sort());
  });

  test("who was overtaken waits a part, by chance, of a time that grows, and in the end gives the news back", async () => {
    const { put } = us.items;
    let writes = 0;
    us.items.put = (table, item, onlyIf) => {
      writes += 1;
      us.items.load("Control", [{ pk: item.pk, sk: item.sk, v: 100 + writes, rules: 2, touchedAt: 1 }]);
      return put(table, item, onlyIf);
    };
    await expect(us.hear(topicAlarm())).rejects.toThrow("news that was not heard: 1");
    expect([writes, us.waits]).toEqual([8, [20, 40, 60, 80, 100, 120, 140]]);
    expect(us.log.entries).toMatchObject([{ level: "error", cause: { type: "contended" } }]);
  });

  test("a write whose answer was lost is not written twice", async () => {
    us.items.failNext(
      "PutItem",
      { type: "unavailable", operation: "PutItem Control", reason: "lost" },
      { after: true },
    );
    await expect(us.hear(topicAlarm())).rejects.toThrow("news that was not heard: 1");
    expect(await us.hear(topicAlarm())).toEqual({ known: 1 });
    expect(us.alarms()).toHaveLength(1);
  });

  test("an item that another version wrote is replaced", async () => {
    us.items.load("Control", [
      { pk: "REGION#us-east-1#1", sk: "ALARMS", v: 8, rules: 2, touchedAt: 1, later: "form" },
    ]);
    expect(await us.hear(topicAlarm())).toEqual({ heard: 1 });
    expect(us.items.dump("Control")).toMatchObject([{ v: 9, rules: 1 }]);
  });
});

describe("several pieces at once", () => {
  const alarm = JSON.stringify(alarmMessage());
  test("are each heard, whatever the others come to, and those that failed come again", async () => {
    const event = topicEvent('"fails"', alarm, '{"type":"region-drained"}', "hello");
    await expect(us.hear(event)).rejects.toThrow("news that was not heard: 1");
    expect(us.alarms()).toHaveLength(1);
    expect(us.messages).toEqual([{ type: "region-drained" }]);
    expect(us.measurements.recorded.map(({ dimensions }) => dimensions["outcome"]).sort()).toEqual([
      "failed",
      "heard",
      "message",
      "not-understood",
    ]);
  });

  test("that nobody understands are logged, and not asked for again", async () => {
    expect(await us.hear(topicEvent("hello"))).toEqual({ "not-understood": 1 });
    expect(await us.hear({})).toEqual({ "not-understood": 1 });
    expect(us.log.entries.map(({ level }) => level)).toEqual(["error", "error"]);
  });

  test("a store that is not there fails the invocation", async () => {
    us.items.failNext("GetItem", { type: "unavailable", operation: "GetItem Control", reason: "down" });
    await expect(us.hear(busEvent())).rejects.toThrow("news that was not heard: 1");
    expect(us.log.entries).toMatchObject([{ level: "error", alarm: "antipode-test-eu-west-1-ApiErrors" }]);
  });
});
