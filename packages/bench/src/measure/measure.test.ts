import { describe, expect, test } from "vitest";
import { cpuSeconds, timesPerCpuSecond } from "./cpu.ts";
import { median } from "./median.ts";
import { against, medianByName } from "./rounds.ts";

describe("the median", () => {
  test("is the middle value, whatever the order, and the mean of two in the middle", () => {
    expect(median([9, 1, 100])).toBe(9);
    expect(median([4, 1, 2, 100])).toBe(3);
    expect(median([7])).toBe(7);
  });

  test("of nothing is a bug", () => {
    expect(() => median([])).toThrow("no values");
  });
});

describe("rounds", () => {
  test("sample every contender once each, and each round begins with the next", async () => {
    const order: string[] = [];
    const contender = (name: string, values: number[]) => ({
      name,
      sample: () => {
        order.push(name);
        return values.shift() ?? Number.NaN;
      },
    });
    const medians = await medianByName([contender("a", [5, 1, 2]), contender("b", [6, 9, 7])], 3);
    expect(order.join("")).toBe("abbaab");
    expect([...medians]).toEqual([
      ["a", 2],
      ["b", 7],
    ]);
    expect(against("a", medians)).toEqual({ value: 2, peers: new Map([["b", 7]]) });
    expect(() => against("c", medians)).toThrow("c was not measured");
  });
});

test("CPU time is that of the work, not of waiting", async () => {
  const waiting = await cpuSeconds(() => new Promise((resolve) => setTimeout(resolve, 50)));
  const working = await cpuSeconds(() => {
    let sum = 0;
    for (let count = 0; count < 50_000_000; count += 1) {
      sum += count % 7;
    }
    return sum;
  });
  expect(working).toBeGreaterThan(waiting);
});

test("a rate is of as many repeats as fill the sample, and of one when one is longer", () => {
  let times = 0;
  const busy = (steps: number) => () => {
    times += 1;
    let sum = 0;
    for (let count = 0; count < steps; count += 1) {
      sum += count % 7;
    }
    return sum;
  };
  const quick = timesPerCpuSecond(busy(100_000), 0.02);
  expect(times).toBeGreaterThan(1);
  expect(times / quick).toBeGreaterThan(0.019);
  times = 0;
  const slow = timesPerCpuSecond(busy(20_000_000), 0.000_001);
  expect(times).toBe(1);
  expect(quick).toBeGreaterThan(slow);
});
