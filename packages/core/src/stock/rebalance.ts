import { type CellId, cellOrigin, cellsMax, makeCellId } from "../ids/cell-id.ts";
import type { Cell, Cells } from "./cell-item.ts";
import { type CellWrite, dropWindowsWrite, moreCellsWrite, wantsWrite } from "./cell-writes.ts";
import { availableOf, cellAt, cellsOfOrigin, firstCell, unitsOf } from "./cells.ts";
import { keepOf, oldWindows, windowAt } from "./demand.ts";
import { absorbWrite, grantWrite, transferWrites } from "./grants.ts";
import type { StockView } from "./stock-view.ts";
import { peersOf, wantedTargets, withdrawsWants } from "./wants.ts";

/**
 * One thing to do: `writes` is one request, a transaction when there are several. A refused one was done already or
 * planned on an old view: the next run plans anew.
 */
export type StockAction = { readonly writes: readonly CellWrite[] } & (
  | { readonly type: "absorb"; readonly from: CellId; readonly to: CellId; readonly units: number }
  | { readonly type: "transfer"; readonly from: CellId; readonly to: CellId; readonly units: number }
  | { readonly type: "grant"; readonly from: CellId; readonly to: CellId; readonly units: number }
  | { readonly type: "want"; readonly cell: CellId; readonly targets: ReadonlyMap<CellId, number> }
  | { readonly type: "take-back"; readonly cell: CellId }
  | { readonly type: "more-cells"; readonly count: number }
  | { readonly type: "drop-windows"; readonly cell: CellId }
);

/** The own cells in use, those that were never written among them. */
function cellsInUse({ sku, cells, me }: StockView): readonly Cell[] {
  const known = cellsOfOrigin(cells, me);
  const { cellCount } = cellAt(cells, sku, firstCell(me));
  const inUse = Array.from({ length: cellCount }, (_, number) => makeCellId(me, number));
  const ids = new Set([...inUse, ...known.map(({ id }) => id)]);
  return [...ids].map((id) => cellAt(cells, sku, id));
}

function planAbsorbs(view: StockView): readonly Extract<StockAction, { type: "absorb" }>[] {
  const { cells, me, fenced, nowMs } = view;
  const own = cellsInUse(view);
  return [...cells.values()]
    .filter(({ id }) => cellOrigin(id) !== me && !fenced.has(cellOrigin(id)))
    .flatMap((from) =>
      own
        .map((to) => ({ to, granted: unitsOf(from.granted, to.id), before: unitsOf(to.absorbed, from.id) }))
        .filter(({ granted, before }) => granted > before)
        .map(({ to, granted, before }) => ({
          type: "absorb" as const,
          from: from.id,
          to: to.id,
          units: granted - before,
          writes: [absorbWrite(to, { from: from.id, granted }, nowMs)],
        })),
    );
}

/** The cells as they will be once the absorbs are made: what is decided next counts them. */
function afterAbsorbs({ sku, cells }: StockView, absorbs: readonly StockAction[]): Cells {
  const after = new Map(cells);
  for (const action of absorbs) {
    if (action.type === "absorb") {
      const to = cellAt(after, sku, action.to);
      after.set(to.id, {
        ...to,
        available: to.available + action.units,
        absorbed: new Map(to.absorbed).set(action.from, unitsOf(to.absorbed, action.from) + action.units),
      });
    }
  }
  return after;
}

/** Fills a cell that has run empty from the fullest one, to an even share. Few units stay where they are. */
function planTransfers(view: StockView): readonly StockAction[] {
  const own = cellsInUse(view);
  const even = Math.floor(availableOf(view.cells, view.me) / own.length);
  const left = new Map(own.map((cell) => [cell.id, cell.available]));
  const actions: StockAction[] = [];
  for (const to of own.filter(({ available }) => available === 0)) {
    const [from] = [...own].sort((a, b) => unitsOf(left, b.id) - unitsOf(left, a.id));
    const spare = from === undefined ? 0 : unitsOf(left, from.id) - even;
    const units = Math.min(even, spare);
    if (from !== undefined && units > 0) {
      left.set(from.id, unitsOf(left, from.id) - units);
      left.set(to.id, units);
      const writes = transferWrites(to, [{ from, units }], view.nowMs);
      actions.push({ type: "transfer", from: from.id, to: to.id, units, writes });
    }
  }
  return actions;
}

