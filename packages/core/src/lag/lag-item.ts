import { isOrigin, type Origin } from "../ids/origin.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  isItemList,
  isItemMap,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";
import { type LagSummary, lagBucketMax } from "./lag-summary.ts";

/*
 * What a region keeps of the way from another one to itself: an item of a table of its own, which does not replicate. Who
 * writes it is that region's reader of Control's stream.
 */

/** The samples of one day, in UTC by the measuring region's clock. */
export interface LagDay {
  readonly lags: LagSummary;
  /** When its first and its last sample arrived, by the measuring region's clock. */
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface MeasuredLag {
  /** Who measures: what it writes down is what arrives there. */
  readonly to: Origin;
  readonly from: Origin;
  /** Grows with every write. */
  readonly counter: number;
  /** The newest round of the other region that was counted. */
  readonly round: number;
  /** The last days that had samples, the newest first. */
  readonly days: readonly LagDay[];
}

/** Today and the day before: shortly after midnight there must be something to go by. */
export const lagDaysMax = 2;

/** All that a region measured: one partition, read at once. */
export function lagPartition(to: Origin): string {
  return `LAG#${to}`;
}

export function lagKey(to: Origin, from: Origin): ItemKey {
  return { pk: lagPartition(to), sk: from };
}

const bucketPattern = /^(?:0|[1-9][0-9]{0,3})$/;

function readBuckets(value: ItemValue | undefined): ReadonlyMap<number, number> | undefined {
  const entries = isItemMap(value) ? Object.entries(value) : [];
  const buckets = new Map<number, number>();
  for (const [name, count] of entries) {
    if (!bucketPattern.test(name) || Number(name) > lagBucketMax || !isCounter(count) || count === 0) {
      return undefined;
    }
    buckets.set(Number(name), count);
  }
  return buckets.size === 0 ? undefined : buckets;
}

const dayMembers: ReadonlySet<string> = new Set(["sum", "min", "max", "buckets", "first", "last"]);

function readDay(value: ItemValue): LagDay | undefined {
  const members = isItemMap(value) ? value : {};
  const { sum, min, max, first, last } = members;
  const countByBucket = readBuckets(members["buckets"]);
  if (countByBucket === undefined || Object.keys(members).some((name) => !dayMembers.has(name))) {
    return undefined;
  }
  if (!isCounter(sum) || !isCounter(min) || !isCounter(max) || !isCounter(first) || !isCounter(last)) {
    return undefined;
  }
  const count = [...countByBucket.values()].reduce((all, some) => all + some, 0);
  const isOfOneKind = min <= max && sum >= min * count && sum <= max * count;
  return isOfOneKind
    ? { lags: { count, sumMs: sum, minMs: min, maxMs: max, countByBucket }, firstMs: first, lastMs: last }
    : undefined;
}

function readDays(value: ItemValue | undefined): readonly LagDay[] | undefined {
  const days = isItemList(value) ? value.map(readDay) : [];
  const known = days.flatMap((day) => (day === undefined ? [] : [day]));
  return days.length > 0 && days.length <= lagDaysMax && known.length === days.length ? known : undefined;
}

/** Reads what a region measured of another one. */
export function itemToMeasuredLag(item: StoredItem): Result<MeasuredLag, ItemNotUnderstood> {
  const { pk, sk: from, v, round, days: said, ...more } = item;
  const to = pk.startsWith("LAG#") ? pk.slice("LAG#".length) : "";
  if (!isOrigin(to) || !isOrigin(from)) {
    return err(notUnderstood(item, isOrigin(to) ? "sk" : "pk", "not of two regions"));
  }
  const [unknown] = Object.keys(more);
  if (unknown !== undefined) {
    return err(notUnderstood(item, unknown, "unknown attribute"));
  }
  if (!isCounter(v) || v === 0 || !isCounter(round)) {
    return err(notUnderstood(item, isCounter(round) ? "v" : "round", "not a counter"));
  }
  const days = readDays(said);
  return days === undefined
    ? err(notUnderstood(item, "days", "not lags of days"))
    : ok({ to, from, counter: v, round, days });
}

/** Writes what `itemToMeasuredLag` reads. */
export function measuredLagToItem({ to, from, counter, round, days }: MeasuredLag): StoredItem {
  return {
    ...lagKey(to, from),
    v: counter,
    round,
    days: days.map(({ lags, firstMs, lastMs }) => ({
      sum: lags.sumMs,
      min: lags.minMs,
      max: lags.maxMs,
      buckets: Object.fromEntries([...lags.countByBucket].map(([bucket, count]) => [String(bucket), count])),
      first: firstMs,
      last: lastMs,
    })),
  };
}
