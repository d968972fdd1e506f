import { setTimeout as pause } from "node:timers/promises";

/** The provider's time: the machine's, or from one moment on `scale` times as fast, for a world whose time is. */
export interface TimeScale {
  readonly scale: number;
  /** ms since 1970, when both said the same */
  readonly sinceMs: number;
}

export interface SandboxTime {
  nowMs(): number;
  wait(ms: number): Promise<void>;
  /** Calls `run` after that long, unless the returned function is called first. */
  after(ms: number, run: () => void): () => void;
  /** So much later at once; waits under way are not shortened. */
  pass(ms: number): void;
}

export function createSandboxTime({ scale, sinceMs }: TimeScale): SandboxTime {
  let aheadMs = 0;
  return {
    nowMs: () => sinceMs + (Date.now() - sinceMs) * scale + aheadMs,
    wait: (ms) => pause(ms / scale),
    after(ms, run) {
      const timer = setTimeout(run, ms / scale);
      return () => clearTimeout(timer);
    },
    pass(ms) {
      aheadMs += ms;
    },
  };
}
