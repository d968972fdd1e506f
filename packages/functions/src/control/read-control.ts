import {
  controlPartition,
  type Echoes,
  err,
  type Fences,
  type Heartbeat,
  type ItemNotUnderstood,
  type Items,
  itemToEchoes,
  itemToFences,
  itemToHeartbeat,
  type Origin,
  ok,
  type Result,
  type StorageError,
  type StoredItem,
} from "@antipode/core";

export type ControlError = StorageError | ItemNotUnderstood;

/** What one region says of itself and the others, as far as it concerns selling. */
export interface RegionControl {
  readonly origin: Origin;
  readonly heartbeat?: Heartbeat;
  readonly echoes?: Echoes;
  readonly fences?: Fences;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Items of other kinds are other functions' business. */
function takeItem(control: Mutable<RegionControl>, item: StoredItem): Result<unknown, ItemNotUnderstood> {
  switch (item.sk) {
    case "HEARTBEAT": {
      const heartbeat = itemToHeartbeat(item);
      if (heartbeat.ok) control.heartbeat = heartbeat.value;
      return heartbeat;
    }
    case "ECHOES": {
      const echoes = itemToEchoes(item);
      if (echoes.ok) control.echoes = echoes.value;
      return echoes;
    }
    case "FENCES": {
      const fences = itemToFences(item);
      if (fences.ok) control.fences = fences.value;
      return fences;
    }
    default:
      return ok(undefined);
  }
}

export function readRegionControl(
  origin: Origin,
  items: readonly StoredItem[],
): Result<RegionControl, ItemNotUnderstood> {
  const control: Mutable<RegionControl> = { origin };
  for (const item of items) {
    const taken = takeItem(control, item);
    if (!taken.ok) {
      return err(taken.error);
    }
  }
  return ok(control);
}

/** Each region's word, as this region's replica has it: one small query a region. */
export async function readControl(
  { items }: { readonly items: Items },
  origins: readonly Origin[],
): Promise<Result<readonly RegionControl[], ControlError>> {
  const read = await Promise.all(
    origins.map(async (origin): Promise<Result<RegionControl, ControlError>> => {
      const partition = await items.queryPartition("Control", controlPartition(origin));
      return partition.ok ? readRegionControl(origin, partition.value) : partition;
    }),
  );
  const controls: RegionControl[] = [];
  for (const control of read) {
    if (!control.ok) {
      return control;
    }
    controls.push(control.value);
  }
  return ok(controls);
}
