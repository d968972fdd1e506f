import { describe, expect, it } from "vitest";
import { createCloudWatchBench, errorsAlarm } from "../services/cloudwatch/testing/cloudwatch-bench.ts";
import { countAlarms, describeAlarms } from "./alarm-status.ts";

const plan = { app: "antipode", environment: "prod", regions: ["us-east-1", "eu-west-1"] };

describe("the state of alarms", () => {
  it("is told of each, those that ring first, under the names of infra/", async () => {
    const alarms = ["Zeal", "Ardour"].map((name) => errorsAlarm({ name: `antipode-prod-eu-west-1-${name}` }));
    const silent = errorsAlarm({
      name: "Silence",
      watched: {
        type: "metric",
        metric: { namespace: "Shop", name: "Nothing", dimensions: {}, stat: "Sum" },
      },
    });
    const bench = createCloudWatchBench([...alarms, silent]);
    await bench.minutes(0, 0);
    bench.cloudWatch.alarms.set("eu-west-1", "antipode-prod-eu-west-1-Zeal", {
      value: "ALARM",
      reason: "a test",
    });
    const described = describeAlarms(plan, bench.cloudWatch);
    expect(described.map(({ name, state }) => [name, state])).toEqual([
      ["Zeal", "ALARM"],
      ["Silence", "INSUFFICIENT_DATA"],
      ["Ardour", "OK"],
    ]);
    expect(described[0]).toEqual({
      region: "eu-west-1",
      name: "Zeal",
      type: "metric",
      state: "ALARM",
      since: "2026-01-01T00:02:00.000Z",
      reason: "a test",
    });
    expect(countAlarms(described, "eu-west-1")).toEqual({
      alarms: { ringing: ["Zeal"], ok: 1, withoutData: 1 },
    });
    expect(countAlarms(described, "us-east-1")).toEqual({});
  });
});
