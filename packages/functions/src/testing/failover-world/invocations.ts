/** A function's invocations, several at a time, each of which waits for what takes time: as Lambda runs them, on virtual time. */
export interface Invocations {
  /** Begins one. Resolves when it waits or has ended. */
  start(run: (waiting: Waiting) => Promise<unknown>): Promise<void>;
  /** Goes on with those whose wait is over. */
  wake(): Promise<void>;
  /** What runs is lost, as with its region, or when the function crashes. */
  drop(): void;
}

export interface Waiting {
  readonly delay: (ms: number) => Promise<void>;
  readonly timeLeftMs: () => number;
}

export interface InvocationsOptions {
  readonly nowMs: () => number;
  readonly timeoutMs: number;
  /** Told of one that failed, or that was cut off by its time-out. */
  readonly onFailure: (error: unknown) => void;
}

interface Invocation {
  readonly startedMs: number;
  wait?: { readonly dueMs: number; readonly goOn: () => void };
  parked: () => void;
  ended: Promise<void>;
}

export function createInvocations({ nowMs, timeoutMs, onFailure }: InvocationsOptions): Invocations {
  const underway = new Set<Invocation>();

  /** Resolves when the invocation waits again, or has ended. */
  async function untilStill(invocation: Invocation, goOn: () => void): Promise<void> {
    const still = new Promise<void>((resolve) => {
      invocation.parked = resolve;
    });
    goOn();
    await Promise.race([still, invocation.ended]);
  }

  return {
    async start(run) {
      const startedMs = nowMs();
      const invocation: Invocation = { startedMs, parked: () => {}, ended: new Promise(() => {}) };
      underway.add(invocation);
      const delay = (ms: number) =>
        new Promise<void>((resolve) => {
          if (underway.has(invocation)) {
            invocation.wait = { dueMs: nowMs() + ms, goOn: resolve };
            invocation.parked();
          }
        });
      await untilStill(invocation, () => {
        invocation.ended = run({ delay, timeLeftMs: () => timeoutMs - (nowMs() - startedMs) })
          .catch(onFailure)
          .then(() => {
            underway.delete(invocation);
          });
      });
    },

    async wake() {
      for (const invocation of underway) {
        const { wait, startedMs } = invocation;
        if (nowMs() - startedMs >= timeoutMs) {
          underway.delete(invocation);
          onFailure(new Error("a run was cut off by its time-out"));
        } else if (wait !== undefined && wait.dueMs <= nowMs()) {
          delete invocation.wait;
          await untilStill(invocation, wait.goOn);
        }
      }
    },

    drop() {
      underway.clear();
    },
  };
}
