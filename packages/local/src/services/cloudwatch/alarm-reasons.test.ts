import { describe, expect, it } from "vitest";
import { type Datapoint, type EvaluationSettings, evaluate } from "./alarm-evaluation.ts";
import { reasonDataText, reasonText } from "./alarm-reasons.ts";
import { errorsAlarm } from "./testing/cloudwatch-bench.ts";
import { doubleText, longTime, regionName, shortTime, timestampText } from "./wording.ts";

const firstMs = Date.UTC(2022, 0, 26, 13, 14);

/** Judges values a minute apart, oldest first, as an alarm of so many periods. */
function judge(
  values: readonly (number | undefined)[],
  more: Partial<EvaluationSettings>,
  alarm: object = {},
) {
  const settings: EvaluationSettings = {
    evaluationPeriods: values.length,
    datapointsToAlarm: values.length,
    comparison: "GreaterThanThreshold",
    threshold: 42,
    treatment: "missing",
    ...more,
  };
  const range: Datapoint[] = values.map((value, index) => ({
    atMs: firstMs + index * 60_000,
    value,
    ...(value === undefined ? {} : { sampleCount: 4 }),
  }));
  const verdict = evaluate(range, settings);
  const judged = { alarm: errorsAlarm(alarm), settings, range, verdict };
  return {
    reason: reasonText(judged, verdict.state ?? "OK"),
    data: reasonDataText(judged, firstMs + 929_292),
  };
}

describe("the reason of a state", () => {
  it("names the datapoints that crossed the threshold, the latest first", () => {
    expect(judge([1, 0], {}).reason).toBe(
      "Threshold Crossed: 2 datapoints [0.0 (26/01/22 13:15:00), 1.0 (26/01/22 13:14:00)] were not greater than the threshold (42.0).",
    );
    expect(judge([6], { comparison: "GreaterThanOrEqualToThreshold", threshold: 3 }).reason).toBe(
      "Threshold Crossed: 1 datapoint [6.0 (26/01/22 13:14:00)] was greater than or equal to the threshold (3.0).",
    );
  });

  it("says how many of how many, and how many it takes, of an alarm that has a number of datapoints", () => {
    const alarm = { datapointsToAlarm: 2 };
    expect(judge([50, 0, 51], { datapointsToAlarm: 2 }, alarm).reason).toBe(
      "Threshold Crossed: 2 out of the last 3 datapoints [51.0 (26/01/22 13:16:00), 50.0 (26/01/22 13:14:00)] were greater than the threshold (42.0) (minimum 2 datapoints for OK -> ALARM transition).",
    );
    expect(judge([1, 0, 51], { datapointsToAlarm: 2 }, alarm).reason).toBe(
      "Threshold Crossed: 2 out of the last 3 datapoints [0.0 (26/01/22 13:15:00), 1.0 (26/01/22 13:14:00)] were not greater than the threshold (42.0) (minimum 2 datapoints for ALARM -> OK transition).",
    );
  });

  it("says how missing datapoints were treated", () => {
    const less = { comparison: "LessThanThreshold", threshold: 1, treatment: "breaching" } as const;
    expect(judge([undefined], { treatment: "notBreaching" }).reason).toBe(
      "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
    );
    expect(judge([undefined, undefined], less).reason).toBe(
      "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].",
    );
    expect(judge([undefined, 1], less).reason).toBe(
      "Threshold Crossed: 1 datapoint [1.0 (26/01/22 13:15:00)] was not less than the threshold (1.0) and 1 missing datapoint was treated as [Breaching].",
    );
    expect(judge([undefined, 1, undefined], { ...less, datapointsToAlarm: 2 }).reason).toBe(
      "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
    );
    expect(judge([undefined, undefined, undefined], {}).reason).toBe(
      "Insufficient Data: 3 datapoints were unknown.",
    );
  });

  it("comes with its data", () => {
    expect(judge([38.5, undefined, 39], { treatment: "notBreaching" }).data).toBe(
      '{"version":"1.0","queryDate":"2022-01-26T13:29:29.292+0000","startDate":"2022-01-26T13:14:00.000+0000","statistic":"Sum","period":60,"recentDatapoints":[38.5,39.0],"threshold":42.0,"evaluatedDatapoints":[{"timestamp":"2022-01-26T13:16:00.000+0000","sampleCount":4.0,"value":39.0},{"timestamp":"2022-01-26T13:15:00.000+0000"},{"timestamp":"2022-01-26T13:14:00.000+0000","sampleCount":4.0,"value":38.5}]}',
    );
    expect(judge([undefined], {}).data).toBe(
      '{"version":"1.0","queryDate":"2022-01-26T13:29:29.292+0000","statistic":"Sum","period":60,"recentDatapoints":[],"threshold":42.0,"evaluatedDatapoints":[{"timestamp":"2022-01-26T13:14:00.000+0000"}]}',
    );
  });
});

describe("the wording", () => {
  it("writes times, numbers and regions as CloudWatch does", () => {
    const atMs = Date.UTC(2022, 6, 22, 15, 57, 45, 394);
    expect(timestampText(atMs)).toBe("2022-07-22T15:57:45.394+0000");
    expect(shortTime(atMs)).toBe("22/07/22 15:57:45");
    expect(longTime(atMs)).toBe("Friday 22 July, 2022 15:57:45 UTC");
    expect(longTime(Date.UTC(2023, 7, 4, 12, 54, 46))).toBe("Friday 04 August, 2023 12:54:46 UTC");
    expect([0, 3, 0.25, -2, 1e7, 25_000_000, 0.0001, 99.50160229693434].map(doubleText)).toEqual([
      ...["0.0", "3.0", "0.25", "-2.0", "1.0E7", "2.5E7", "1.0E-4", "99.50160229693434"],
    ]);
    expect(regionName("eu-west-1")).toBe("EU (Ireland)");
    expect(regionName("xx-west-1")).toBe("xx-west-1");
  });
});
