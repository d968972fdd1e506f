import { describe, expect, it } from "vitest";
import { createRandom, exponential, integerBetween, pick } from "./random.ts";

const draws = (seed: string | number, count: number) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random());
};

describe("seeded chance", () => {
  it("repeats itself for one seed and not for a near one", () => {
    expect(draws(1, 20)).toEqual(draws(1, 20));
    expect(draws(1, 20)).toEqual(draws("1", 20));
    expect(draws(1, 20)).not.toEqual(draws(2, 20));
  });

  it("is spread evenly over 0 to 1", () => {
    const buckets = Array.from({ length: 10 }, () => 0);
    for (const draw of draws("spread", 10_000))
      buckets[Math.floor(draw * 10)] = (buckets[Math.floor(draw * 10)] ?? 0) + 1;
    for (const bucket of buckets) {
      expect(bucket).toBeGreaterThan(880);
      expect(bucket).toBeLessThan(1120);
    }
  });

  it("has exponential delays of the asked mean, and whole numbers with both ends", () => {
    const random = createRandom("mean");
    const delays = Array.from({ length: 20_000 }, () => exponential(random, 50));
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
    expect(mean).toBeGreaterThan(48);
    expect(mean).toBeLessThan(52);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    const rolls = new Set(Array.from({ length: 200 }, () => integerBetween(random, 1, 6)));
    expect([...rolls].toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(() => pick(random, [])).toThrow("nothing to pick from");
  });
});
