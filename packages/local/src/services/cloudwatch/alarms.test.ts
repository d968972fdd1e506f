import { describe, expect, it } from "vitest";
import type { MetricAlarm } from "./alarm.ts";
import { parseMath } from "./metric-math.ts";
import {
  compositeAlarm,
  createCloudWatchBench,
  errors,
  errorsAlarm,
  okTopic,
  pageTopic,
} from "./testing/cloudwatch-bench.ts";

describe("a metric alarm", () => {
  it("begins without data, and tells each change of state once, to the topics of the state it goes to", async () => {
    const bench = createCloudWatchBench([errorsAlarm()]);
    expect(bench.state()).toMatchObject({
      value: "INSUFFICIENT_DATA",
      reason: "Unchecked: Initial alarm creation",
    });
    await bench.minutes(1, 1, 3, 4, 0, 0);
    await bench.time.advance(5_000);
    expect(bench.story()).toEqual(["INSUFFICIENT_DATA→OK", "OK→ALARM", "ALARM→OK"]);
    expect(bench.messages.map(({ topicArn }) => topicArn)).toEqual([okTopic, pageTopic, okTopic]);
    expect(bench.told()).toEqual(['OK: "Errors"', 'ALARM: "Errors"', 'OK: "Errors"']);
  });

  it("is judged five seconds after each minute, on whole minutes alone", async () => {
    const bench = createCloudWatchBench([errorsAlarm()]);
    bench.record(9);
    await bench.time.advance(64_999);
    expect(bench.state().value).toBe("INSUFFICIENT_DATA");
    await bench.time.advance(1);
    expect(bench.state().value).toBe("ALARM");
    bench.record(0);
    await bench.time.advance(59_999); // the minute that is under way says nothing yet
    expect(bench.state().value).toBe("ALARM");
    await bench.time.advance(1);
    expect(bench.state().value).toBe("OK");
  });

  it("loses its data when nothing comes for its whole evaluation range", async () => {
    const bench = createCloudWatchBench([errorsAlarm()]);
    await bench.minutes(5, undefined, undefined);
    await bench.time.advance(5_000);
    expect(bench.state().value).toBe("ALARM");
    await bench.minutes(undefined);
    expect(bench.state()).toMatchObject({
      value: "INSUFFICIENT_DATA",
      reason: "Insufficient Data: 1 datapoint was unknown.",
    });
  });

  it("that watches DynamoDB's metrics stays as it is without data, unless it says otherwise", async () => {
    const watched = {
      type: "metric",
      metric: { ...errors, namespace: "AWS/DynamoDB", stat: "Sum" },
    } as const;
    const alarms = [
      errorsAlarm({ watched }),
      errorsAlarm({ name: "Told", watched, treatMissingData: "missing" }),
    ];
    const bench = createCloudWatchBench(alarms);
    bench.record(5, { namespace: "AWS/DynamoDB" });
    await bench.time.advance(10 * 60_000);
    expect(bench.state().value).toBe("ALARM");
    expect(bench.state("Told").value).toBe("INSUFFICIENT_DATA");
  });

  it("does not take the silence before it was made for trouble, and later silence very well", async () => {
    const alarm = errorsAlarm({ evaluationPeriods: 3, treatMissingData: "breaching" });
    const bench = createCloudWatchBench([alarm]);
    await bench.minutes(0, 0, undefined);
    await bench.time.advance(5_000);
    expect(bench.story()).toEqual(["INSUFFICIENT_DATA→OK"]);
    await bench.minutes(undefined, undefined, undefined, undefined);
    expect(bench.story()).toEqual(["INSUFFICIENT_DATA→OK", "OK→ALARM"]);

    const silent = createCloudWatchBench([alarm]);
    await silent.time.advance(5 * 60_000);
    expect(silent.state().value).toBe("INSUFFICIENT_DATA");
    await silent.time.advance(60_000);
    expect(silent.state()).toMatchObject({
      value: "ALARM",
      reason:
        "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].",
    });
  });

  it("with periods of ten seconds is judged as often", async () => {
    const bench = createCloudWatchBench([errorsAlarm({ periodSeconds: 10 })]);
    bench.record(3, { highResolution: true });
    await bench.time.advance(15_000);
    expect(bench.state().value).toBe("ALARM");
    bench.record(0, { highResolution: true });
    await bench.time.advance(10_000);
    expect(bench.state().value).toBe("OK");
  });

  it("with periods of five minutes slides by the minute", async () => {
    const bench = createCloudWatchBench([
      errorsAlarm({ periodSeconds: 300, treatMissingData: "notBreaching" }),
    ]);
    await bench.minutes(0, 0, 0, 0, 0, 1, 1, 1);
    await bench.time.advance(5_000);
    expect(bench.state()).toMatchObject({
      value: "ALARM",
      reason:
        "Threshold Crossed: 1 datapoint [3.0 (01/01/26 00:03:00)] was greater than the threshold (2.0).",
    });
  });

  it("can watch a percentile, and leave it alone while there are too few values", async () => {
    const watched = { type: "metric", metric: { ...errors, stat: "p90" } } as const;
    const bench = createCloudWatchBench([
      errorsAlarm({ watched }),
      errorsAlarm({ name: "Careful", watched, ignoresLowSamples: true }),
    ]);
    const put = (count: number) => {
      bench.record(1, { count: Math.floor(count * 0.8) });
      bench.record(9, { count: Math.ceil(count * 0.2) });
    };
    put(99);
    await bench.time.advance(65_000);
    expect([bench.state().value, bench.state("Careful").value]).toEqual(["ALARM", "INSUFFICIENT_DATA"]);
    put(100);
    await bench.time.advance(60_000);
    expect(bench.state("Careful").value).toBe("ALARM");
  });

  it("can watch metric math", async () => {
    const metric = (id: string, name: string) => ({
      id,
      returnData: false,
      metric: { ...errors, name, stat: "Sum" },
    });
    const expression = "IF(requests >= 10, 100 * errors / requests, 0)";
    const math = parseMath(expression);
    if (!math.ok) throw new Error(math.error);
    const lines = [
      { id: "rate", label: "Error rate", returnData: true, expression, math: math.value },
      metric("errors", "Errors"),
      metric("requests", "Requests"),
    ];
    const bench = createCloudWatchBench([errorsAlarm({ watched: { type: "math", lines }, threshold: 5 })]);
    const minute = async (requests: number, failed: number) => {
      bench.record(requests, { name: "Requests" });
      bench.record(failed);
      await bench.time.advance(60_000);
    };
    await minute(9, 9);
    await minute(20, 1);
    await minute(20, 2);
    await bench.time.advance(5_000);
    expect(bench.story()).toEqual(["INSUFFICIENT_DATA→OK", "OK→ALARM"]);
    expect(bench.state().reason).toContain("[10.0 (01/01/26 00:02:00)] was greater than the threshold (5.0)");
    expect(JSON.parse(bench.state().reasonData ?? "")).not.toHaveProperty("statistic");
  });

  it("is told nothing and tells nothing while its region is down", async () => {
    const alarm = errorsAlarm({ treatMissingData: "breaching", evaluationPeriods: 2 });
    const bench = createCloudWatchBench([alarm]);
    await bench.minutes(0, 0);
    bench.setUp(false);
    await bench.minutes(0, 9, 9, 9, 9);
    expect(bench.story()).toEqual(["INSUFFICIENT_DATA→OK"]);
    bench.setUp(true);
    await bench.minutes(0);
    expect(bench.state().reason).toContain("2 missing datapoints were treated as [Breaching]");
    await bench.minutes(0);
    expect(bench.story()).toEqual(["INSUFFICIENT_DATA→OK", "OK→ALARM", "ALARM→OK"]);
  });

  it("runs no action when its actions are off, and changes all the same", async () => {
    const bench = createCloudWatchBench([errorsAlarm({ actionsEnabled: false })]);
    await bench.minutes(9, 9);
    expect(bench.story()).toEqual(["INSUFFICIENT_DATA→ALARM"]);
    expect(bench.messages).toEqual([]);
  });

  it("that was set by hand stays so until it is judged again", async () => {
    const bench = createCloudWatchBench([errorsAlarm()]);
    await bench.minutes(0, 0);
    bench.cloudWatch.alarms.set("eu-west-1", "Errors", { value: "ALARM", reason: "a test" });
    expect(bench.state()).toMatchObject({ value: "ALARM", reason: "a test" });
    await bench.minutes(0);
    expect(bench.state().value).toBe("OK");
    const summaries = bench.cloudWatch.alarms.history.items("eu-west-1").map(({ summary }) => summary);
    expect(summaries).toEqual([
      `Successfully executed action ${okTopic}`,
      "Alarm updated from ALARM to OK",
      `Successfully executed action ${pageTopic}`,
      "Alarm updated from OK to ALARM",
      `Successfully executed action ${okTopic}`,
      "Alarm updated from INSUFFICIENT_DATA to OK",
    ]);
    expect(bench.cloudWatch.alarms.set("eu-west-1", "Gone", { value: "OK", reason: "" })).toBeUndefined();
  });
});

