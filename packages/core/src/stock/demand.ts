import type { Origin } from "../ids/origin.ts";
import type { Cell, Cells, CountsByWindow } from "./cell-item.ts";
import { cellsOfOrigin } from "./cells.ts";
import type { StockSettings } from "./settings.ts";

/** The window that a moment is in. */
export function windowAt(nowMs: number, { windowMs }: Pick<StockSettings, "windowMs">): number {
  return Math.max(0, Math.floor(nowMs / windowMs));
}

/** The attribute that counts the units asked for in a window. */
export function demandAttribute(window: number): string {
  return `d#${window}`;
}

/** The attribute that counts the tries that met another's write in a window. */
export function contendedAttribute(window: number): string {
  return `c#${window}`;
}

/** The counts of the last windows, the open one among them. A peer's clock may be ahead: its windows count too. */
function countedSince(counts: CountsByWindow, first: number): number {
  let sum = 0;
  for (const [window, count] of counts) {
    sum += window >= first ? count : 0;
  }
  return sum;
}

/**
 * Units that a region keeps for its own shoppers: what they asked for in the last windows, for as long as `keepMs`.
 * Whole windows even where the SKU is new: a first sale is no rate.
 */
export function keepOf(cells: Cells, origin: Origin, nowMs: number, settings: StockSettings): number {
  const first = windowAt(nowMs, settings) - settings.windowsKept + 1;
  let units = 0;
  for (const cell of cellsOfOrigin(cells, origin)) {
    units += countedSince(cell.demand, first);
  }
  return Math.ceil((units * settings.keepMs) / (settings.windowsKept * settings.windowMs));
}

/** What a region keeps when a checkout elsewhere waits: the busier of the open window and the last whole one. */
export function directKeepOf(cells: Cells, origin: Origin, nowMs: number, settings: StockSettings): number {
  const open = windowAt(nowMs, settings);
  const own = cellsOfOrigin(cells, origin);
  const unitsIn = (window: number) => own.reduce((units, { demand }) => units + (demand.get(window) ?? 0), 0);
  const units = Math.max(unitsIn(open), unitsIn(open - 1));
  // rounded down: half of a sale that may come is no reason to refuse one that is here
  return Math.floor((units * settings.directKeepMs) / settings.windowMs);
}

/** Windows whose counts say nothing any more. */
export function oldWindows(
  cell: Cell,
  nowMs: number,
  settings: StockSettings,
): { readonly demand: readonly number[]; readonly contended: readonly number[] } {
  const open = windowAt(nowMs, settings);
  return {
    demand: [...cell.demand.keys()].filter((window) => window <= open - settings.windowsKept),
    contended: [...cell.contended.keys()].filter((window) => window < open - 1),
  };
}
