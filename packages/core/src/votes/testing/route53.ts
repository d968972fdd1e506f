/*
 * Route 53's health checks as they bear on drains: a check looks every ten seconds and changes after three looks in a
 * row that say otherwise.
 */

export interface Check {
  readonly healthy: boolean;
  /** Looks in a row that contradict `healthy`. */
  readonly against: number;
}

export const checkEveryMs = 10_000;
export const checkThreshold = 3;

/** The check that lets a region that comes back wait: all looks of two minutes must say the same. */
export const slowCheckEveryMs = 30_000;
export const slowCheckThreshold = 5;

export function look(check: Check, answered: boolean, threshold = checkThreshold): Check {
  if (answered === check.healthy) {
    return { ...check, against: 0 };
  }
  return check.against + 1 >= threshold
    ? { healthy: answered, against: 0 }
    : { ...check, against: check.against + 1 };
}

/** A region's record is answered while its calculated check is healthy: its own, and one of the inverted vote checks. */
export function isAnswered(own: Check, votes: readonly Check[]): boolean {
  const inverted = votes.map(({ healthy }) => !healthy);
  return own.healthy && inverted.some((healthy) => healthy);
}

/** ms from an answer until Route 53 goes by it: its age in the function, three looks, and one that was just missed. */
export const shiftWithinMs = 5_000 + checkThreshold * checkEveryMs + checkEveryMs;

/** ms after which the slow check has turned. */
export const slowTurnsWithinMs = (slowCheckThreshold + 1) * slowCheckEveryMs;

/** ms from a region's word that all shoppers may come until all are led to it. */
export const wholeWithinMs = 5_000 + slowTurnsWithinMs;
