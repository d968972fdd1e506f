import type { MeteredStore, Usage } from "../calls/meter.ts";
import type { Trail, TrailedCall } from "../calls/trail.ts";
import type { MeteredProvider } from "./provider.ts";

/** What one piece of work has asked of the store and the provider. */
export interface Counted extends Usage {
  /** Times that the store is waited for: calls made side by side are one. */
  readonly waits: number;
  readonly providerCalls: number;
  /** In order: a list for each wait, of the calls made side by side. */
  readonly steps: readonly (readonly TrailedCall[])[];
}

export type Count = (work: () => Promise<unknown>) => Promise<Counted>;

export const isPayment = ({ name }: TrailedCall) => name.startsWith("payment ");

export function createCounter(store: MeteredStore, provider: MeteredProvider, trail: Trail): Count {
  const take = () => ({ ...store.take(), providerCalls: provider.take(), steps: trail.take() });
  return async (work) => {
    take();
    await work();
    const taken = take();
    const waits = taken.steps.filter((calls) => !calls.every(isPayment)).length;
    return { ...taken, waits };
  };
}

/** One line for each wait: how many calls of which kind, and what they used together. */
export function stepLines({ steps }: Counted): readonly string[] {
  return steps.map((calls) => {
    const names = calls.map(({ name }) => name);
    const counted = [...new Set(names)].map((name) => {
      const count = names.filter((other) => other === name).length;
      return count === 1 ? name : `${count} × ${name}`;
    });
    const reads = calls.reduce((sum, { readUnits }) => sum + readUnits, 0);
    const writes = calls.reduce((sum, { writeUnits }) => sum + writeUnits, 0);
    return `${counted.join(" + ")}: ${reads} read units, ${writes} write units`;
  });
}
