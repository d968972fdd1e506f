import { setTimeout as sleep } from "node:timers/promises";
import type { Replication } from "../replication/replication.ts";
import type { Regions } from "./regions.ts";

/** Often enough not to be noticed, seldom enough not to load the machine. */
const lookEveryMs = 10;

export interface SettleOptions {
  readonly regionNames: readonly string[];
  readonly replication: Replication;
  readonly regions: Regions;
  readonly isDown: (region: string) => boolean;
}

/** Waits until replication has delivered what it can, and every dispatcher that can has handled its stream. */
export async function settle({ regionNames, replication, regions, isDown }: SettleOptions): Promise<void> {
  const waiting = () =>
    regionNames
      .filter((region) => !isDown(region))
      .flatMap((region) => regions.mappings(region))
      .some(({ mapping }) => mapping.status().behind > 0);
  await replication.drained();
  while (waiting()) await sleep(lookEveryMs);
  await replication.drained();
}
