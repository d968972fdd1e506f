import type { Rebuilt } from "../dispatcher/catalog/rebuild-view.ts";

export interface FailedProduct {
  /** The partition key, which is a product's unless that is what is wrong. */
  readonly product: string;
  readonly reason: string;
}

/** What a run has done so far. */
export interface Tally {
  rebuilt: number;
  upToDate: number;
  /** Products whose first edit is still on its way: the stream will bring them. */
  incomplete: number;
  failedInAll: number;
  /** The first hundred of them; the log has all. */
  readonly failed: FailedProduct[];
}

/** An answer of a million failures would be too large to be given. */
const failuresShownMax = 100;

export function emptyTally(): Tally {
  return { rebuilt: 0, upToDate: 0, incomplete: 0, failedInAll: 0, failed: [] };
}

const countByOutcome = {
  written: "rebuilt",
  "up-to-date": "upToDate",
  incomplete: "incomplete",
} as const satisfies Readonly<Record<Rebuilt, keyof Tally>>;

export function countOutcome(tally: Tally, outcome: Rebuilt): void {
  tally[countByOutcome[outcome]] += 1;
}

export function countFailure(tally: Tally, product: string, reason: string): void {
  tally.failedInAll += 1;
  if (tally.failed.length < failuresShownMax) {
    tally.failed.push({ product, reason });
  }
}
