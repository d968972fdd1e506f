/** Elapsed time and later calls. The world's own time: faults skew what a region sees of it, never this. */
export interface Scheduler {
  /** ms since 1970, never running backwards */
  now(): number;
  /** Calls `run` after `delayMs`, unless the returned function is called first. */
  after(delayMs: number, run: () => void): () => void;
}

/**
 * The machine's time. Started from the calendar and carried on by the monotonic counter, so that setting the
 * machine's clock does not shake the world. Pending calls do not keep the process alive.
 */
export function createWallScheduler(): Scheduler {
  const origin = Date.now() - performance.now();
  return {
    now: () => Math.floor(origin + performance.now()),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** Resolves after `delayMs` of the scheduler's time. */
export function sleep(scheduler: Scheduler, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    scheduler.after(delayMs, resolve);
  });
}
