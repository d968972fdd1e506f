import type { CellId } from "../ids/cell-id.ts";
import { cellOrigin } from "../ids/cell-id.ts";
import type { StoredItem } from "../items/item.ts";
import { isCounter } from "../items/item.ts";
import type { Condition } from "../ports/items.ts";
import type { Cell } from "./cell-item.ts";
import { type CellWrite, cellWrite, checkUnits, stillIs } from "./cell-writes.ts";
import { unitsOf } from "./cells.ts";

/*
 * Units move between cells as two writes by two writers: the giver raises a cumulative number, the taker catches up
 * with it. Each is conditional on the number as it was seen, so none can be made twice.
 */

function refuseItself(from: CellId, to: CellId): void {
  if (from === to) {
    throw new Error(`a cell grants to another one, not to itself: ${from}`);
  }
}

/**
 * Gives units to another cell. `leave` is what must be available afterwards: a donor that sold on since the cell was
 * seen gives nothing.
 */
export function grantWrite(
  from: Cell,
  { to, units, leave }: { readonly to: CellId; readonly units: number; readonly leave: number },
  nowMs: number,
): CellWrite {
  refuseItself(from.id, to);
  checkUnits(units);
  const before = unitsOf(from.granted, to);
  return cellWrite(from.sku, from.id, nowMs, {
    set: { [`g#${to}`]: before + units },
    add: { available: -units },
    onlyIf: [
      stillIs(`g#${to}`, before),
      { type: "at-least", attribute: "available", floor: units + Math.max(0, leave) },
    ],
  });
}

/** Takes over what a donor has granted so far, `granted` cumulative, as its item or its answer says. */
export function absorbWrite(
  to: Cell,
  { from, granted }: { readonly from: CellId; readonly granted: number },
  nowMs: number,
): CellWrite {
  refuseItself(from, to.id);
  const before = unitsOf(to.absorbed, from);
  const units = checkUnits(granted - before);
  return cellWrite(to.sku, to.id, nowMs, {
    set: { [`a#${from}`]: granted },
    add: { available: units },
    onlyIf: [stillIs(`a#${from}`, before)],
  });
}

/** Units that a transfer takes from one cell. */
export interface Taken {
  readonly from: Cell;
  readonly units: number;
}

/** Moves units between cells of one region, from several into one: one transaction, never in flight. */
export function transferWrites(to: Cell, takings: readonly Taken[], nowMs: number): readonly CellWrite[] {
  const set: Record<string, number> = {};
  const onlyIf: Condition[] = [];
  let moved = 0;
  for (const { from, units } of takings) {
    if (cellOrigin(from.id) !== cellOrigin(to.id)) {
      throw new Error(`not cells of one region: ${from.id} and ${to.id}`);
    }
    // the two numbers are one: a transfer is the only way from a cell to another of its region
    onlyIf.push(stillIs(`a#${from.id}`, unitsOf(to.absorbed, from.id)));
    set[`a#${from.id}`] = unitsOf(from.granted, to.id) + units;
    moved += units;
  }
  return [
    ...takings.map(({ from, units }) => grantWrite(from, { to: to.id, units, leave: 0 }, nowMs)),
    cellWrite(to.sku, to.id, nowMs, { set, add: { available: checkUnits(moved) }, onlyIf }),
  ];
}

function counterIn(item: StoredItem | undefined, attribute: string): number {
  const value = item?.[attribute];
  return isCounter(value) ? value : 0;
}

/** What a refused move of units is. */
export type MoveRefusal =
  /** It has happened, by this call or another: `units` is the cumulative number as it stands. */
  | { readonly type: "done-already"; readonly units: number }
  /** The cell changed since it was seen: plan again. */
  | { readonly type: "changed"; readonly units: number };

/** Why a grant was refused, from the donor's item as it stood; `target` is what the grant was to reach. */
export function explainGrantRefusal(item: StoredItem | undefined, to: CellId, target: number): MoveRefusal {
  const units = counterIn(item, `g#${to}`);
  return { type: units >= target ? "done-already" : "changed", units };
}