/** Whether a peer's wants still count by this region's clock; one whose clock is ahead wrote them in the future. */
function isFresh({ wantedAtMs }: Cell, { nowMs, settings }: StockView): boolean {
  return wantedAtMs >= nowMs - settings.wantFreshMs;
}

/** Gives what is asked, as far as the region has more than it keeps for its own shoppers. */
function planGrants(view: StockView, transfers: readonly StockAction[]): readonly StockAction[] {
  const { sku, cells, me, nowMs, settings } = view;
  const moving = new Set(transfers.flatMap((action) => (action.type === "transfer" ? [action.from] : [])));
  let spare = availableOf(cells, me) - keepOf(cells, me, nowMs, settings);
  const actions: StockAction[] = [];
  const peers = new Set(peersOf(view));
  const askers = [...cells.values()].filter((cell) => peers.has(cellOrigin(cell.id)) && isFresh(cell, view));
  for (const from of cellsInUse(view).filter(({ id }) => !moving.has(id))) {
    let left = from.available;
    for (const to of askers) {
      const missing = unitsOf(to.wanted, from.id) - unitsOf(from.granted, to.id);
      const units = Math.min(missing, spare, left);
      if (units > 0) {
        spare -= units;
        left -= units;
        const leave = Math.max(0, left - spare);
        const writes = [grantWrite(cellAt(cells, sku, from.id), { to: to.id, units, leave }, nowMs)];
        actions.push({ type: "grant", from: from.id, to: to.id, units, writes });
      }
    }
  }
  return actions;
}

function planWants(view: StockView): readonly StockAction[] {
  const cell = cellAt(view.cells, view.sku, firstCell(view.me));
  const targets = wantedTargets(view);
  if (targets !== undefined) {
    return [{ type: "want", cell: cell.id, targets, writes: [wantsWrite(cell, targets, view.nowMs)] }];
  }
  return withdrawsWants(view)
    ? [{ type: "take-back", cell: cell.id, writes: [wantsWrite(cell, new Map(), view.nowMs)] }]
    : [];
}

function planMoreCells({ sku, cells, me, nowMs, settings }: StockView): readonly StockAction[] {
  const first = cellAt(cells, sku, firstCell(me));
  const open = windowAt(nowMs, settings);
  const tries = Math.max(first.contended.get(open) ?? 0, first.contended.get(open - 1) ?? 0);
  return tries > settings.contendedMax && first.cellCount < cellsMax
    ? [{ type: "more-cells", count: first.cellCount + 1, writes: [moreCellsWrite(first, nowMs)] }]
    : [];
}

function planDrops({ cells, me, nowMs, settings }: StockView): readonly StockAction[] {
  return cellsOfOrigin(cells, me)
    .filter((cell) => {
      const old = oldWindows(cell, nowMs, settings);
      const stored = cell.demand.size + cell.contended.size;
      return stored > settings.windowsStoredMax && old.demand.length + old.contended.length > 0;
    })
    .map((cell) => ({
      type: "drop-windows" as const,
      cell: cell.id,
      writes: [dropWindowsWrite(cell, nowMs, settings)],
    }));
}

/**
 * What a region should do about a SKU, from what it has seen: takes over what was granted to it, evens out its own
 * cells, grants what others ask and it can spare, asks when it is short. Nothing of it needs an up-to-date view of the
 * others: an old one makes it give or ask less well, and never more than there is.
 */
export function planRebalance(view: StockView): readonly StockAction[] {
  const absorbs = planAbsorbs(view);
  const after = { ...view, cells: afterAbsorbs(view, absorbs) };
  const drops = planDrops(after);
  if (!view.leaseRunning) {
    return [...absorbs, ...drops];
  }
  const transfers = planTransfers(after);
  return [
    ...absorbs,
    ...transfers,
    ...planGrants(after, transfers),
    ...planWants(after),
    ...planMoreCells(after),
    ...drops,
  ];
}
