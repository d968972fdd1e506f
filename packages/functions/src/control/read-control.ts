import {
  controlPartition,
  type Echoes,
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

/** What each kind of item says, and where it goes. Items of other kinds are other functions' business. */
const readByKind = {
  HEARTBEAT: (item: StoredItem) => mapped(itemToHeartbeat(item), (heartbeat) => ({ heartbeat })),
  ECHOES: (item: StoredItem) => mapped(itemToEchoes(item), (echoes) => ({ echoes })),
  FENCES: (item: StoredItem) => mapped(itemToFences(item), (fences) => ({ fences })),
} as const;

function mapped<T, To>(
  read: Result<T, ItemNotUnderstood>,
  to: (value: T) => To,
): Result<To, ItemNotUnderstood> {
  return read.ok ? ok(to(read.value)) : read;
}

/** What one item of Control says; nothing when its kind is another function's business. */
export function readControlItem(item: StoredItem): Result<Omit<RegionControl, "origin">, ItemNotUnderstood> {
  return Object.hasOwn(readByKind, item.sk) ? readByKind[item.sk as keyof typeof readByKind](item) : ok({});
}

export function readRegionControl(
  origin: Origin,
  items: readonly StoredItem[],
): Result<RegionControl, ItemNotUnderstood> {
  let control: RegionControl = { origin };
  for (const item of items) {
    const said = readControlItem(item);
    if (!said.ok) {
      return said;
    }
    control = { ...control, ...said.value };
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
