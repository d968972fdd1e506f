import { describe, expect, it } from "vitest";
import { addValue, merged, newSet, percentOf, type StatisticSet, statisticNamed } from "./statistic-set.ts";

function setOf(values: readonly number[]): StatisticSet {
  const [first = 0, ...others] = values;
  const set = newSet(first, 1);
  for (const value of others) addValue(set, value, 1);
  return set;
}

function read(name: string, set: StatisticSet): number {
  const statistic = statisticNamed(name);
  if (!statistic.ok) throw new Error(statistic.error);
  return statistic.value(set);
}

const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

describe("a statistic set", () => {
  it("gives the plain statistics", () => {
    const set = setOf([4, 2, 2, 8]);
    expect(["SampleCount", "Sum", "Average", "Minimum", "Maximum"].map((name) => read(name, set))).toEqual([
      4, 16, 4, 2, 8,
    ]);
  });

  it("gives percentiles by nearest rank, in whatever order values came", () => {
    for (const values of [hundred, hundred.toReversed()]) {
      const set = setOf(values);
      expect(["p0", "p50", "p99", "p99.5", "p100"].map((name) => read(name, set))).toEqual([
        1, 50, 99, 100, 100,
      ]);
    }
    expect(read("p99", setOf([7]))).toBe(7);
    expect(read("p50", setOf([7, 7, 7]))).toBe(7);
  });

  it("keeps many different values to two digits, and so few entries", () => {
    const set = setOf(Array.from({ length: 20_000 }, (_, index) => 1_000 + index * 1.7));
    expect(set.distribution?.size).toBeLessThan(400);
    expect(read("p90", set)).toBeGreaterThan(31_500 * 0.95);
    expect(read("p90", set)).toBeLessThan(31_500 * 1.05);
    expect(read("Sum", set)).toBeCloseTo(20_000 * 1_000 + 1.7 * ((20_000 * 19_999) / 2), 0);
  });

  it("is merged without a change to either", () => {
    const [left, right] = [setOf([1, 2]), setOf([3])];
    expect(merged(left, right)).toEqual(setOf([1, 2, 3]));
    expect(left).toEqual(setOf([1, 2]));
    expect(merged(setOf([5]), setOf([5, 5]))).toEqual({ count: 3, sum: 15, min: 5, max: 5 });
  });

  it("knows no other statistic", () => {
    expect(["p99", "p99.9", "p100", "p0"].map(percentOf)).toEqual([99, 99.9, 100, 0]);
    expect(["p101", "p", "tm99", "P99", "p99."].map(percentOf)).toEqual(Array(5).fill(undefined));
    expect(statisticNamed("tm99")).toMatchObject({
      ok: false,
      error: expect.stringContaining("tm99 is not run"),
    });
  });
});
