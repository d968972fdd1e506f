import { describe, expect, test } from "vitest";
import { type AlarmNews, itemToAlarms, planAlarm } from "./alarms-item.ts";
import { defaultVoteSettings as settings } from "./settings.ts";
import { ap, eu, us } from "./testing/vote-data.ts";

const alarm = { of: eu, name: "ApiErrors", state: "alarm", changedAtMs: 30, sinceMs: 40 } as const;
const { sinceMs: _, ...news } = alarm;
const step = { counter: 7, nowMs: 50, settings };

const written = (plan: ReturnType<typeof planAlarm>) => {
  const read = plan === undefined ? undefined : itemToAlarms(plan.item);
  return read?.ok === true ? read.value.alarms : undefined;
};

describe("news of an alarm", () => {
  test("is written with the time at which it was heard, on the item as it was read", () => {
    const plan = planAlarm(us, [], news, step);
    expect(written(plan)).toEqual([{ ...alarm, sinceMs: 50 }]);
    expect(plan?.item["v"]).toBe(8);
    expect(plan?.onlyIf).toEqual([{ type: "equals", attribute: "v", value: 7 }]);
    expect(planAlarm(us, [], news, { ...step, counter: undefined })?.onlyIf).toEqual([
      { type: "absent", attribute: "v" },
    ]);
  });

  test("that is known, or older than what is, changes nothing", () => {
    expect(planAlarm(us, [alarm], news, step)).toBeUndefined();
    expect(planAlarm(us, [alarm], { ...news, state: "ok", changedAtMs: 29 }, step)).toBeUndefined();
    const ended = { ...alarm, state: "ok" } as const;
    expect(planAlarm(us, [ended], { ...news, changedAtMs: 29 }, step)).toBeUndefined();
  });

  test("replaces what the alarm said before, its end too, and counts from when it is heard", () => {
    const later = { ...news, changedAtMs: 31 };
    for (const state of ["alarm", "missing", "ok"] as const) {
      expect(written(planAlarm(us, [alarm], { ...later, state }, step))).toEqual([
        { ...alarm, state, changedAtMs: 31, sinceMs: 50 },
      ]);
    }
  });

  test("is of one alarm, of one region", () => {
    const others: AlarmNews[] = [
      { ...news, of: ap },
      { ...news, name: "ApiLatency" },
    ];
    for (const other of others) {
      expect(written(planAlarm(us, [alarm], other, step))).toEqual([alarm, { ...other, sinceMs: 50 }]);
    }
  });

  test("makes room: what was heard more than a day ago is forgotten", () => {
    const nowMs = alarm.sinceMs + settings.alarmKnownMs;
    const other = { ...news, of: ap };
    expect(written(planAlarm(us, [alarm], other, { ...step, nowMs }))).toHaveLength(2);
    expect(written(planAlarm(us, [alarm], other, { ...step, nowMs: nowMs + 1 }))).toMatchObject([{ of: ap }]);
    // but not the one that the news is of: it might be old news
    const old = { ...news, changedAtMs: 1 };
    expect(planAlarm(us, [alarm], old, { ...step, nowMs: nowMs + 1 })).toBeUndefined();
  });
});
