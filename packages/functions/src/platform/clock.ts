import type { Clock } from "@antipode/core";

export const systemClock: Clock = { nowMs: () => Date.now() };

/** Resolves after that many ms. */
export type Delay = (ms: number) => Promise<void>;

export const systemDelay: Delay = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
