import type { Scheduler } from "../../links/scheduler.ts";

/** Wakes a waiting loop. What happens while nobody waits is not remembered: look before waiting. */
export interface Signal {
  wake(): void;
  /** Resolves at the next wake, or after `timeoutMs` of the scheduler's time. */
  wait(timeoutMs?: number): Promise<void>;
}

export function createSignal(scheduler: Scheduler): Signal {
  const waiting = new Set<() => void>();
  return {
    wake() {
      for (const resolve of waiting) resolve();
    },
    wait: (timeoutMs) =>
      new Promise((resolve) => {
        const finish = () => {
          cancel();
          waiting.delete(finish);
          resolve();
        };
        const cancel = timeoutMs === undefined ? () => {} : scheduler.after(timeoutMs, finish);
        waiting.add(finish);
      }),
  };
}
