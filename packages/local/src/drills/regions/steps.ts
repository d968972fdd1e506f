import type { Fault } from "../../faults/fault.ts";
import { backWithinMs, shiftWithinMs } from "./bounds.ts";
import type { RegionPromises } from "./judge-regions.ts";
import { phasesOf } from "./phases.ts";
import type { Stage } from "./stage.ts";

/** ms of the world in which nothing is broken, before and after. */
export const calmMs = 30_000;
/** How much longer than promised what is late is waited for: the judge says that it is. */
const patience = 2;

/** Waits until all others vote against a region, and all its shoppers are served elsewhere. */
export async function untilShifted(stage: Stage, region: string, withinMs: number): Promise<void> {
  await stage.until(
    `${region} is closed, and its shoppers are served elsewhere`,
    (history) => {
      const { decidedMs, shiftedMs } = phasesOf(history);
      return decidedMs !== undefined && shiftedMs !== undefined;
    },
    patience * withinMs,
  );
}

export async function untilBack(stage: Stage, region: string, withinMs = backWithinMs()): Promise<void> {
  await stage.until(
    `shoppers near ${region} are back`,
    (history) => phasesOf(history).recoveredMs !== undefined,
    patience * withinMs,
  );
}

/** How long a region is away at least, so that what is written meanwhile is worth catching up with. */
const awayMs = 60_000;

/** A region falls silent, its shoppers move, and a minute later it is there again, until they are back. */
export async function loseRegion(stage: Stage, region: string): Promise<void> {
  stage.act(`${region} falls silent`, { type: "broken", region }, { type: "down", region });
  await untilShifted(stage, region, shiftWithinMs);
  await stage.pass(awayMs);
  await stage.lookForOrders(othersThan(stage, region));
  stage.act(`${region} is there again`, { type: "mended", region }, { type: "up", region });
  await untilBack(stage, region);
}

/** What is promised of a region that is lost once and comes back, and of all others. */
export function outOnce(stage: Stage, region: string): RegionPromises {
  return {
    shiftWithinMs,
    recoverWithinMs: backWithinMs(),
    activeMin: stage.regions.length - 1,
    drainsMax: { [region]: 1 },
    drained: [region],
    awaysMax: { [region]: 1 },
    failedAfterShiftMax: 0,
  };
}

export const othersThan = (stage: Stage, region: string): readonly string[] =>
  stage.regions.filter((other) => other !== region);

/** One command for each of the links between these two groups. */
export const between = (
  ones: readonly string[],
  others: readonly string[],
  type: "cut" | "pause" | "resume",
): readonly Fault[] => ones.flatMap((from) => others.map((to) => ({ type, from, to })));

/** The same links put right. */
export const heal = (ones: readonly string[], others: readonly string[]): readonly Fault[] =>
  ones.flatMap((from) => others.map((to) => ({ type: "heal", from, to })));
