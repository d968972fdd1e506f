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

/** How a world's time follows the machine's. */
export interface TimeScale {
  /** ms of the world for each of the machine's */
  readonly scale: number;
  /** ms since 1970, when both said the same */
  readonly sinceMs: number;
}

/** The world's time: from one moment on `scale` times as fast as the machine's. At 1 it is the machine's. */
export function createScaledScheduler(machine: Scheduler, { scale, sinceMs }: TimeScale): Scheduler {
  if (scale === 1) return machine;
  return {
    now: () => sinceMs + (machine.now() - sinceMs) * scale,
    after: (delayMs, run) => machine.after(delayMs / scale, run),
  };
}

/** Resolves after `delayMs` of the scheduler's time. */
export function sleep(scheduler: Scheduler, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    scheduler.after(delayMs, resolve);
  });
}
