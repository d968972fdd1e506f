import { describe, expect, it } from "vitest";
import { createVirtualTime } from "../../testing-time/virtual-time.ts";
import type { MetricIdentity } from "./metric.ts";
import { createMetricsStore } from "./metrics-store.ts";

const startMs = Date.UTC(2026, 0, 1);
const minuteMs = 60_000;
const orders: MetricIdentity = {
  namespace: "Shop",
  name: "Orders",
  dimensions: { service: "api", kind: "all" },
};

function createBench() {
  const time = createVirtualTime(startMs);
  const store = createMetricsStore({ now: time.now });
  const put = (value: number, atMs = time.now(), more: object = {}) =>
    store.record("eu-west-1", { ...orders, value, atMs, ...more });
  const sums = (query: object = {}) =>
    store
      .read("eu-west-1", { ...orders, fromMs: startMs, periodMs: minuteMs, periods: 3, ...query })
      .map((set) => set?.sum);
  return { time, store, put, sums };
}

describe("the metrics store", () => {
  it("adds values up by the minute, and has nothing where there were none", () => {
    const { put, sums } = createBench();
    put(1);
    put(2, startMs + 59_999);
    put(4, startMs + 2 * minuteMs);
    expect(sums()).toEqual([3, undefined, 4]);
    expect(sums({ periodMs: 3 * minuteMs, periods: 1 })).toEqual([7]);
  });

  it("tells metrics apart by region, namespace, name and each dimension, whatever their order", () => {
    const { store, put, sums } = createBench();
    put(1);
    expect(sums({ dimensions: { kind: "all", service: "api" } })).toEqual([1, undefined, undefined]);
    const others = [
      { dimensions: { service: "api" } },
      { dimensions: { service: "api", kind: "some" } },
      { name: "Carts" },
      { namespace: "Other" },
    ];
    for (const other of others) expect(sums(other)).toEqual([undefined, undefined, undefined]);
    const there = { ...orders, fromMs: startMs, periodMs: minuteMs, periods: 1 };
    expect(store.read("us-east-1", there)).toEqual([undefined]);
    expect(store.list("eu-west-1")).toEqual([orders]);
  });

  it("keeps units apart for those who ask for one", () => {
    const { put, sums } = createBench();
    put(1, startMs, { unit: "Count" });
    put(2, startMs, { unit: "Seconds" });
    expect(sums({ periods: 1 })).toEqual([3]);
    expect(sums({ periods: 1, unit: "Seconds" })).toEqual([2]);
    expect(sums({ periods: 1, unit: "None" })).toEqual([undefined]);
  });

  it("keeps high resolution by ten seconds; other values are at the start of their minute", () => {
    const { put, sums } = createBench();
    put(1, startMs + 25_000, { highResolution: true });
    put(2, startMs + 25_000);
    expect(sums({ periodMs: 10_000, periods: 4 })).toEqual([2, undefined, 1, undefined]);
    expect(sums({ periods: 1 })).toEqual([3]);
  });

  it("drops what is too old or too far ahead, and forgets after three hours", async () => {
    const { time, put, sums } = createBench();
    put(1);
    put(2, startMs + 2 * 3_600_000);
    put(4, startMs + 2 * 3_600_000 + 1);
    put(8, startMs - 3 * 3_600_000 - 1);
    expect(sums({ periodMs: 3_600_000, periods: 3 })).toEqual([1, undefined, 2]);
    await time.advance(3 * 3_600_000 + minuteMs);
    put(16);
    expect(sums({ periods: 1 })).toEqual([undefined]);
    expect(sums({ fromMs: time.now(), periods: 1 })).toEqual([16]);
  });

  it("holds so many metrics and no more, until old ones have fallen silent", async () => {
    const { time, store, put } = createBench();
    for (let index = 0; index < 10_000; index += 1) put(1, time.now(), { name: `Made-up ${index}` });
    put(1, time.now(), { name: "One too many" });
    expect(store.dropped()).toBe(1);
    expect(store.list("eu-west-1")).toHaveLength(10_000);
    await time.advance(4 * 3_600_000);
    put(1, time.now(), { name: "One too many" });
    expect(store.list("eu-west-1").map(({ name }) => name)).toEqual(["One too many"]);
  });
});
