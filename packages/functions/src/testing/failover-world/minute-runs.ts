/** A function that a schedule starts each minute, and that waits within its run: as Lambda would run it, on virtual time. */
export interface MinuteRuns {
  /** Begins a run, unless one goes on. Resolves when it waits or has ended. */
  start(): Promise<void>;
  /** Goes on with a run whose wait is over. */
  wake(): Promise<void>;
  /** What runs is lost, as with its region. */
  drop(): void;
  isRunning(): boolean;
}

export interface MinuteRunsOptions {
  readonly nowMs: () => number;
  /** Begins a run. Whatever it waits for it does through `delay`. */
  readonly run: (delay: (ms: number) => Promise<void>, timeLeftMs: () => number) => Promise<unknown>;
  /** Told of a run that failed. */
  readonly onFailure: (error: unknown) => void;
}

/** ms that Lambda gives a run. */
const timeoutMs = 59_000;

export function createMinuteRuns({ nowMs, run, onFailure }: MinuteRunsOptions): MinuteRuns {
  let waiting: { readonly dueMs: number; readonly goOn: () => void } | undefined;
  let running: { readonly number: number; readonly ended: Promise<void> } | undefined;
  let parked = () => {};
  let number = 0;

  /** Resolves when the run waits again, or has ended. */
  async function untilStill(goOn: () => void): Promise<void> {
    const still = new Promise<void>((resolve) => {
      parked = resolve;
    });
    goOn();
    await Promise.race([still, running?.ended]);
  }

  return {
    async start() {
      if (running !== undefined) {
        return;
      }
      number += 1;
      const own = number;
      const startedMs = nowMs();
      const delay = (ms: number) =>
        new Promise<void>((resolve) => {
          if (running?.number === own) {
            waiting = { dueMs: nowMs() + ms, goOn: resolve };
            parked();
          }
        });
      await untilStill(() => {
        const ended = run(delay, () => timeoutMs - (nowMs() - startedMs)).then(
          () => {},
          (error: unknown) => onFailure(error),
        );
        running = {
          number: own,
          ended: ended.then(() => {
            running = running?.number === own ? undefined : running;
          }),
        };
      });
    },
    async wake() {
      if (waiting !== undefined && waiting.dueMs <= nowMs()) {
        const { goOn } = waiting;
        waiting = undefined;
        await untilStill(goOn);
      }
    },
    drop() {
      running = undefined;
      waiting = undefined;
    },
    isRunning: () => running !== undefined,
  };
}
