/** One call of a store or a provider. */
export interface TrailedCall {
  readonly name: string;
  readonly readUnits: number;
  readonly writeUnits: number;
}

export interface CallUnderWay {
  answered(units: { readonly readUnits: number; readonly writeUnits: number }): void;
}

/** What was called since the last reading: a list for each wait, of the calls that were made side by side. */
export interface Trail {
  /** Resolves when the call may go on. */
  asked(name: string): Promise<CallUnderWay>;
  take(): readonly (readonly TrailedCall[])[];
}

type Units = Omit<TrailedCall, "name">;

/** Far more than lies between calls that are made in one go, on two busy cores. */
const quietMs = 40;

/**
 * Holds calls until no other has come for a while, and lets them go on together: so what is not waiting for an answer
 * has been asked by then, and calls side by side are told from calls one after the other, however fast the answers are.
 */
export function createTrail(): Trail {
  let waits: { readonly name: string; units: Units }[][] = [];
  let held: { readonly name: string; readonly go: (call: CallUnderWay) => void }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function letGo(): void {
    const calls = held.map(({ name, go }) => ({ name, go, units: { readUnits: 0, writeUnits: 0 } as Units }));
    held = [];
    waits.push(calls);
    for (const call of calls) {
      call.go({
        answered(units) {
          call.units = units;
        },
      });
    }
  }

  return {
    asked(name) {
      return new Promise((go) => {
        held.push({ name, go });
        clearTimeout(timer);
        timer = setTimeout(letGo, quietMs);
      });
    },
    take() {
      const taken = waits.map((calls) => calls.map(({ name, units }) => ({ name, ...units })));
      waits = [];
      return taken;
    },
  };
}
