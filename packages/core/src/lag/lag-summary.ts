/*
 * Lags of one direction between two regions, as a histogram whose buckets grow by a constant factor (DDSketch: Masson,
 * Rim and Lee, VLDB 2019). Its size is bounded whatever comes in, and two of them add up to that of all samples.
 */

/** How far a quantile may be from that of the samples themselves, as a share of it; below 1 ms it is up to 1 ms. */
export const lagErrorMax = 0.01;

/** A longer lag counts as this one: a day, after which DynamoDB has dropped a replica that cannot be reached. */
export const lagMaxMs = 24 * 60 * 60 * 1_000;

const growth = (1 + lagErrorMax) / (1 - lagErrorMax);

export interface LagSummary {
  readonly count: number;
  /** Of whole ms, so that adding in another order gives the same. */
  readonly sumMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** How many samples lie in each bucket that has any: number n holds those up to `growth` to the n-th ms. */
  readonly countByBucket: ReadonlyMap<number, number>;
}

export const noLags: LagSummary = {
  count: 0,
  sumMs: 0,
  minMs: Number.POSITIVE_INFINITY,
  maxMs: 0,
  countByBucket: new Map(),
};

function bucketOf(ms: number): number {
  return ms <= 1 ? 0 : Math.ceil(Math.log(ms) / Math.log(growth));
}

/** The bucket of the longest lag. */
export const lagBucketMax = bucketOf(lagMaxMs);

/** The summary of some samples. A lag below 0 is one of clocks that are apart, and counts as none. */
export function summarizeLags(samplesMs: Iterable<number>): LagSummary {
  const countByBucket = new Map<number, number>();
  let { count, sumMs, minMs, maxMs } = noLags;
  for (const sampleMs of samplesMs) {
    const ms = Math.min(lagMaxMs, Math.max(0, Math.round(sampleMs)));
    const bucket = bucketOf(ms);
    countByBucket.set(bucket, (countByBucket.get(bucket) ?? 0) + 1);
    count += 1;
    sumMs += ms;
    minMs = Math.min(minMs, ms);
    maxMs = Math.max(maxMs, ms);
  }
  return { count, sumMs, minMs, maxMs, countByBucket };
}

/** The summary of both's samples. */
export function mergeLags(left: LagSummary, right: LagSummary): LagSummary {
  const countByBucket = new Map(left.countByBucket);
  for (const [bucket, count] of right.countByBucket) {
    countByBucket.set(bucket, (countByBucket.get(bucket) ?? 0) + count);
  }
  return {
    count: left.count + right.count,
    sumMs: left.sumMs + right.sumMs,
    minMs: Math.min(left.minMs, right.minMs),
    maxMs: Math.max(left.maxMs, right.maxMs),
    countByBucket,
  };
}

/** ms that the mean sample took; nothing without samples. */
export function meanLagMs({ count, sumMs }: LagSummary): number | undefined {
  return count === 0 ? undefined : sumMs / count;
}

/**
 * ms that the given share of the samples took at most, within `lagErrorMax`; nothing without samples. 0.5 is the
 * median.
 */
export function lagQuantileMs(summary: LagSummary, share: number): number | undefined {
  const rank = Math.max(1, Math.ceil(share * summary.count));
  let seen = 0;
  for (const [bucket, count] of [...summary.countByBucket].sort(([left], [right]) => left - right)) {
    seen += count;
    if (seen >= rank) {
      const middleMs = (2 * growth ** bucket) / (growth + 1);
      return Math.min(summary.maxMs, Math.max(summary.minMs, middleMs));
    }
  }
  return undefined;
}

/**
 * The share of the samples that took at most so long: the measured probability that a read sees a write by then. It is
 * the samples' own share for some time from t to t and two hundredths; nothing without samples.
 */
export function lagShareWithin({ count, countByBucket }: LagSummary, withinMs: number): number | undefined {
  if (count === 0) {
    return undefined;
  }
  const last = withinMs < 0 ? -1 : bucketOf(withinMs);
  let within = 0;
  for (const [bucket, samples] of countByBucket) {
    within += bucket <= last ? samples : 0;
  }
  return within / count;
}
