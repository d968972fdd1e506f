import {
  type CellId,
  type Cells,
  err,
  type ItemNotUnderstood,
  itemToWitness,
  logOf,
  type Origin,
  ok,
  placementProgress,
  type Result,
  type Sku,
  type StorageError,
  type StoredItem,
  type Witness,
  type WitnessedUnits,
} from "@antipode/core";
import type { SellingDeps } from "../orders/deps.ts";
import { readOrder } from "../orders/read-order.ts";

const pageSize = 500;

/**
 * Writes of one cell carry the time at which their request began, and a checkout takes seconds: a cell that was touched so
 * long after a placement began contains its hold.
 */
const containedAfterMs = 60_000;

/** Units of a placement of the lost region, in one cell, known by a witness and not known to have gone back. */
export interface WitnessedHold {
  readonly sku: Sku;
  readonly cell: CellId;
  readonly units: number;
  readonly placedAtMs: number;
}

export type WitnessedHolds = ReadonlyMap<Sku, readonly WitnessedHold[]>;

function witnessOf(item: StoredItem, lost: Origin): Witness | undefined {
  if (!item.sk.startsWith("WITNESS#") || item["placement"] !== lost) {
    return undefined;
  }
  const witness = itemToWitness(item);
  return witness.ok ? witness.value : undefined;
}

async function isReleased(
  deps: Pick<SellingDeps, "items">,
  { placement }: Witness,
): Promise<Result<boolean, StorageError | ItemNotUnderstood>> {
  const replicas = await readOrder(deps, placement.orderId);
  return replicas.ok
    ? ok(placementProgress(logOf(replicas.value, placement.origin), placement).allocation === "released")
    : replicas;
}

/** Every placement of the lost region that some region witnessed, from this region's replica: a scan of all orders. */
export async function readWitnessed(
  deps: Pick<SellingDeps, "items">,
  lost: Origin,
): Promise<Result<WitnessedHolds, StorageError | ItemNotUnderstood>> {
  const holds = new Map<Sku, WitnessedHold[]>();
  let after: { readonly pk: string; readonly sk: string } | undefined;
  do {
    const page = await deps.items.scan("Orders", {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    if (!page.ok) {
      return err(page.error);
    }
    for (const item of page.value.items) {
      const witness = witnessOf(item, lost);
      const released = witness === undefined ? ok(true) : await isReleased(deps, witness);
      if (!released.ok) {
        return released;
      }
      for (const { sku, cell, units } of witness === undefined || released.value ? [] : witness.units) {
        const { placedAtMs } = witness?.placement ?? { placedAtMs: 0 };
        holds.set(sku, [...(holds.get(sku) ?? []), { sku, cell, units, placedAtMs }]);
      }
    }
    after = page.value.next;
  } while (after !== undefined);
  return ok(holds);
}

/** Which of them the newest known states of the cells may lack: those are taken off what is reclaimed. */
export function holdsNotSeen(cells: Cells, holds: readonly WitnessedHold[]): readonly WitnessedUnits[] {
  return holds.map(({ cell, units, placedAtMs }) => {
    const state = cells.get(cell);
    const isContained = state !== undefined && state.touchedAtMs >= placedAtMs + containedAfterMs;
    return { cell, units, containedAt: isContained ? 0 : (state?.counter ?? 0) + 1 };
  });
}
