import type { Figure } from "./figure.ts";

/** How much is measured. A test runs every bench with the least. */
export interface Effort {
  /** Rounds of warm and in-process work; each samples every contender once. */
  readonly rounds: number;
  /** Fresh processes of each contender. */
  readonly coldStarts: number;
  /** Share of the calls, carts or records that a sample of the full run holds. */
  readonly scale: number;
}

/** Nine rounds leave the median where it is when a neighbour takes a core for a third of them. */
export const fullEffort: Effort = { rounds: 9, coldStarts: 9, scale: 1 };

export const leastEffort: Effort = { rounds: 1, coldStarts: 1, scale: 0.01 };

export function scaled(count: number, effort: Effort): number {
  return Math.max(1, Math.round(count * effort.scale));
}

export interface Bench {
  readonly name: string;
  readonly run: (effort: Effort, report: (progress: string) => void) => Promise<readonly Figure[]>;
}
