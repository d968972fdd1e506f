import type { Scheduler } from "../links/scheduler.ts";

/** Time that passes only when a test says so: hours take milliseconds, and the same seed gives the same run. */
export interface VirtualTime extends Scheduler {
  sleep(delayMs: number): Promise<void>;
  /** Runs what is due within the next `durationMs`, in order, and ends exactly that much later. */
  advance(durationMs: number): Promise<void>;
  /**
   * Runs until the work settles and gives its result (or throws its error). Throws when nothing is scheduled that
   * could settle it, or when it takes longer than `limitMs` of virtual time.
   */
  run<T>(work: Promise<T>, limitMs?: number): Promise<T>;
  /** Calls not yet made. */
  scheduled(): number;
}

interface Call {
  readonly atMs: number;
  /** Calls due at one instant run in the order in which they were scheduled. */
  readonly order: number;
  readonly run: () => void;
}

const dayMs = 86_400_000;

/** All promise reactions run before the next macrotask, however many of them follow from each other. */
function settlePromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Starts at `startMs`, by default 2026-01-01. */
export function createVirtualTime(startMs = Date.UTC(2026, 0, 1)): VirtualTime {
  let nowMs = startMs;
  let order = 0;
  const calls = createCallQueue();

  function after(delayMs: number, run: () => void): () => void {
    order += 1;
    const call = { atMs: nowMs + Math.max(0, delayMs), order, run };
    calls.push(call);
    return () => calls.remove(call);
  }

  async function step(untilMs: number): Promise<boolean> {
    const next = calls.peek();
    if (next === undefined || next.atMs > untilMs) return false;
    calls.remove(next);
    nowMs = Math.max(nowMs, next.atMs);
    next.run();
    await settlePromises();
    return true;
  }

  return {
    // Whole ms, as a machine's clock shows them; calls keep their fractions.
    now: () => Math.floor(nowMs),
    after,
    sleep: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
    scheduled: () => calls.size(),
    async advance(durationMs) {
      const untilMs = nowMs + durationMs;
      await settlePromises();
      while (await step(untilMs)) {}
      nowMs = untilMs;
    },
    async run(work, limitMs = dayMs) {
      const untilMs = nowMs + limitMs;
      let settled = false;
      const mark = () => {
        settled = true;
      };
      work.then(mark, mark);
      await settlePromises();
      while (!settled) {
        if (!(await step(untilMs)) && !settled) {
          throw new Error(
            `nothing left to run within ${limitMs} ms of virtual time, and the work has not settled`,
          );
        }
      }
      return work;
    },
  };
}

interface CallQueue {
  push(call: Call): void;
  peek(): Call | undefined;
  remove(call: Call): void;
  size(): number;
}

function isBefore(left: Call, right: Call): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}

/** Sorted, last first, so that taking the next is a pop; tests keep a few hundred calls at most. */
function createCallQueue(): CallQueue {
  const calls: Call[] = [];

  function position(call: Call): number {
    let low = 0;
    let high = calls.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = calls[middle];
      if (at !== undefined && isBefore(call, at)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    push: (call) => void calls.splice(position(call), 0, call),
    peek: () => calls.at(-1),
    size: () => calls.length,
    remove(call) {
      const index = position(call);
      if (calls[index] === call) calls.splice(index, 1);
    },
  };
}
