import {
  controlPartition,
  defaultVoteSettings,
  err,
  type FailoverRecord,
  itemToMeasuredLag,
  lagPartition,
  lastRun,
  type MeasuredLag,
  type Origin,
  ok,
  type RegionState,
  type Result,
  readFailoverSight,
  regionStates,
  type StorageError,
  type StoredItem,
} from "@antipode/core";
import type { ApiDeps } from "../../deps.ts";

/** All that any region says in Control, as this region's replica has it. */
export async function readControlItems(
  { items }: Pick<ApiDeps, "items">,
  origins: readonly Origin[],
): Promise<Result<readonly StoredItem[], StorageError>> {
  const read = await Promise.all(
    origins.map((origin) => items.queryPartition("Control", controlPartition(origin))),
  );
  const all: StoredItem[] = [];
  for (const partition of read) {
    if (!partition.ok) {
      return partition;
    }
    all.push(...partition.value);
  }
  return ok(all);
}

export interface KnownRegions {
  readonly states: ReadonlyMap<Origin, RegionState>;
  readonly runs: ReadonlyMap<Origin, FailoverRecord>;
}

/** How every region stands, as this one sees it, and what was done about it last. */
export async function readStates(
  deps: Pick<ApiDeps, "items" | "deployment" | "clock">,
): Promise<Result<KnownRegions, string>> {
  const { deployment, clock } = deps;
  const configured: readonly Origin[] = deployment.regions.map(({ origin }) => origin);
  const read = await readControlItems(deps, configured);
  if (!read.ok) {
    return err(JSON.stringify(read.error));
  }
  const { heard, records } = readFailoverSight(deployment.origin, read.value);
  const step = { nowMs: clock.nowMs(), settings: defaultVoteSettings };
  const runs = configured.flatMap((origin) => {
    const run = lastRun(records, origin);
    return run === undefined ? [] : [[origin, run] as const];
  });
  return ok({ states: regionStates({ heard, configured }, step), runs: new Map(runs) });
}

/** What this region measured of the others' writes on their way here, of the regions that are configured now. */
export async function readLags({
  items,
  deployment,
  log,
}: Pick<ApiDeps, "items" | "deployment" | "log">): Promise<Result<readonly MeasuredLag[], string>> {
  const read = await items.queryPartition("Views", lagPartition(deployment.origin));
  if (!read.ok) {
    return err(JSON.stringify(read.error));
  }
  const lagByOrigin = new Map<Origin, MeasuredLag>();
  for (const item of read.value) {
    const lag = itemToMeasuredLag(item);
    if (lag.ok) {
      lagByOrigin.set(lag.value.from, lag.value);
    } else {
      log.warn("what was measured of a region's lag is not understood", { ...lag.error });
    }
  }
  return ok(deployment.regions.flatMap(({ origin }) => lagByOrigin.get(origin) ?? []));
}
