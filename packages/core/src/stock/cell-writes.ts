import { type CellId, cellOrigin } from "../ids/cell-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { Sku } from "../ids/product-ids.ts";
import type { Condition, TransactionWrite } from "../ports/items.ts";
import type { Allocated } from "./allocated.ts";
import { type Cell, cellKey } from "./cell-item.ts";
import { firstCell } from "./cells.ts";
import { contendedAttribute, demandAttribute, oldWindows, windowAt } from "./demand.ts";
import { defaultStockSettings, type StockSettings } from "./settings.ts";

/** One conditional write of one cell, alone (`items.update`) or within a transaction. */
export type CellWrite = Extract<TransactionWrite, { readonly type: "update" }>;

interface CellChange {
  readonly set?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
  readonly add?: Readonly<Record<string, number>>;
  readonly onlyIf: readonly Condition[];
}

/** Every write of a cell counts itself and says when it was. */
export function cellWrite(sku: Sku, cell: CellId, nowMs: number, change: CellChange): CellWrite {
  const { set = {}, remove = [], add = {}, onlyIf } = change;
  return {
    type: "update",
    table: "Stock",
    key: cellKey(sku, cell),
    update: {
      set: { ...set, touchedAt: nowMs },
      ...(remove.length > 0 ? { remove } : {}),
      add: { ...add, v: 1 },
      onlyIf,
    },
  };
}

/** The number is what was seen: 0 is an attribute that is not there. */
export function stillIs(attribute: string, seen: number): Condition {
  return seen === 0 ? { type: "absent", attribute } : { type: "equals", attribute, value: seen };
}

/** Throws on units that nobody can have: a bug that would make stock out of nothing. */
export function checkUnits(units: number): number {
  if (!Number.isSafeInteger(units) || units < 1) {
    throw new Error(`not a number of units: ${units}`);
  }
  return units;
}

const atLeast = (attribute: string, floor: number): Condition => ({ type: "at-least", attribute, floor });

/**
 * Takes units for a checkout: refused when the cell has too few, or was never written. In the transaction that writes
 * the allocation as held.
 */
export function holdWrite(
  { sku, cell, units }: Allocated,
  nowMs: number,
  settings: StockSettings = defaultStockSettings,
): CellWrite {
  checkUnits(units);
  return cellWrite(sku, cell, nowMs, {
    add: { available: -units, held: units, [demandAttribute(windowAt(nowMs, settings))]: units },
    onlyIf: [atLeast("available", units)],
  });
}

/** Held units are sold. In the transaction that makes the allocation committed: so once. */
export function commitWrite({ sku, cell, units }: Allocated, nowMs: number): CellWrite {
  checkUnits(units);
  return cellWrite(sku, cell, nowMs, {
    add: { held: -units, sold: units },
    onlyIf: [atLeast("held", units)],
  });
}

/** Held units may be sold again. In the transaction that makes the allocation released: so once. */
export function releaseWrite({ sku, cell, units }: Allocated, nowMs: number): CellWrite {
  checkUnits(units);
  return cellWrite(sku, cell, nowMs, {
    add: { held: -units, available: units },
    onlyIf: [atLeast("held", units)],
  });
}

/** Units that a refused checkout asked for: a region that never sold the SKU asks for some. Twice does little harm. */
export function demandWrite(
  { sku, origin, units }: { readonly sku: Sku; readonly origin: Origin; readonly units: number },
  nowMs: number,
  settings: StockSettings = defaultStockSettings,
): CellWrite {
  checkUnits(units);
  const attribute = demandAttribute(windowAt(nowMs, settings));
  return cellWrite(sku, firstCell(origin), nowMs, { add: { [attribute]: units }, onlyIf: [] });
}

/** A try at one of the region's cells met another's write. */
export function contendedWrite(
  { sku, origin }: { readonly sku: Sku; readonly origin: Origin },
  nowMs: number,
  settings: StockSettings = defaultStockSettings,
): CellWrite {
  const attribute = contendedAttribute(windowAt(nowMs, settings));
  return cellWrite(sku, firstCell(origin), nowMs, { add: { [attribute]: 1 }, onlyIf: [] });
}

/** Drops the counts of old windows. Repeated, it changes nothing but the counter. */
export function dropWindowsWrite(
  cell: Cell,
  nowMs: number,
  settings: StockSettings = defaultStockSettings,
): CellWrite {
  const old = oldWindows(cell, nowMs, settings);
  return cellWrite(cell.sku, cell.id, nowMs, {
    remove: [...old.demand.map(demandAttribute), ...old.contended.map(contendedAttribute)],
    onlyIf: [{ type: "present", attribute: "v" }],
  });
}

/**
 * The region uses one more cell. The tries that were counted go with it, so that the same ones do not add another;
 * refused when it has been done since.
 */
export function moreCellsWrite(first: Cell, nowMs: number): CellWrite {
  return cellWrite(first.sku, firstCell(cellOrigin(first.id)), nowMs, {
    set: { cells: first.cellCount + 1 },
    remove: [...first.contended.keys()].map(contendedAttribute),
    onlyIf: [stillIs("cells", first.cellCount === 1 ? 0 : first.cellCount)],
  });
}

/**
 * All that a cell asks of others, in place of what it asked before: targets by donor. Without any, what was asked is
 * taken back, and the time of asking stays. Refused when the wants were written again since they were seen.
 */
export function wantsWrite(cell: Cell, targets: ReadonlyMap<CellId, number>, nowMs: number): CellWrite {
  const asked = [...targets].map(([donor, target]) => [`w#${donor}`, checkUnits(target)] as const);
  return cellWrite(cell.sku, cell.id, nowMs, {
    set: { ...Object.fromEntries(asked), ...(targets.size > 0 ? { wantedAt: nowMs } : {}) },
    remove: [...cell.wanted.keys()].filter((donor) => !targets.has(donor)).map((donor) => `w#${donor}`),
    onlyIf: [stillIs("wantedAt", cell.wantedAtMs)],
  });
}
