import { type CellId, cellOrigin } from "../ids/cell-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { Sku } from "../ids/product-ids.ts";
import type { OperationId } from "../ids/ulid.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { Allocated } from "./allocated.ts";
import type { Cell, Cells } from "./cell-item.ts";
import type { CellWrite } from "./cell-writes.ts";
import { availableOf, cellAt, cellsOfOrigin, sumUnits, unitsOf } from "./cells.ts";
import { type Taken, transferWrites } from "./grants.ts";

/** Cells that one line of a checkout takes from: each is one more write of its transaction, and one more conflict. */
const cellsPerLineMax = 2;

/** Units of one SKU that a checkout wants. */
export interface StockLine {
  readonly sku: Sku;
  /** At least 1; each SKU once. */
  readonly quantity: number;
}

/** A line that the region cannot serve by itself, with what is known of its units. */
export interface Shortfall {
  readonly type: "insufficient-stock";
  readonly sku: Sku;
  readonly wanted: number;
  /** Available in this region. Where it is enough, the units are in too many cells: `gatherWrites`. */
  readonly here: number;
  /** Available in other regions or on the way from them, as far as this one has seen: ask them. */
  readonly elsewhere: number;
}

/** What a checkout chooses its cells by. */
export interface CellChoice {
  readonly lines: readonly StockLine[];
  /** By SKU, what was seen; the own region's cells strongly read. */
  readonly cellsBySku: ReadonlyMap<Sku, Cells>;
  readonly me: Origin;
  /** Operations that meet at one moment spread over the cells; a retry begins where it began before. */
  readonly operationId: OperationId;
  /** Cells whose writes were contended a moment ago: taken last. */
  readonly avoid?: ReadonlySet<CellId>;
  /** Origins that were given up: their units are no longer elsewhere. */
  readonly fenced?: ReadonlySet<Origin>;
}

/** From the id's random part, which ends it; its multiplication spreads ids that differ by one. */
function placeIn(operationId: OperationId, count: number): number {
  let hash = 0;
  for (const char of operationId) {
    hash = (hash * 31 + char.charCodeAt(0)) % 1_000_003;
  }
  return count === 0 ? 0 : hash % count;
}

/** The own cells of a SKU in the order of this operation. */
function inOrder(choice: CellChoice, cells: Cells): readonly Cell[] {
  const own = cellsOfOrigin(cells, choice.me);
  const first = placeIn(choice.operationId, own.length);
  const turned = [...own.slice(first), ...own.slice(0, first)];
  const avoided = ({ id }: Cell) => choice.avoid?.has(id) === true;
  return [...turned.filter((cell) => !avoided(cell)), ...turned.filter(avoided)];
}

/** One cell that has enough, or else the fullest ones: no others could do with so few. */
function takeFrom(
  order: readonly Cell[],
  quantity: number,
): readonly (readonly [Cell, number])[] | undefined {
  const enough = order.find(({ available }) => available >= quantity);
  if (enough !== undefined) {
    return [[enough, quantity]];
  }
  const fullest = [...order].sort((left, right) => right.available - left.available);
  const taken: [Cell, number][] = [];
  let left = quantity;
  for (const cell of fullest.slice(0, cellsPerLineMax)) {
    const units = Math.min(cell.available, left);
    if (units > 0) {
      taken.push([cell, units]);
      left -= units;
    }
  }
  return left === 0 ? taken : undefined;
}

/** Units that a cell has given to this region's and that those have not taken in, as far as they were seen. */
function onTheWayFrom(giver: Cell, me: Origin, cells: Cells): number {
  const own = [...giver.granted].filter(([to]) => cellOrigin(to) === me);
  return sumUnits(
    own.map(([to, units]) => Math.max(0, units - unitsOf(cellAt(cells, giver.sku, to).absorbed, giver.id))),
  );
}

function shortfallOf(choice: CellChoice, { sku, quantity }: StockLine, cells: Cells): Shortfall {
  const givers = [...cells.values()].filter(({ id }) => {
    const origin = cellOrigin(id);
    return origin !== choice.me && choice.fenced?.has(origin) !== true;
  });
  const elsewhere = givers.map((giver) => giver.available + onTheWayFrom(giver, choice.me, cells));
  return {
    type: "insufficient-stock",
    sku,
    wanted: quantity,
    here: availableOf(cells, choice.me),
    elsewhere: sumUnits(elsewhere),
  };
}

/**
 * Which of the region's cells a checkout takes its units from, each cell once; or all lines that fall short. The
 * answer is as good as what was seen: the writes decide.
 */
export function chooseCells(choice: CellChoice): Result<readonly Allocated[], readonly Shortfall[]> {
  const allocated: Allocated[] = [];
  const short: Shortfall[] = [];
  for (const line of choice.lines) {
    const cells: Cells = choice.cellsBySku.get(line.sku) ?? new Map();
    const taken = takeFrom(inOrder(choice, cells), line.quantity);
    if (taken === undefined) {
      short.push(shortfallOf(choice, line, cells));
    } else {
      allocated.push(...taken.map(([cell, units]) => ({ sku: line.sku, cell: cell.id, units })));
    }
  }
  return short.length > 0 ? err(short) : ok(allocated);
}

/**
 * Brings units that are here, in too many cells for one line, into the fullest one: a transaction to make before the
 * checkout is tried again. Nothing where that would not help.
 */
export function gatherWrites(
  cells: Cells,
  { me, quantity, nowMs }: { readonly me: Origin; readonly quantity: number; readonly nowMs: number },
): readonly CellWrite[] | undefined {
  const [to, ...others] = [...cellsOfOrigin(cells, me)].sort(
    (left, right) => right.available - left.available,
  );
  const takings: Taken[] = [];
  let missing = quantity - (to?.available ?? 0);
  for (const from of others) {
    const units = Math.min(from.available, missing);
    if (units > 0) {
      takings.push({ from, units });
      missing -= units;
    }
  }
  return to === undefined || missing > 0 || takings.length === 0
    ? undefined
    : transferWrites(to, takings, nowMs);
}
