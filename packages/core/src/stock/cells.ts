import { type CellId, cellNumber, cellOrigin, makeCellId } from "../ids/cell-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { Sku } from "../ids/product-ids.ts";
import type { ItemNotUnderstood, StoredItem } from "../items/item.ts";
import { ok, type Result } from "../result/result.ts";
import { type Cell, type Cells, emptyCell, itemToCell, type UnitsByCell } from "./cell-item.ts";

/**
 * Of each cell the newest state: it has one writer and replicates whole, so the higher counter contains the lower. All
 * of one SKU.
 */
export function newestCells(cells: Iterable<Cell>): Cells {
  const newest = new Map<CellId, Cell>();
  for (const cell of cells) {
    const known = newest.get(cell.id);
    if (known === undefined || cell.counter > known.counter) {
      newest.set(cell.id, cell);
    }
  }
  return newest;
}

/** Reads the items of one SKU's partition, from one place or several. */
export function cellsOf(items: Iterable<StoredItem>): Result<Cells, ItemNotUnderstood> {
  const cells: Cell[] = [];
  for (const item of items) {
    const cell = itemToCell(item);
    if (!cell.ok) {
      return cell;
    }
    cells.push(cell.value);
  }
  return ok(newestCells(cells));
}

/** The units of one cell. */
export function unitsOf(units: UnitsByCell, cell: CellId): number {
  return units.get(cell) ?? 0;
}

/** All of them together. */
export function sumUnits(units: Iterable<number>): number {
  let sum = 0;
  for (const count of units) {
    sum += count;
  }
  return sum;
}

/** What `available` must be, from all the other numbers: the invariant of every state of every cell. */
export function balanceOf(cell: Cell): number {
  const gained = cell.restocked + sumUnits(cell.absorbed.values()) + sumUnits(cell.reclaimed.values());
  return gained - sumUnits(cell.granted.values()) - cell.sold - cell.held;
}

/** One origin's cells by number. */
export function cellsOfOrigin(cells: Cells, origin: Origin): readonly Cell[] {
  return [...cells.values()]
    .filter(({ id }) => cellOrigin(id) === origin)
    .sort((left, right) => cellNumber(left.id) - cellNumber(right.id));
}

/** A cell as it is known; one that was never written holds nothing. */
export function cellAt(cells: Cells, sku: Sku, id: CellId): Cell {
  return cells.get(id) ?? emptyCell(sku, id);
}

/** The cell that speaks for its region: it asks, and says how many cells the region uses. */
export function firstCell(origin: Origin): CellId {
  return makeCellId(origin, 0);
}

/** Units that an origin can sell now, in all its cells. */
export function availableOf(cells: Cells, origin: Origin): number {
  return sumUnits(cellsOfOrigin(cells, origin).map(({ available }) => available));
}
