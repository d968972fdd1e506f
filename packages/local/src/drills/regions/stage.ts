import type { Fault } from "../../faults/fault.ts";
import type { DrillContext } from "../drill.ts";
import type { Mark, RegionsHistory } from "./history.ts";
import { seconds, type WorldTime } from "./world-time.ts";

/** What a drill's script may do: break, wait by what is seen outside, mend. */
export interface Stage {
  readonly regions: readonly string[];
  /** ms of the world. */
  now(): number;
  /** Lets time pass, ms of the world. */
  pass(ms: number): Promise<void>;
  /** Gives commands to the world, and notes why. */
  act(note: string, mark: Omit<Mark, "atMs"> | undefined, ...faults: readonly Fault[]): void;
  /** Waits until what is seen says so, for so long at most. Whether it did. */
  until(what: string, isSo: (history: RegionsHistory) => boolean, withinMs: number): Promise<boolean>;
  /** More shoppers come, near a region. */
  bring(near: string, count: number): void;
  /** While regions are away: looks in the others for the orders that are durable in two regions. */
  lookForOrders(others: readonly string[]): Promise<void>;
  history(): RegionsHistory;
}

export interface StageOptions {
  readonly context: DrillContext;
  readonly time: WorldTime;
  readonly history: () => RegionsHistory;
  readonly marks: Mark[];
  readonly note: (line: string) => void;
  readonly bring: Stage["bring"];
  readonly lookForOrders: Stage["lookForOrders"];
}

const lookEveryMs = 500; // ms of the world

export function createStage(options: StageOptions): Stage {
  const { context, time, history, marks, note, bring, lookForOrders } = options;
  return {
    regions: context.regions,
    now: time.now,
    pass: time.sleep,
    history,
    bring,
    lookForOrders,
    act(line, mark, ...faults) {
      for (const fault of faults) {
        const outcome = context.world.apply(fault);
        if (!outcome.ok) throw new Error(`the world refused a planned fault: ${outcome.error}`);
      }
      if (mark !== undefined) marks.push({ ...mark, atMs: time.now() });
      note(line);
    },
    async until(what, isSo, withinMs) {
      const endMs = time.now() + withinMs;
      while (!isSo(history())) {
        if (time.now() > endMs) {
          note(`not within ${seconds(withinMs)}: ${what}`);
          return false;
        }
        await time.sleep(lookEveryMs);
      }
      note(what);
      return true;
    },
  };
}
