/** How long writes took to reach a peer, in ms, over the newest samples. */
export interface LagSummary {
  /** samples summed up */
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

export interface LagSamples {
  add(lagMs: number): void;
  /** The newest samples, in no order. */
  values(): readonly number[];
}

/** Enough for a steady p95 (25 samples above it), and 60 lanes of it are a quarter of a megabyte. */
const ringSize = 512;

/** Keeps the newest samples in a ring. */
export function createLagSamples(): LagSamples {
  const ring: number[] = [];
  let added = 0;
  return {
    add(lagMs) {
      ring[added % ringSize] = lagMs;
      added += 1;
    },
    values: () => ring,
  };
}

export function summarise(samples: readonly number[]): LagSummary {
  const sorted = samples.toSorted((left, right) => left - right);
  return {
    count: sorted.length,
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    maxMs: sorted.at(-1) ?? 0,
  };
}

/** Nearest rank; 0 when there is no sample. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
