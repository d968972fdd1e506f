/** The world's time, as those who drill it see it from outside. */
export interface WorldTime {
  now(): number;
  /** Resolves after `delayMs` of the world. */
  sleep(delayMs: number): Promise<void>;
}

export function createWorldTime(now: () => number, scale: number): WorldTime {
  return {
    now,
    sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, Math.max(0, delayMs) / scale)),
  };
}

/** `31.4 s` */
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
