import { describe, expect, it } from "vitest";
import type { Scheduler } from "../../links/scheduler.ts";
import { createVirtualTime } from "../../testing-time/virtual-time.ts";
import { createCloudWatch } from "./cloudwatch.ts";
import { benchRegion, benchStartMs, createCloudWatchBench, errorsAlarm } from "./testing/cloudwatch-bench.ts";

const minuteMs = 60_000;
const waiting = { namespace: "AWS/SQS", name: "Waiting", dimensions: { QueueName: "Letters" } };

describe("CloudWatch", () => {
  it("reads gauges every minute, and none of a region that is down", async () => {
    const bench = createCloudWatchBench([]);
    let value: number | undefined = 3;
    bench.cloudWatch.gauge(benchRegion, { ...waiting, unit: "Count", read: () => value });
    const sums = () =>
      bench.cloudWatch.metrics
        .read(benchRegion, { ...waiting, fromMs: benchStartMs, periodMs: minuteMs, periods: 5 })
        .map((set) => set?.sum);
    await bench.minutes(undefined, undefined);
    value = undefined;
    await bench.minutes(undefined);
    value = 7;
    bench.setUp(false);
    await bench.minutes(undefined);
    expect(sums()).toEqual([3, 3, undefined, undefined, undefined]);
    bench.setUp(true);
    await bench.time.advance(5_000);
    expect(sums()).toEqual([3, 3, undefined, undefined, 7]);
  });

  it("takes metrics from logs, into the region whose function wrote them", async () => {
    const bench = createCloudWatchBench([errorsAlarm()]);
    const line = JSON.stringify({
      _aws: {
        Timestamp: benchStartMs + 1_000,
        CloudWatchMetrics: [{ Namespace: "Shop", Dimensions: [["service"]], Metrics: [{ Name: "Errors" }] }],
      },
      service: "api",
      Errors: [2, 2],
    });
    bench.cloudWatch.readLog({ region: "us-east-1", line });
    await bench.time.advance(minuteMs + 5_000);
    expect(bench.state().value).toBe("INSUFFICIENT_DATA");
    bench.cloudWatch.readLog({ region: benchRegion, line });
    bench.cloudWatch.readLog({ region: benchRegion, line: "no metric at all" });
    await bench.time.advance(minuteMs);
    expect(bench.state().value).toBe("ALARM");
  });

  it("keeps no value that is no number", () => {
    const bench = createCloudWatchBench([]);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) bench.record(value);
    expect(bench.cloudWatch.metrics.list(benchRegion)).toEqual([]);
  });

  it("judges each minute once, though timers come a little early, and not at all once stopped", async () => {
    const time = createVirtualTime(benchStartMs);
    const early: Scheduler = {
      now: time.now,
      after: (delayMs, run) => time.after(Math.max(0, delayMs - 3), run),
    };
    const reads: number[] = [];
    const cloudWatch = createCloudWatch({
      regions: [benchRegion],
      scheduler: early,
      isUp: () => true,
      publishToTopic: () => {},
      onAlarmStateChange: () => {},
    });
    const read = () => reads.push(time.now());
    cloudWatch.gauge(benchRegion, { ...waiting, unit: "Count", read });
    cloudWatch.start();
    await time.advance(3 * minuteMs + 5_000);
    expect(reads.map((atMs) => Math.round((atMs - benchStartMs) / minuteMs))).toEqual([0, 1, 2, 3]);
    cloudWatch.stop();
    await time.advance(3 * minuteMs);
    expect(reads).toHaveLength(4);
  });
});
