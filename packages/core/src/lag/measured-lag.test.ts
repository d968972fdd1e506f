import { describe, expect, test } from "vitest";
import { origin } from "../testing/arbitraries.ts";
import { countArrivals } from "./arrivals.ts";
import { itemToMeasuredLag, lagKey, measuredLagToItem } from "./lag-item.ts";
import { lagBucketMax, summarizeLags } from "./lag-summary.ts";

const pair = { to: origin("us-east-1#1"), from: origin("eu-west-1#1") };
const dayMs = 86_400_000;
const noonMs = 20_000 * dayMs + dayMs / 2;

/** Round n is made n times ten seconds after noon. */
const atMs = (round: number) => noonMs + round * 10_000;
const arrival = (round: number, lagMs: number, kept = 30) => ({
  votes: {
    counter: round,
    atMsByRound: new Map(
      Array.from({ length: Math.min(kept, round) }, (_, back) => [round - back, atMs(round - back)]),
    ),
  },
  arrivedAtMs: atMs(round) + lagMs,
});

const lagsOf = (measured: ReturnType<typeof countArrivals>) => measured?.days.map(({ lags }) => lags);

describe("arrivals", () => {
  test("first are one sample: nobody knows when the rounds before came", () => {
    const measured = countArrivals(undefined, [arrival(7, 120)], pair);
    expect(measured).toEqual({
      ...pair,
      counter: 1,
      round: 7,
      days: [{ lags: summarizeLags([120]), firstMs: atMs(7) + 120, lastMs: atMs(7) + 120 }],
    });
  });

  test("after a cut link count for the rounds that were overtaken on it, as far as their times are kept", () => {
    const before = countArrivals(undefined, [arrival(7, 120)], pair);
    const measured = countArrivals(before, [arrival(10, 80)], pair);
    expect(lagsOf(measured)).toEqual([summarizeLags([120, 80, 10_080, 20_080])]);
    const long = countArrivals(before, [arrival(100, 80, 3)], pair);
    expect(lagsOf(long)).toEqual([summarizeLags([120, 80, 10_080, 20_080])]);
  });

  test("that came before and could not be counted do not count as late", () => {
    const before = countArrivals(undefined, [arrival(7, 120)], pair);
    const measured = countArrivals(before, [arrival(10, 80)], { ...pair, arrivedRound: 9 });
    expect(lagsOf(measured)).toEqual([summarizeLags([120, 80])]);
    const first = countArrivals(undefined, [arrival(10, 80)], { ...pair, arrivedRound: 8 });
    expect(lagsOf(first)).toEqual([summarizeLags([80, 10_080])]);
    expect(countArrivals(before, [arrival(9, 80)], { ...pair, arrivedRound: 9 })).toBeUndefined();
  });

  test("say nothing of rounds that are not made yet", () => {
    const { votes, arrivedAtMs } = arrival(7, 120);
    const ahead = { counter: 7, atMsByRound: new Map([...votes.atMsByRound, [8, atMs(8)]]) };
    expect(lagsOf(countArrivals(undefined, [{ votes: ahead, arrivedAtMs }], pair))).toEqual([
      summarizeLags([120]),
    ]);
  });

  test("by a clock that is behind the writer's are none", () => {
    expect(lagsOf(countArrivals(undefined, [arrival(7, -300)], pair))).toEqual([summarizeLags([0])]);
  });

  test("of a new day begin a new one; the day before stays, the one before that does not", () => {
    const nextDay = dayMs / 10_000; // rounds
    let measured = countArrivals(undefined, [arrival(1, 10)], pair);
    for (const day of [1, 2]) {
      measured = countArrivals(measured, [arrival(1 + day * nextDay, 10 + day, 1)], pair);
    }
    expect(lagsOf(measured)).toEqual([summarizeLags([12]), summarizeLags([11])]);
    const back = arrival(2 + 2 * nextDay, -2 * dayMs, 1); // the clock was set back
    const after = countArrivals(measured, [back], pair);
    expect(lagsOf(after)).toEqual([summarizeLags([12, 0]), summarizeLags([11])]);
    expect(after?.days[0]?.lastMs).toBe(measured?.days[0]?.lastMs);
  });
});

describe("the item", () => {
  const measured = {
    ...pair,
    counter: 3,
    round: 9,
    days: [{ lags: summarizeLags([80, 90, 90]), firstMs: 5, lastMs: 9 }],
  };
  const item = measuredLagToItem(measured);
  const day = { sum: 10, min: 5, max: 5, buckets: { 4: 2 }, first: 1, last: 2 };

  test("is one of the measuring region's partition", () => {
    expect(item).toMatchObject(lagKey(pair.to, pair.from));
    expect(itemToMeasuredLag({ ...item, days: [day, day] }).ok).toBe(true);
  });

  test.each<[string, string, Parameters<typeof itemToMeasuredLag>[0]]>([
    ["another key", "pk", { ...item, pk: "LAG#us" }],
    ["another key", "sk", { ...item, sk: "VOTES" }],
    ["an attribute more", "more", { ...item, more: 1 }],
    ["no counter", "v", { ...item, v: 0 }],
    ["no round", "round", { ...item, round: -1 }],
    ["no days", "days", { ...item, days: [] }],
    ["more days than are kept", "days", { ...item, days: [day, day, day] }],
    ["a day that is none", "days", { ...item, days: ["today"] }],
    ["no samples", "days", { ...item, days: [{ ...day, buckets: {} }] }],
    ["an empty bucket", "days", { ...item, days: [{ ...day, buckets: { 4: 2, 5: 0 } }] }],
    ["a bucket beyond a day", "days", { ...item, days: [{ ...day, buckets: { [lagBucketMax + 1]: 2 } }] }],
    ["a bucket that is no number", "days", { ...item, days: [{ ...day, buckets: { "04": 2 } }] }],
    ["a member more", "days", { ...item, days: [{ ...day, more: 1 }] }],
    ["no time", "days", { ...item, days: [{ ...day, last: "now" }] }],
    ["a sum below its samples", "days", { ...item, days: [{ ...day, sum: 9 }] }],
    ["a sum above its samples", "days", { ...item, days: [{ ...day, sum: 11 }] }],
    ["a least above the most", "days", { ...item, days: [{ ...day, min: 6, max: 5 }] }],
  ])("is not understood with %s (%s)", (_what, attribute, strange) => {
    expect(itemToMeasuredLag(strange)).toMatchObject({ ok: false, error: { attribute } });
  });
});
