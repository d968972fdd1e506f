import { type CellId, isCellId } from "../ids/cell-id.ts";
import { isSku, type Sku } from "../ids/product-ids.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";

/** Units by cell. A cell that is not in it has none. */
export type UnitsByCell = ReadonlyMap<CellId, number>;

/** Units, or tries, by demand window: the window's number since 1970. */
export type CountsByWindow = ReadonlyMap<number, number>;

/**
 * A pot of units of one SKU that one origin may sell without asking. Every number but `available`, `held` and those of
 * wants and windows only grows.
 */
export interface Cell {
  readonly sku: Sku;
  readonly id: CellId;
  /** Grows with every write; 0 for a cell that was never written. */
  readonly counter: number;
  readonly restocked: number;
  readonly sold: number;
  readonly held: number;
  /** Stored, so that a condition can be about it: always `balanceOf` the rest. */
  readonly available: number;
  /** Cumulative units given to each other cell. */
  readonly granted: UnitsByCell;
  /** Cumulative units taken over from each other cell's grants. */
  readonly absorbed: UnitsByCell;
  /** For each donor the cumulative grant that is asked of it: a target, so repeats and reordering are harmless. */
  readonly wanted: UnitsByCell;
  /** When the wants were written. */
  readonly wantedAtMs: number;
  /** Units taken over, once, from each cell of a region that was lost. */
  readonly reclaimed: UnitsByCell;
  /** Units that shoppers asked for. */
  readonly demand: CountsByWindow;
  /** Tries that met another's write; on cell 0. */
  readonly contended: CountsByWindow;
  /** Cells that the region uses for the SKU, 1 where nothing is said; on cell 0. */
  readonly cellCount: number;
  readonly touchedAtMs: number;
}

/** The newest known state of each cell of one SKU. */
export type Cells = ReadonlyMap<CellId, Cell>;

/** A SKU's partition: its cells in Stock, its summary in Views. */
export function stockPartition(sku: Sku): string {
  return `SKU#${sku}`;
}

/** The SKU that a partition of Stock or Views is about. */
export function partitionToSku(pk: string): Sku | undefined {
  const text = pk.startsWith("SKU#") ? pk.slice(4) : "";
  return isSku(text) ? text : undefined;
}

/** Where a cell's item is, in Stock. */
export function cellKey(sku: Sku, id: CellId): ItemKey {
  return { pk: stockPartition(sku), sk: `CELL#${id}` };
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

interface Parts extends Mutable<Omit<Cell, "granted" | "absorbed" | "wanted" | "reclaimed">> {
  granted: Map<CellId, number>;
  absorbed: Map<CellId, number>;
  wanted: Map<CellId, number>;
  reclaimed: Map<CellId, number>;
  demand: Map<number, number>;
  contended: Map<number, number>;
}

function emptyParts(sku: Sku, id: CellId): Parts {
  return {
    sku,
    id,
    counter: 0,
    restocked: 0,
    sold: 0,
    held: 0,
    available: 0,
    granted: new Map(),
    absorbed: new Map(),
    wanted: new Map(),
    wantedAtMs: 0,
    reclaimed: new Map(),
    demand: new Map(),
    contended: new Map(),
    cellCount: 1,
    touchedAtMs: 0,
  };
}

/** A cell that was never written: as if it held nothing. */
export function emptyCell(sku: Sku, id: CellId): Cell {
  return emptyParts(sku, id);
}

type NumberName =
  | "counter"
  | "restocked"
  | "sold"
  | "held"
  | "available"
  | "wantedAtMs"
  | "cellCount"
  | "touchedAtMs";

const numberByAttribute: ReadonlyMap<string, NumberName> = new Map([
  ["v", "counter"],
  ["restocked", "restocked"],
  ["sold", "sold"],
  ["held", "held"],
  ["available", "available"],
  ["wantedAt", "wantedAtMs"],
  ["cells", "cellCount"],
  ["touchedAt", "touchedAtMs"],
]);

const unitsByPrefix: ReadonlyMap<string, "granted" | "absorbed" | "wanted" | "reclaimed"> = new Map([
  ["g", "granted"],
  ["a", "absorbed"],
  ["w", "wanted"],
  ["rec", "reclaimed"],
]);

const countsByPrefix: ReadonlyMap<string, "demand" | "contended"> = new Map([
  ["d", "demand"],
  ["c", "contended"],
]);

const windowPattern = /^(?:0|[1-9][0-9]{0,11})$/;

/** Takes one attribute into `parts`; the answer says what was wrong with it. */
function readAttribute(parts: Parts, name: string, value: ItemValue | undefined): string | undefined {
  if (!isCounter(value)) {
    return "not a counter";
  }
  const number = numberByAttribute.get(name);
  if (number !== undefined) {
    parts[number] = value;
    return undefined;
  }
  const hash = name.indexOf("#");
  const prefix = name.slice(0, Math.max(0, hash));
  const rest = name.slice(hash + 1);
  const units = unitsByPrefix.get(prefix);
  if (units !== undefined && isCellId(rest)) {
    parts[units].set(rest, value);
    return undefined;
  }
  const counts = countsByPrefix.get(prefix);
  if (counts !== undefined && windowPattern.test(rest)) {
    parts[counts].set(Number(rest), value);
    return undefined;
  }
  return "unknown attribute";
}

/** Reads one cell. An attribute that this code does not know is a failure, not a guess: it may hold units. */
export function itemToCell(item: StoredItem): Result<Cell, ItemNotUnderstood> {
  const sku = partitionToSku(item.pk);
  const id = item.sk.startsWith("CELL#") ? item.sk.slice(5) : "";
  if (sku === undefined) {
    return err(notUnderstood(item, "pk", "not a SKU's key"));
  }
  if (!isCellId(id)) {
    return err(notUnderstood(item, "sk", "not a cell's key"));
  }
  const parts = emptyParts(sku, id);
  for (const name of Object.keys(item)) {
    const fault = name === "pk" || name === "sk" ? undefined : readAttribute(parts, name, item[name]);
    if (fault !== undefined) {
      return err(notUnderstood(item, name, fault));
    }
  }
  return parts.counter > 0
    ? ok(parts)
    : err(notUnderstood(item, "v", "an item that was written has a counter"));
}

function unitsToAttributes(prefix: string, units: ReadonlyMap<CellId | number, number>) {
  return Object.fromEntries([...units].map(([name, count]) => [`${prefix}#${name}`, count]));
}

/** Writes what `itemToCell` reads. */
export function cellToItem(cell: Cell): StoredItem {
  return {
    ...cellKey(cell.sku, cell.id),
    v: cell.counter,
    restocked: cell.restocked,
    sold: cell.sold,
    held: cell.held,
    available: cell.available,
    ...unitsToAttributes("g", cell.granted),
    ...unitsToAttributes("a", cell.absorbed),
    ...unitsToAttributes("w", cell.wanted),
    ...unitsToAttributes("rec", cell.reclaimed),
    ...unitsToAttributes("d", cell.demand),
    ...unitsToAttributes("c", cell.contended),
    ...(cell.wantedAtMs > 0 ? { wantedAt: cell.wantedAtMs } : {}),
    ...(cell.cellCount > 1 ? { cells: cell.cellCount } : {}),
    touchedAt: cell.touchedAtMs,
  };
}