describe("a composite alarm", () => {
  const quiet = (more: Partial<MetricAlarm>): MetricAlarm =>
    errorsAlarm({ actions: { ALARM: [], OK: [], INSUFFICIENT_DATA: [] }, ...more });
  const children = [quiet({ name: "A", threshold: 2 }), quiet({ name: "B", threshold: 5 })];

  it("follows its children at once, and pages once for many", async () => {
    const any = compositeAlarm('ALARM("A") OR ALARM(B)');
    const bench = createCloudWatchBench([...children, any]);
    expect(bench.state("Anything").reason).toBe(`${any.arn} was created and its alarm rule evaluates to OK`);
    await bench.minutes(3, 9, 9, 3, 0, 0);
    await bench.time.advance(5_000);
    expect(bench.story("A")).toEqual(["INSUFFICIENT_DATA→ALARM", "ALARM→OK"]);
    expect(bench.story("B")).toEqual(["INSUFFICIENT_DATA→OK", "OK→ALARM", "ALARM→OK"]);
    expect(bench.told()).toEqual(['OK: "Anything"', 'ALARM: "Anything"', 'OK: "Anything"']);
    const rung = bench.changes.find(
      ({ alarmName, state }) => alarmName === "Anything" && state.value === "ALARM",
    );
    expect(rung?.state.reason).toBe(
      "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:A transitioned to ALARM at Thursday 01 January, 2026 00:01:05 UTC",
    );
    expect(rung?.atMs).toBe(bench.changes.find(({ alarmName }) => alarmName === "A")?.atMs);
  });

  it("may have composite ones as children", async () => {
    const inner = compositeAlarm("ALARM(A) AND NOT ALARM(B)", { name: "Inner" });
    const bench = createCloudWatchBench([
      ...children,
      inner,
      compositeAlarm("ALARM(Inner)", { name: "Outer" }),
    ]);
    await bench.minutes(3, 9);
    expect(bench.state("Outer").value).toBe("ALARM");
    await bench.time.advance(5_000);
    expect(bench.state("Outer").value).toBe("OK");
    expect(bench.story("Outer")).toEqual(bench.story("Inner"));
  });

  describe("with a suppressor", () => {
    const suppressor = { alarm: "B", name: "B", waitSeconds: 90, extensionSeconds: 120 };
    const create = () =>
      createCloudWatchBench([...children, compositeAlarm("ALARM(A)", { name: "Page", suppressor })]);

    it("tells nothing before the wait is over", async () => {
      const bench = create();
      await bench.minutes(0, 3);
      await bench.time.advance(5_000);
      expect(bench.state("Page")).toMatchObject({ value: "ALARM", suppressedBy: "WaitPeriod" });
      expect(bench.told()).toEqual(['OK: "Page"']);
      await bench.minutes(3);
      expect(bench.told()).toEqual(['OK: "Page"']);
      await bench.minutes(3);
      expect(bench.state("Page")).not.toHaveProperty("suppressedBy");
      expect(bench.told()).toEqual(['OK: "Page"', 'ALARM: "Page"']);
    });

    it("tells nothing at all of what began and ended while the suppressor rang", async () => {
      const bench = create();
      await bench.minutes(0, 3, 9, 9, 0, 0, 0, 0, 0);
      expect(bench.told()).toEqual(['OK: "Page"']);
      const ofPage = bench.changes.filter(({ alarmName }) => alarmName === "Page");
      expect(ofPage.map(({ state }) => `${state.value} ${state.suppressedBy ?? "told"}`)).toEqual([
        ...["OK WaitPeriod", "OK told"],
        ...["ALARM WaitPeriod", "ALARM Alarm"],
        ...["OK Alarm", "OK ExtensionPeriod", "OK told"],
      ]);
      expect(bench.state("Page").value).toBe("OK");
    });

    it("tells what is still so when the extension is over", async () => {
      const bench = create();
      await bench.minutes(0, 9, 3);
      await bench.time.advance(5_000);
      expect(bench.state("Page")).toMatchObject({ value: "ALARM", suppressedBy: "ExtensionPeriod" });
      await bench.minutes(3);
      expect(bench.told()).toEqual(['OK: "Page"']);
      await bench.minutes(3);
      expect(bench.told()).toEqual(['OK: "Page"', 'ALARM: "Page"']);
    });
  });
});
