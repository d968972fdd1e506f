import { counted } from "../counted.ts";
import type { DrillContext, DrillReport } from "../drill.ts";
import type { RegionsHistory } from "./history.ts";
import type { RegionsVerdict } from "./judge-regions.ts";
import type { ShoppingVerdict } from "./judge-shopping.ts";
import { type Phases, phasesOf } from "./phases.ts";
import { seconds } from "./world-time.ts";

export interface RegionsReport {
  readonly context: Pick<DrillContext, "seed" | "regions">;
  readonly timeScale: number;
  readonly history: RegionsHistory;
  readonly verdict: RegionsVerdict;
  readonly shopping: ShoppingVerdict;
  readonly open: readonly string[];
  /** What the drill did, line by line. */
  readonly notes: readonly string[];
}

/** Every `Ms` is of the world, so what it would be in a deployed shop: the machine took a `timeScale`-th of it. */
export function reportRegions(options: RegionsReport): DrillReport {
  const { context, timeScale, history, verdict, shopping, open, notes } = options;
  const phases = phasesOf(history);
  const { activeMin, drains, drainsInHalves, failed, failedAfterShift } = verdict;
  const { lostWrites, lostOrders, oversold } = shopping;
  const requests = history.requests.length;
  return {
    figures: {
      seed: context.seed,
      timeScale,
      ...figuresOf(phases),
      requests,
      failed,
      failedAfterShift,
      lostWrites,
      lostOrders,
      oversold,
      drains,
      drainsInHalves,
      activeMin,
      votesAgreeMs: phases.votesAgreeMs ?? null,
    },
    rows: [
      [
        "time",
        timeScale === 1
          ? "the machine's"
          : `${timeScale} times the machine's; all below is in seconds of the world`,
      ],
      ["first vote after", told(phases.detectedMs)],
      ["all others voted after", told(phases.decidedMs)],
      ["shoppers were served elsewhere after", told(phases.shiftedMs)],
      ["they were back, after its mending", told(phases.recoveredMs)],
      ["requests", `${requests}, of which ${failed} failed, and ${failedAfterShift} after the shift`],
      ["orders that stand", `${shopping.orders}`],
      ["orders lost", `${lostOrders}`],
      ["units of writes lost", `${lostWrites}`],
      ["units oversold", `${oversold}`],
      ["drains", `${drains}, of which ${drainsInHalves} in halves`],
      ["regions open at least", `${activeMin} of ${context.regions.length}`],
    ],
    faults: notes.length === 0 ? [] : [counted(notes.length, "step")],
    broken: [...verdict.broken, ...shopping.broken, ...open],
  };
}

const told = (ms: number | undefined) => (ms === undefined ? "never" : seconds(ms));

function figuresOf({ detectedMs, decidedMs, shiftedMs, recoveredMs }: Phases) {
  return {
    detectedMs: detectedMs ?? null,
    decidedMs: decidedMs ?? null,
    shiftedMs: shiftedMs ?? null,
    recoveredMs: recoveredMs ?? null,
  };
}
