import {
  type CellId,
  type Cells,
  err,
  type ItemKey,
  type ItemNotUnderstood,
  type Items,
  isOrigin,
  itemToCell,
  itemToWitness,
  logOf,
  type OrderId,
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
import { type NotEnoughTime, notEnoughTime } from "./answer.ts";

const pageSize = 500;

/** Orders that are read at once: the client's connections are few. */
const ordersAtOnce = 8;

/** Behind the orders come the SKUs, and a run that reaches none of them is worth nothing. */
const timeNeededMs = 60_000;

/**
 * A write of a cell carries the time at which its request began, as a placement does, by the clock of one region, and a
 * checkout's function runs for 30 seconds at most: a cell that was touched so long after a placement began contains its hold.
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

export type WitnessedError = StorageError | ItemNotUnderstood | NotEnoughTime;

type Deps = Pick<SellingDeps, "items">;

const isContained = (touchedAtMs: number | undefined, placedAtMs: number) =>
  touchedAtMs !== undefined && touchedAtMs >= placedAtMs + containedAfterMs;

/** Hands each page of a table on, while there is time. */
async function scanAll(
  items: Items,
  table: "Stock" | "Orders",
  timeLeftMs: () => number,
  take: (items: readonly StoredItem[]) => Promise<Result<undefined, WitnessedError>>,
): Promise<Result<undefined, WitnessedError>> {
  let after: ItemKey | undefined;
  do {
    if (timeLeftMs() < timeNeededMs) {
      return err(notEnoughTime(`looking through ${table} for what witnesses know`));
    }
    const page = await items.scan(table, { limit: pageSize, ...(after === undefined ? {} : { after }) });
    if (!page.ok) {
      return page;
    }
    const taken = await take(page.value.items);
    if (!taken.ok) {
      return taken;
    }
    after = page.value.next;
  } while (after !== undefined);
  return ok(undefined);
}

const cellName = (sku: Sku, cell: CellId) => `${sku} ${cell}`;

/** When each cell of the lost region was touched last, as far as this region's replica knows. */
async function readTouched(
  { items }: Deps,
  lost: Origin,
  timeLeftMs: () => number,
): Promise<Result<ReadonlyMap<string, number>, WitnessedError>> {
  const touched = new Map<string, number>();
  const read = await scanAll(items, "Stock", timeLeftMs, async (page) => {
    for (const item of page.filter(({ sk }) => sk.startsWith(`CELL#${lost}#`))) {
      const cell = itemToCell(item);
      if (!cell.ok) {
        return cell;
      }
      touched.set(cellName(cell.value.sku, cell.value.id), cell.value.touchedAtMs);
    }
    return ok(undefined);
  });
  return read.ok ? ok(touched) : read;
}

/** The lost region's placements that witnesses in these items know. One that cannot be read may hold units that are sold. */
function witnessesIn(
  items: readonly StoredItem[],
  lost: Origin,
): Result<readonly Witness[], ItemNotUnderstood> {
  const witnesses: Witness[] = [];
  for (const item of items.filter(({ sk }) => sk.startsWith("WITNESS#"))) {
    const placement = item["placement"];
    if (typeof placement === "string" && isOrigin(placement) && placement !== lost) {
      continue;
    }
    const witness = itemToWitness(item);
    if (!witness.ok) {
      return witness;
    }
    witnesses.push(witness.value);
  }
  return ok(witnesses);
}

function holdsOf({ placement, units }: Witness): readonly WitnessedHold[] {
  const { placedAtMs } = placement;
  return units.map((part) => ({ sku: part.sku, cell: part.cell, units: part.units, placedAtMs }));
}

async function isReleased(
  deps: Deps,
  { placement }: Witness,
): Promise<Result<boolean, StorageError | ItemNotUnderstood>> {
  const replicas = await readOrder(deps, placement.orderId);
  return replicas.ok
    ? ok(placementProgress(logOf(replicas.value, placement.origin), placement).allocation === "released")
    : replicas;
}

/** Those whose orders are not known to have given their units back. */
async function standing(
  deps: Deps,
  witnesses: readonly Witness[],
  timeLeftMs: () => number,
): Promise<Result<readonly Witness[], WitnessedError>> {
  const found: Witness[] = [];
  for (let from = 0; from < witnesses.length; from += ordersAtOnce) {
    if (timeLeftMs() < timeNeededMs) {
      return err(notEnoughTime("reading the orders that witnesses know"));
    }
    const batch = witnesses.slice(from, from + ordersAtOnce);
    const released = await Promise.all(batch.map((witness) => isReleased(deps, witness)));
    for (const [index, witness] of batch.entries()) {
      const outcome = released[index];
      if (outcome?.ok === false) {
        return outcome;
      }
      if (outcome?.value === false) {
        found.push(witness);
      }
    }
  }
  return ok(found);
}

/**
 * Every placement of the lost region that some region witnessed and whose units the lost region's cells may lack, from
 * this region's replica.
 *
 * All orders are scanned, but few are read: a placement that began a minute or more before its cell was touched last is in
 * that cell (`containedAfterMs`), and needs no look at its order. What is left is, of each cell, its last minute.
 * It is the cell that counts and no time of the region's end, such as its last heartbeat: each item
 * replicates on its own, so a heartbeat may have arrived that is later than a cell's last write that has not. Another region may
 * know a newer state of a cell than this one: then more orders are read than need be, never fewer.
 */
export async function readWitnessed(
  deps: Deps,
  lost: Origin,
  timeLeftMs: () => number,
): Promise<Result<WitnessedHolds, WitnessedError>> {
  const touched = await readTouched(deps, lost, timeLeftMs);
  if (!touched.ok) {
    return touched;
  }
  const holds = new Map<Sku, WitnessedHold[]>();
  const known = new Set<OrderId>(); // where a witness's answer is lost, a second region is asked
  const mayBeMissing = ({ sku, cell, placedAtMs }: WitnessedHold) =>
    !isContained(touched.value.get(cellName(sku, cell)), placedAtMs);
  const read = await scanAll(deps.items, "Orders", timeLeftMs, async (page) => {
    const witnesses = witnessesIn(page, lost);
    if (!witnesses.ok) {
      return witnesses;
    }
    const recent = witnesses.value.filter((witness) => {
      const { orderId } = witness.placement;
      const isNew = !known.has(orderId) && holdsOf(witness).some(mayBeMissing);
      known.add(orderId);
      return isNew;
    });
    const left = await standing(deps, recent, timeLeftMs);
    for (const hold of left.ok ? left.value.flatMap(holdsOf).filter(mayBeMissing) : []) {
      holds.set(hold.sku, [...(holds.get(hold.sku) ?? []), hold]);
    }
    return left.ok ? ok(undefined) : left;
  });
  return read.ok ? ok(holds) : read;
}

/** Which of them the newest known states of the cells may lack: those are taken off what is reclaimed. */
export function holdsNotSeen(cells: Cells, holds: readonly WitnessedHold[]): readonly WitnessedUnits[] {
  return holds
    .filter(({ cell, placedAtMs }) => !isContained(cells.get(cell)?.touchedAtMs, placedAtMs))
    .map(({ cell, units }) => ({ cell, units }));
}
