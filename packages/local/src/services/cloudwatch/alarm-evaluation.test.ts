import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Datapoint, type EvaluationSettings, evaluate, evaluationRange } from "./alarm-evaluation.ts";

const treatments = ["missing", "ignore", "breaching", "notBreaching"] as const;

function settings(datapointsToAlarm: number, more: Partial<EvaluationSettings> = {}): EvaluationSettings {
  const threshold = { comparison: "GreaterThanThreshold", threshold: 0.5 } as const;
  return { evaluationPeriods: 3, datapointsToAlarm, ...threshold, treatment: "missing", ...more };
}

/** `0 - X - X` as CloudWatch's documentation writes it: oldest first. */
function datapoints(text: string): readonly Datapoint[] {
  const values = { "0": 0, X: 1, "-": undefined } as const;
  return text
    .split(" ")
    .map((sign, index) => ({ atMs: index * 60_000, value: values[sign as keyof typeof values] }));
}

const none = "INSUFFICIENT_DATA";
const stays = undefined;

// The tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html:
// datapoints, how many must be filled in, then the state for missing, ignore, breaching, notBreaching.
const threeOfThree = [
  ["0 - X - X", 0, "OK", "OK", "OK", "OK"],
  ["0 - - - -", 2, "OK", "OK", "OK", "OK"],
  ["- - - - -", 3, none, stays, "ALARM", "OK"],
  ["0 X X - X", 0, "ALARM", "ALARM", "ALARM", "ALARM"],
  ["- - X - -", 2, "ALARM", stays, "ALARM", "OK"],
] as const;
const twoOfThree = [
  ["0 - X - X", 0, "ALARM", "ALARM", "ALARM", "ALARM"],
  ["0 0 X 0 X", 0, "ALARM", "ALARM", "ALARM", "ALARM"],
  ["0 - X - -", 1, "OK", "OK", "ALARM", "OK"],
  ["- - - - 0", 2, "OK", "OK", "ALARM", "OK"],
  ["- - - X -", 2, "ALARM", stays, "ALARM", "OK"],
] as const;

describe("an alarm whose datapoints are missing", () => {
  it.each([
    ...threeOfThree.map((row) => [3, ...row] as const),
    ...twoOfThree.map((row) => [2, ...row] as const),
  ])("%i of 3, given %s: as CloudWatch's table", (datapointsToAlarm, text, filled, ...states) => {
    const found = treatments.map((treatment) =>
      evaluate(datapoints(text), settings(datapointsToAlarm, { treatment })),
    );
    expect(found.map(({ state }) => state)).toEqual(states);
    expect(found.map((verdict) => verdict.filled)).toEqual(Array(4).fill(filled));
  });

  it("does not go off early while the next datapoint may be a good one", () => {
    for (const text of ["- - - - X", "- - - X -"]) {
      expect(evaluate(datapoints(text), settings(3)).state, text).toBe(none);
      expect(evaluate(datapoints(text), settings(3, { treatment: "ignore" })).state, text).toBe(stays);
    }
    expect(evaluate(datapoints("- - - X 0"), settings(3)).state).toBe("OK");
  });

  it("evaluates the latest real ones, from further back where some are missing", () => {
    expect(evaluationRange(3)).toBe(5);
    expect(evaluate(datapoints("X X X - -"), settings(3)).state).toBe("ALARM");
    expect(evaluate(datapoints("X X X 0 0"), settings(3)).state).toBe("OK");
    expect(evaluate(datapoints("0 X X X -"), settings(3)).evaluated.map(({ atMs }) => atMs / 60_000)).toEqual(
      [1, 2, 3],
    );
  });
});

describe("an alarm with all its datapoints", () => {
  const point = (value: number): readonly Datapoint[] => [{ atMs: 0, value }];
  const at = (comparison: EvaluationSettings["comparison"], value: number) =>
    evaluate(point(value), settings(1, { evaluationPeriods: 1, comparison, threshold: 5 })).state === "ALARM";

  it("compares with its threshold", () => {
    expect([4, 5, 6].map((value) => at("GreaterThanThreshold", value))).toEqual([false, false, true]);
    expect([4, 5, 6].map((value) => at("GreaterThanOrEqualToThreshold", value))).toEqual([false, true, true]);
    expect([4, 5, 6].map((value) => at("LessThanThreshold", value))).toEqual([true, false, false]);
    expect([4, 5, 6].map((value) => at("LessThanOrEqualToThreshold", value))).toEqual([true, true, false]);
  });

  it("is in ALARM exactly when M of the last N breach, whatever is said of missing ones", () => {
    const cases = fc.record({
      evaluationPeriods: fc.integer({ min: 1, max: 6 }),
      values: fc.array(fc.constantFrom(0, 1), { minLength: 8, maxLength: 8 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      treatment: fc.constantFrom(...treatments),
    });
    fc.assert(
      fc.property(cases, ({ evaluationPeriods, values, share, treatment }) => {
        const datapointsToAlarm = Math.max(1, Math.round(share * evaluationPeriods));
        const range = values
          .slice(0, evaluationRange(evaluationPeriods))
          .map((value, atMs) => ({ atMs, value }));
        const bad = range.slice(-evaluationPeriods).filter(({ value }) => value === 1).length;
        const { state } = evaluate(range, settings(datapointsToAlarm, { evaluationPeriods, treatment }));
        expect(state).toBe(bad >= datapointsToAlarm ? "ALARM" : "OK");
      }),
      { seed: 1 },
    );
  });

  it("never goes further from ALARM when a datapoint gets worse", () => {
    const rank = { OK: 0, INSUFFICIENT_DATA: 1, ALARM: 2 } as const;
    const cases = fc.record({
      values: fc.array(fc.constantFrom(0, 1, undefined), { minLength: 5, maxLength: 5 }),
      at: fc.nat(4),
      datapointsToAlarm: fc.integer({ min: 1, max: 3 }),
      treatment: fc.constantFrom("breaching", "notBreaching", "missing"),
    });
    fc.assert(
      fc.property(cases, ({ values, at, datapointsToAlarm, treatment }) => {
        fc.pre(values[at] === 0);
        const range = values.map((value, atMs) => ({ atMs, value }));
        const worse = range.map((one, index) => (index === at ? { ...one, value: 1 } : one));
        const [before, after] = [range, worse].map(
          (one) => evaluate(one, settings(datapointsToAlarm, { treatment })).state ?? "OK",
        );
        expect(rank[after ?? "OK"]).toBeGreaterThanOrEqual(rank[before ?? "OK"]);
      }),
      { seed: 2 },
    );
  });
});
