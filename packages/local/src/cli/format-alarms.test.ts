import { describe, expect, it } from "vitest";
import type { AlarmStatus, RegionStatus } from "../world/status.ts";
import { describeAlarmCounts, formatAlarms } from "./format-alarms.ts";

const alarm = (name: string, more: Partial<AlarmStatus> = {}): AlarmStatus => ({
  region: "eu-west-1",
  name,
  type: "metric",
  state: "OK",
  since: "2026-01-01T00:01:05.000Z",
  reason: "so it is",
  ...more,
});

const region = (name: string, alarms?: RegionStatus["alarms"]) =>
  ({ region: name, ...(alarms === undefined ? {} : { alarms }) }) as RegionStatus;

describe("alarms as a person reads them", () => {
  it("are a line each, with the reason of the state", () => {
    const alarms = [
      alarm("Bad", { state: "ALARM" }),
      alarm("Page", { type: "composite", state: "ALARM", actionsSuppressedBy: "WaitPeriod" }),
    ];
    expect(
      formatAlarms(alarms)
        .split("\n")
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ["region", "alarm", "state", "since", "reason"],
      ["eu-west-1", "Bad", "ALARM", "2026-01-01T00:01:05.000Z", "so it is"],
      ["eu-west-1", "Page", "ALARM, actions held back by WaitPeriod", "2026-01-01T00:01:05.000Z", "so it is"],
    ]);
    expect(formatAlarms([])).toBe("this world has no alarms");
  });

  it("are counted over all regions, and those that ring are named", () => {
    const regions = [
      region("us-east-1", { ringing: [], ok: 7, withoutData: 1 }),
      region("eu-west-1", { ringing: ["Bad", "Worse"], ok: 6, withoutData: 0 }),
    ];
    expect(describeAlarmCounts({ regions })).toEqual([
      "alarms: 2 in ALARM (eu-west-1 Bad, eu-west-1 Worse), 13 OK, 1 without data",
      "",
    ]);
    expect(describeAlarmCounts({ regions: regions.slice(0, 1) })[0]).toBe(
      "alarms: 0 in ALARM, 7 OK, 1 without data",
    );
    expect(describeAlarmCounts({ regions: [region("us-east-1")] })).toEqual([]);
  });
});
