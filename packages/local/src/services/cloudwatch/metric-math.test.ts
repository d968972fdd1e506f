import { describe, expect, it } from "vitest";
import { idsOf, parseMath } from "./metric-math.ts";
import { evaluateMath, type MathScope, type MathValue, type TimeSeries } from "./metric-math-values.ts";

const gap = undefined;

function evaluate(text: string, metrics: Readonly<Record<string, TimeSeries>>) {
  const parsed = parseMath(text);
  if (!parsed.ok) return parsed.error;
  const byId = new Map(Object.entries(metrics));
  const scope: MathScope = {
    length: [...byId.values()][0]?.length ?? 0,
    metrics: byId,
    valueOf(id): MathValue | undefined {
      const points = byId.get(id);
      return points === undefined ? undefined : { type: "series", points };
    },
  };
  const value = evaluateMath(parsed.value, scope);
  if (!value.ok) return value.error;
  if (value.value.type === "series") return value.value.points;
  return value.value.type === "scalar" ? value.value.value : value.value.all;
}

describe("metric math", () => {
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#using-IF-expressions
  it("gives what CloudWatch's tables of operators say", () => {
    const metrics = { metric1: [30, 20, 0, 0], metric2: [20, gap, 20, gap] };
    expect(evaluate("(metric1 < metric2)", metrics)).toEqual([0, 0, 1, 0]);
    expect(evaluate("(metric1 >= 30)", metrics)).toEqual([1, 0, 0, 0]);
    expect(evaluate("(metric1 > 15 AND metric2 > 15)", metrics)).toEqual([1, 0, 0, 0]);
    expect(evaluate("(metric1 > 15 && metric2 > 15) || metric1 == 20", metrics)).toEqual([1, 1, 0, 0]);
  });

  it("gives what CloudWatch's tables of IF say", () => {
    const metrics = {
      metric1: [1, 1, 0, 0, gap],
      metric2: [30, gap, 0, 0, 30],
      metric3: [0, 0, 20, gap, 20],
    };
    expect(evaluate("IF(metric1, metric2, metric3)", metrics)).toEqual([30, 0, 20, gap, gap]);
    expect(evaluate("IF(metric1, 5, metric3)", metrics)).toEqual([5, 5, 20, gap, gap]);
    expect(evaluate("IF(metric1, metric2, 5)", metrics)).toEqual([30, 0, 5, 5, gap]);
    expect(evaluate("IF(metric1, metric2)", metrics)).toEqual([30, 0, gap, gap, gap]);
    expect(evaluate("IF(1, metric2, metric3)", { ...metrics, metric2: [1, 2, 3, 4, 5] })).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });

  it("rates errors only where there are enough requests", () => {
    const metrics = { errors: [9, gap, 6, 5, gap], requests: [20, 100, 100, gap, gap] };
    expect(evaluate("IF(requests >= 50, 100 * errors / requests, 0)", metrics)).toEqual([0, 0, 6, gap, gap]);
    expect(evaluate("IF(FILL(requests, 0) >= 50, 100*errors/requests, 0)", metrics)).toEqual([0, 0, 6, 0, 0]);
  });

  it("adds, multiplies and takes powers in their order, and drops what divides by zero", () => {
    const metrics = { a: [1, 2, gap, gap], b: [0, 4, 5, gap] };
    expect(evaluate("a + b * 2 ^ 2 - 1", metrics)).toEqual([0, 17, 19, gap]);
    expect(evaluate("-(a - b) / b", metrics)).toEqual([gap, 0.5, 1, gap]);
    expect(evaluate("10 - 2 - 3", metrics)).toBe(5);
    expect(evaluate("2 > 1", metrics)).toBe(1);
    expect(evaluate("ABS(a - b) + CEIL(a / 4) + FLOOR(b / 3)", metrics)).toEqual([2, 4, 6, gap]);
  });

  it("sums, averages and compares several metrics for each period, one over all periods", () => {
    const metrics = { errors1: [1, gap, 3, gap], errors2: [5, 2, gap, gap], requests: [9, 9, 9, 9] };
    expect(evaluate("SUM([errors1, errors2])", metrics)).toEqual([6, 2, 3, gap]);
    expect(evaluate('SUM(METRICS("errors"))', metrics)).toEqual([6, 2, 3, gap]);
    expect(evaluate("MAX(METRICS())", metrics)).toEqual([9, 9, 9, 9]);
    expect(evaluate("MIN([errors1, errors2])", metrics)).toEqual([1, 2, 3, gap]);
    expect(evaluate("AVG([errors1, errors2])", metrics)).toEqual([3, 1, 1.5, gap]);
    expect(evaluate("SUM(errors1) / MAX(requests)", metrics)).toBeCloseTo(4 / 9);
    expect(evaluate("SUM([errors1, errors2] / requests)", metrics)).toEqual([1 / 9 + 5 / 9, 2 / 9, 3 / 9, 0]);
  });

  it("fills gaps with a number, another metric, or the value before", () => {
    const metrics = { a: [gap, 2, gap], b: [7, 8, gap] };
    expect(evaluate("FILL(a, 0)", metrics)).toEqual([0, 2, 0]);
    expect(evaluate("FILL(a, b)", metrics)).toEqual([7, 2, gap]);
    expect(evaluate("FILL(a, REPEAT)", metrics)).toEqual([gap, 2, 2]);
    expect(evaluate("SUM(FILL(METRICS(), 0))", metrics)).toEqual([7, 10, 0]);
  });

  it.each([
    ["RATE(a)", "function RATE is not run"],
    ["SEARCH('x')", `is not understood`],
    ["a +", "a value is expected where end is"],
    ["(a", ") is expected where end is"],
    ["a b", "end is expected where b is"],
    ["a % 2", '"% 2" is not understood'],
    ["FILL(a, LINEAR)", "FILL with LINEAR is not run"],
    ["c + 1", "there is no metric or expression c"],
    ["IF(a)", "IF takes a condition"],
    ["SUM(1)", "SUM takes time series"],
    ["[a, 1]", "a list holds time series"],
    ["REPEAT", "REPEAT is no value"],
  ])("refuses %s", (text, why) => {
    expect(evaluate(text, { a: [1] })).toContain(why);
  });

  it("knows which ids an expression refers to", () => {
    const parsed = parseMath("IF(m1 > 2, -m2, FILL(m3, REPEAT)) + SUM([m4, m1])");
    expect(parsed.ok && idsOf(parsed.value)).toEqual(["m1", "m2", "m3", "m4", "m1"]);
  });
});
