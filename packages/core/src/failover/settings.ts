/** The numbers of failover and recovery runs. A test may take others; regions run with `defaultFailoverSettings`. */
export interface FailoverSettings {
  /** ms that a region waits for each one that is to run before it. */
  readonly takeOverMs: number;
  /** ms that a step may take. Whoever holds a run longer has died, and another instance goes on. */
  readonly leaseMs: number;
  /** ms after which an attempt that failed is made again; each time twice as long. */
  readonly retryMs: number;
  readonly retryMaxMs: number;
}

export const defaultFailoverSettings: FailoverSettings = {
  takeOverMs: 3 * 60_000, // a whole attempt, with every time-out, is over by then
  leaseMs: 90_000, // the longest step waits a minute for Route 53, and the store's own calls have some seconds
  retryMs: 30_000,
  retryMaxMs: 15 * 60_000, // a control plane that is back is found soon, and one that is away is not besieged
};

/** ms until the next attempt after the n-th one, from half the wait to all of it: regions that retry do not do so as one. */
export function retryAfterMs(attempt: number, chance: number, settings: FailoverSettings): number {
  const waitMs = Math.min(
    settings.retryMs * 2 ** Math.min(Math.max(attempt - 1, 0), 30),
    settings.retryMaxMs,
  );
  return Math.round(waitMs * (0.5 + chance / 2));
}
