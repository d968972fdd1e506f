import type { Scheduler } from "../../links/scheduler.ts";
import type { Signal } from "./signal.ts";

/** Whether a mapping runs, and which of its lives this is: each loss of the region begins another. */
export interface Life {
  state(): "running" | "paused" | "down" | "stopped";
  /** The number of the present life. Work of an earlier one must change nothing. */
  current(): number;
  isAlive(life: number): boolean;
  isStopped(): boolean;
  setPaused(paused: boolean): void;
  setDown(down: boolean): void;
  stop(): void;
  /** Resolves when the region is there, or the mapping has stopped. */
  untilUp(): Promise<void>;
  untilResumed(life: number): Promise<void>;
  /** Waits so long, or until this life is over. */
  sleep(life: number, delayMs: number): Promise<void>;
  /** What the work gives, or `undefined` as soon as this life is over, whatever the work does. */
  unlessLost<T>(life: number, work: Promise<T>): Promise<T | undefined>;
}

export function createLife(signal: Signal, scheduler: Scheduler): Life {
  let paused = false;
  let down = false;
  let stopped = false;
  let current = 0;

  const isAlive = (life: number) => !stopped && !down && life === current;

  return {
    state: () => (stopped ? "stopped" : down ? "down" : paused ? "paused" : "running"),
    current: () => current,
    isAlive,
    isStopped: () => stopped,
    setPaused(isPaused) {
      paused = isPaused;
      signal.wake();
    },
    setDown(isDown) {
      if (isDown && !down) current += 1;
      down = isDown;
      signal.wake();
    },
    stop() {
      stopped = true;
      signal.wake();
    },
    async untilUp() {
      while (down && !stopped) await signal.wait();
    },
    async untilResumed(life) {
      while (paused && isAlive(life)) await signal.wait();
    },
    async sleep(life, delayMs) {
      const untilMs = scheduler.now() + delayMs;
      while (isAlive(life)) {
        const leftMs = untilMs - scheduler.now();
        if (leftMs <= 0) return;
        await signal.wait(leftMs);
      }
    },
    async unlessLost(life, work) {
      let done = false;
      const settled = work.finally(() => {
        done = true;
      });
      settled.catch(() => {}); // when this life is over, nobody is left to hear of it
      const lost = (async () => {
        while (isAlive(life) && !done) await signal.wait();
      })();
      await Promise.race([settled, lost]);
      signal.wake(); // ends the waiting for the loss
      return isAlive(life) ? settled : undefined;
    },
  };
}
