import { err, ok, type Result } from "@antipode/core";

/** Values of a metric in one stretch of time, as CloudWatch keeps them: no single value, but enough for each statistic. */
export interface StatisticSet {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** How often each value came; absent while all are alike, which most are. */
  readonly distribution?: ReadonlyMap<number, number>;
}

/** Beyond so many different values they are kept to two digits, which bounds a distribution at some hundreds of entries. */
const exactValuesMax = 256;

/** A set that still grows: a busy metric takes a thousand values a second. */
export interface GrowingSet extends StatisticSet {
  count: number;
  sum: number;
  min: number;
  max: number;
  distribution?: Map<number, number>;
}

export function newSet(value: number, count: number): GrowingSet {
  return { count, sum: value * count, min: value, max: value };
}

export function addValue(set: GrowingSet, value: number, count: number): void {
  if (value !== set.min || value !== set.max) {
    set.distribution ??= new Map([[set.min, set.count]]);
    countValue(set.distribution, value, count);
  }
  set.count += count;
  set.sum += value * count;
  set.min = Math.min(set.min, value);
  set.max = Math.max(set.max, value);
}

/** Both together; neither is changed. */
export function merged(left: StatisticSet, right: StatisticSet): StatisticSet {
  const sums = {
    count: left.count + right.count,
    sum: left.sum + right.sum,
    min: Math.min(left.min, right.min),
    max: Math.max(left.max, right.max),
  };
  if (sums.min === sums.max) return sums;
  const distribution = new Map(distributionOf(left));
  for (const [value, count] of distributionOf(right)) countValue(distribution, value, count);
  return { ...sums, distribution };
}

function countValue(distribution: Map<number, number>, value: number, count: number): void {
  const isExact = distribution.has(value) || distribution.size < exactValuesMax;
  const key = isExact ? value : Number(value.toPrecision(2));
  distribution.set(key, (distribution.get(key) ?? 0) + count);
}

const distributionOf = ({ distribution, min, count }: StatisticSet): ReadonlyMap<number, number> =>
  distribution ?? new Map([[min, count]]);

/** Reads one number off a set. */
export type Statistic = (set: StatisticSet) => number;

const plain: Readonly<Record<string, Statistic>> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

export const plainStatistics: readonly string[] = Object.keys(plain);

/** The statistic of that name: one of the five plain ones, or a percentile such as `p99` or `p99.9`. */
export function statisticNamed(name: string): Result<Statistic, string> {
  const found = plain[name];
  if (found !== undefined) return ok(found);
  const percent = percentOf(name);
  if (percent === undefined)
    return err(`statistic ${name} is not run: ${plainStatistics.join(", ")} and percentiles are`);
  return ok((set) => percentile(set, percent / 100));
}

/** 99 of `p99`; nothing for what is no percentile. */
export function percentOf(statistic: string): number | undefined {
  const digits = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(statistic)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The smallest value that so large a share does not exceed. */
function percentile({ count, min, distribution }: StatisticSet, share: number): number {
  if (distribution === undefined) return min;
  const rank = Math.max(1, Math.ceil(share * count));
  let seen = 0;
  let last = min;
  for (const [value, times] of [...distribution].sort(([left], [right]) => left - right)) {
    seen += times;
    last = value;
    if (seen >= rank) break;
  }
  return last;
}
