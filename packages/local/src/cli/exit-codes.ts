/** What every command exits with, 0 apart: documented in README.md. */
export const exitCodes = {
  /** It could not do it, or a promise was broken. */
  failed: 1,
  /** It was called wrongly, and nothing was done. */
  usage: 2,
  /** By a signal, before it was through. */
  interrupted: 130,
} as const;
