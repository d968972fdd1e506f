import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { itemBytes } from "../items/item-size.ts";
import { origin } from "../testing/arbitraries.ts";
import { type Arrival, countArrivals } from "./arrivals.ts";
import { itemToMeasuredLag, lagDaysMax, type MeasuredLag, measuredLagToItem } from "./lag-item.ts";
import { lagBucketMax, lagErrorMax, lagMaxMs, mergeLags, noLags, summarizeLags } from "./lag-summary.ts";

const pair = { to: origin("us-east-1#1"), from: origin("eu-west-1#1") };
const startMs = 20_000 * 86_400_000;
const roundMs = 10_000;

/** The rounds of a region: some of them arrive, in order, each some time after it was made. */
const anyRounds = fc.array(
  fc.record({
    everyMs: fc.oneof(fc.constant(roundMs), fc.nat({ max: 86_400_000 })),
    delayMs: fc.nat({ max: 120_000 }),
    arrives: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

function arrivalsOf(
  rounds: readonly { everyMs: number; delayMs: number; arrives: boolean }[],
  kept = 30,
): readonly Arrival[] {
  const arrivals: Arrival[] = [];
  let atMs = startMs;
  let arrivedAtMs = startMs;
  const times: [number, number][] = [];
  rounds.forEach(({ everyMs, delayMs, arrives }, index) => {
    atMs += everyMs;
    arrivedAtMs = Math.max(arrivedAtMs, atMs + delayMs);
    times.push([index + 1, atMs]);
    if (arrives) {
      arrivals.push({ votes: { counter: index + 1, atMsByRound: new Map(times.slice(-kept)) }, arrivedAtMs });
    }
  });
  return arrivals;
}

/** One at a time, as a store would hold it between. */
function countOneByOne(arrivals: readonly Arrival[]): MeasuredLag | undefined {
  return arrivals.reduce<MeasuredLag | undefined>((known, arrival) => {
    const next = countArrivals(known, [arrival], pair);
    if (next === undefined) {
      return known;
    }
    const read = itemToMeasuredLag(measuredLagToItem(next));
    return read.ok ? read.value : undefined;
  }, undefined);
}

const samplesOf = (measured: MeasuredLag | undefined) =>
  (measured?.days ?? []).map(({ lags }) => lags).reduce(mergeLags, noLags);

const withoutCounter = (measured: MeasuredLag | undefined) => ({ ...measured, counter: 0 });

describe("what a region measures of another one's rounds", () => {
  test("is the same in one batch, one by one through the store, and with records that come again", () => {
    fc.assert(
      fc.property(anyRounds, fc.array(fc.nat()), (rounds, repeats) => {
        const arrivals = arrivalsOf(rounds);
        const once = countOneByOne(arrivals);
        expect(withoutCounter(countArrivals(undefined, arrivals, pair))).toEqual(withoutCounter(once));
        const again = repeats.flatMap((at) => arrivals.slice(0, at % (arrivals.length + 1)));
        expect(countArrivals(once, again, pair)).toBeUndefined();
        const repeated = arrivals.flatMap((arrival, at) => [arrival, ...arrivals.slice(0, at + 1)]);
        expect(withoutCounter(countOneByOne(repeated))).toEqual(withoutCounter(once));
      }),
    );
  });

  test("has every round from the first arrival on once: until it came, or until the one that overtook it did", () => {
    fc.assert(
      fc.property(anyRounds, (rounds) => {
        const sameDay = rounds.map((round) => ({ ...round, everyMs: roundMs }));
        const arrivals = arrivalsOf(sameDay, Number.POSITIVE_INFINITY);
        const [first] = arrivals;
        const expected = sameDay.flatMap((_, index) => {
          const round = index + 1;
          const seen = arrivals.find(({ votes }) => votes.counter >= round);
          return first === undefined || seen === undefined || round < first.votes.counter
            ? []
            : [seen.arrivedAtMs - (startMs + round * roundMs)];
        });
        expect(samplesOf(countOneByOne(arrivals))).toEqual(summarizeLags(expected));
      }),
    );
  });

  test("keeps the last days, the newest first, each by when its samples came", () => {
    fc.assert(
      fc.property(anyRounds, (rounds) => {
        const { days = [] } = countOneByOne(arrivalsOf(rounds)) ?? {};
        expect(days.length).toBeLessThanOrEqual(lagDaysMax);
        for (const { firstMs, lastMs } of days) {
          expect(firstMs).toBeLessThanOrEqual(lastMs);
          expect(Math.floor(firstMs / 86_400_000)).toBe(Math.floor(lastMs / 86_400_000));
        }
        const [newest, before] = days.map(({ firstMs }) => Math.floor(firstMs / 86_400_000));
        expect(newest ?? 0).toBeGreaterThan(before ?? -1);
      }),
    );
  });
});

describe("its item", () => {
  test("reads back as it was written", () => {
    fc.assert(
      fc.property(anyRounds, (rounds) => {
        const measured = countArrivals(undefined, arrivalsOf(rounds), pair);
        fc.pre(measured !== undefined);
        expect(itemToMeasuredLag(measuredLagToItem(measured as MeasuredLag))).toEqual({
          ok: true,
          value: measured,
        });
      }),
    );
  });

  test("is bounded: with samples in every bucket of every day, and more than come in a year, 32 KB", () => {
    const every = Array.from({ length: lagBucketMax + 1 }, (_, bucket) => bucket);
    const full = {
      ...summarizeLags([0, lagMaxMs]),
      count: 3_153_600 * every.length,
      countByBucket: new Map(every.map((bucket) => [bucket, 3_153_600])),
    };
    const day = { lags: full, firstMs: startMs, lastMs: startMs };
    const item = measuredLagToItem({ ...pair, counter: 9_999_999, round: 9_999_999, days: [day, day] });
    expect(itemBytes(item)).toBeLessThan(32 * 1024);
    expect(lagBucketMax).toBe(
      Math.ceil(Math.log(lagMaxMs) / Math.log((1 + lagErrorMax) / (1 - lagErrorMax))),
    );
  });

  test("is some 3 KB for two days of lags as a network has them: three write units a round", () => {
    const lagsMs = Array.from(
      { length: 8_640 },
      (_, index) => 80 - 150 * Math.log(1 - (index + 0.5) / 8_640),
    );
    const day = { lags: summarizeLags(lagsMs), firstMs: startMs, lastMs: startMs };
    const item = measuredLagToItem({ ...pair, counter: 9_999_999, round: 9_999_999, days: [day, day] });
    expect(itemBytes(item)).toBeLessThan(4 * 1024);
  });
});
