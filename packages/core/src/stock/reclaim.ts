import { type CellId, cellOrigin } from "../ids/cell-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { Sku } from "../ids/product-ids.ts";
import type { Cell, Cells } from "./cell-item.ts";
import { type CellWrite, cellWrite } from "./cell-writes.ts";
import { cellAt, firstCell, sumUnits, unitsOf } from "./cells.ts";

/** Units that a placement of the lost region took from one cell, as its witness knows. */
export interface WitnessedUnits {
  readonly cell: CellId;
  readonly units: number;
}

export interface ReclaimInput {
  readonly sku: Sku;
  readonly lost: Origin;
  /** Whom the fences name. */
  readonly reclaimer: Origin;
  /** The reclaimer and all who fenced the lost region for it. */
  readonly survivors: readonly Origin[];
  /**
   * Of each cell the newest state that any survivor holds: of the survivors' own cells their home copies, read once
   * the reclaim is allowed. Whatever was decided before a fence is written by then.
   */
  readonly cells: Cells;
  /**
   * Of the witnessed placements of the lost region that are not known to be released: those that the cells as they are
   * here may lack. They are taken off, for they are safe with their placements; one that a cell contains all the same
   * is taken off twice, and its units stay out of stock.
   */
  readonly witnessed: readonly WitnessedUnits[];
  readonly nowMs: number;
}

export type ReclaimPlan =
  | {
      readonly type: "write";
      readonly units: number;
      /** How the units count, by the lost region's cell. */
      readonly byCell: ReadonlyMap<CellId, number>;
      readonly write: CellWrite;
    }
  /** The reclaimer's cell has a word on the lost region already. */
  | { readonly type: "done-already"; readonly units: number }
  /** Nobody has seen or given the lost region anything. */
  | { readonly type: "nothing-known" };

/**
 * The lost region's cells: those that were seen, and those that others' cells or a witness name. One that nobody saw
 * may have had units of one that was seen, and have passed them on.
 */
function lostCells({ sku, lost, cells, witnessed }: ReclaimInput): readonly Cell[] {
  const ids = new Set<CellId>([...cells.keys(), ...witnessed.map(({ cell }) => cell)]);
  for (const { granted, absorbed } of cells.values()) {
    for (const id of [...granted.keys(), ...absorbed.keys()]) {
      ids.add(id);
    }
  }
  const own = [...ids].filter((id) => cellOrigin(id) === lost).sort();
  return own.map((id) => cellAt(cells, sku, id));
}

/** Granted to the cell by another, and not in its state as seen: on the way for good, for the giver gives no more. */
function onTheWayTo(cell: Cell, giver: Cell): number {
  return Math.max(0, unitsOf(giver.granted, cell.id) - unitsOf(cell.absorbed, giver.id));
}

/**
 * Given away by the cell and not taken over by a survivor, who takes nothing from it any more; below zero where a
 * survivor has taken units whose grant was not seen, so that they still look available.
 */
function leftBy(cell: Cell, taker: Cell): number {
  return unitsOf(cell.granted, taker.id) - unitsOf(taker.absorbed, cell.id);
}

/**
 * The survivors whose own units nobody has taken over. Where one returned in the life that was given up, what was on
 * the way between it and the lost region was counted when it was reclaimed: the first of two counts both ways.
 */
function survivorsOf({ survivors, cells }: ReclaimInput): ReadonlySet<Origin> {
  const reclaimed = new Set(
    [...cells.values()].flatMap((cell) => [...cell.reclaimed.keys()].map(cellOrigin)),
  );
  return new Set(survivors.filter((origin) => !reclaimed.has(origin)));
}

function unitsLeft(input: ReclaimInput, cell: Cell): number {
  const survivors = survivorsOf(input);
  let units = cell.available;
  for (const id of new Set([...input.cells.keys(), ...cell.granted.keys()])) {
    const other = cellAt(input.cells, input.sku, id); // one that was given to may never have been written
    const origin = cellOrigin(id);
    if (id === cell.id) {
      continue;
    }
    if (survivors.has(origin)) {
      units += onTheWayTo(cell, other) + leftBy(cell, other);
    } else if (origin === input.lost) {
      units += onTheWayTo(cell, other) + Math.min(0, leftBy(cell, other));
    } else {
      units += Math.min(0, leftBy(cell, other)); // lost as well: what it took is counted with it, what it gave is not known
    }
  }
  const notSeen = input.witnessed.filter(({ cell: id }) => id === cell.id);
  return units - sumUnits(notSeen.map(({ units: held }) => held));
}

/** Sets what some cells are below zero off against the others: their units went from one to the other unseen. */
function setOff(left: ReadonlyMap<CellId, number>): ReadonlyMap<CellId, number> {
  let debt = sumUnits([...left.values()].map((units) => Math.max(0, -units)));
  return new Map(
    [...left].map(([id, units]) => {
      const paid = Math.min(Math.max(0, units), debt);
      debt -= paid;
      return [id, Math.max(0, units) - paid];
    }),
  );
}

/**
 * Takes over what a lost region could still have sold, once, on the reclaimer's first cell. The caller has made sure
 * that it may: every other configured region has fenced the lost one for this reclaimer, and the lost one's lease has
 * run out by any clock (`reclaimableAtMs`).
 *
 * The units are those of its newest known state, with what was on its way to it and what is stuck on its way from it.
 * What it held stays with its orders. What it sold after that state and nobody witnessed may be sold again: the
 * unreplicated tail. When nothing is lost with it, nothing is, and nothing is sold twice.
 */
export function planReclaim(input: ReclaimInput): ReclaimPlan {
  const { sku, reclaimer, cells, nowMs } = input;
  const lost = lostCells(input);
  const first = cellAt(cells, sku, firstCell(reclaimer));
  const done = lost.filter(({ id }) => first.reclaimed.has(id));
  if (done.length > 0) {
    return { type: "done-already", units: sumUnits(done.map(({ id }) => unitsOf(first.reclaimed, id))) };
  }
  if (lost.length === 0) {
    return { type: "nothing-known" };
  }
  const byCell = setOff(new Map(lost.map((cell) => [cell.id, unitsLeft(input, cell)])));
  const units = sumUnits(byCell.values());
  const write = cellWrite(sku, first.id, nowMs, {
    set: Object.fromEntries([...byCell].map(([id, part]) => [`rec#${id}`, part])),
    add: { available: units },
    onlyIf: [...byCell.keys()].map((id) => ({ type: "absent", attribute: `rec#${id}` })),
  });
  return { type: "write", units, byCell, write };
}
