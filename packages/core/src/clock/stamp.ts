import { type MalformedText, malformed } from "../ids/brand.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import { err, ok, type Result } from "../result/result.ts";

/**
 * A reading of a hybrid logical clock: physical ms since 1970, a counter within the ms, and who read it.
 * Two stamps are never equal unless they are one: an origin takes each above its last.
 */
export interface Stamp {
  readonly ms: number;
  readonly counter: number;
  readonly origin: Origin;
}

/** Region clocks agree within ms; minutes mean a broken clock, whose stamps would win for minutes. */
export const stampAheadMaxMs = 60_000;

const counterMax = 99_999; // five digits in the text; beyond them the ms moves on
const msMax = 999_999_999_999_999; // fifteen digits in the text
const textPattern = /^([0-9]{15})-([0-9]{5})-(.+)$/;

/** Negative, 0 or positive as for `Array.sort`: by ms, then counter, then origin. */
export function compareStamps(left: Stamp, right: Stamp): number {
  if (left.ms !== right.ms) {
    return left.ms - right.ms;
  }
  if (left.counter !== right.counter) {
    return left.counter - right.counter;
  }
  if (left.origin === right.origin) {
    return 0;
  }
  return left.origin < right.origin ? -1 : 1;
}

/** The stamp for a new write: above everything the writer has seen, and at least its own time. */
export function nextStamp(seen: Stamp | undefined, nowMs: number, origin: Origin): Stamp {
  if (seen === undefined || nowMs > seen.ms) {
    return { ms: nowMs, counter: 0, origin };
  }
  return seen.counter < counterMax
    ? { ms: seen.ms, counter: seen.counter + 1, origin }
    : { ms: seen.ms + 1, counter: 0, origin };
}

/** Merging never refuses: what was replicated is a fact, however wrong its writer's clock. */
export function latestStamp(left: Stamp, right: Stamp): Stamp {
  return compareStamps(left, right) >= 0 ? left : right;
}

export interface StampTooFarAhead {
  readonly type: "stamp-too-far-ahead";
  readonly aheadMs: number;
  readonly allowedMs: number;
}

/**
 * The door's check of a stamp that was not taken here: an import brings some. Clients bring none; of the times that they
 * bring, their operation ids', the door is `admitOperationId`. Only doors refuse.
 */
export function admitStamp(
  stamp: Stamp,
  nowMs: number,
  aheadMaxMs = stampAheadMaxMs,
): Result<Stamp, StampTooFarAhead> {
  const aheadMs = stamp.ms - nowMs;
  return aheadMs > aheadMaxMs
    ? err({ type: "stamp-too-far-ahead", aheadMs, allowedMs: aheadMaxMs })
    : ok(stamp);
}

/** `001754000000000-00000-us-east-1#1`: the texts sort as the stamps do. */
export function stampToText(stamp: Stamp): string {
  return `${String(stamp.ms).padStart(15, "0")}-${String(stamp.counter).padStart(5, "0")}-${stamp.origin}`;
}

export function textToStamp(text: string): Result<Stamp, MalformedText> {
  const [, ms, counter, origin] = textPattern.exec(text) ?? [];
  if (ms === undefined || counter === undefined || origin === undefined || !isOrigin(origin)) {
    return err(malformed("a stamp", text));
  }
  return Number(ms) <= msMax
    ? ok({ ms: Number(ms), counter: Number(counter), origin })
    : err(malformed("a stamp", text));
}
