import fc from "fast-check";
import { type CellId, cellOrigin, makeCellId } from "../ids/cell-id.ts";
import type { Origin } from "../ids/origin.ts";
import { type Cell, type Cells, emptyCell } from "../stock/cell-item.ts";
import { defaultStockSettings } from "../stock/settings.ts";
import type { StockView } from "../stock/stock-view.ts";
import { origin, origins } from "./arbitraries.ts";
import { beginMs } from "./stock-lives.ts";
import { lamp } from "./stock-world.ts";

const nowMs = beginMs;
const thisWindow = Math.floor(nowMs / defaultStockSettings.windowMs);

/** Three regions and an earlier life of one, with up to three cells each. */
const ids: readonly CellId[] = origins.flatMap((origin) =>
  [0, 1, 2].map((number) => makeCellId(origin, number)),
);

const anyUnits = fc.oneof(fc.constant(0), fc.nat({ max: 40 }));
const anyUnitsByCell = fc
  .array(fc.tuple(fc.constantFrom(...ids), fc.integer({ min: 1, max: 30 })), { maxLength: 4 })
  .map((entries) => new Map(entries));

/** Demand of the last hours, up to now by a clock that is ahead. */
const anyDemand = fc
  .array(fc.tuple(fc.integer({ min: -1, max: 18 }), fc.integer({ min: 1, max: 20 })), {
    maxLength: 24,
    size: "max",
  })
  .map((entries) => new Map(entries.map(([ago, units]) => [thisWindow - ago, units])));

const anyContended = fc
  .array(fc.tuple(fc.constantFrom(0, 1, 7), fc.integer({ min: 1, max: 30 })), { maxLength: 3 })
  .map((entries) => new Map(entries.map(([ago, tries]) => [thisWindow - ago, tries])));

const without = <T>(units: ReadonlyMap<CellId, T>, leaveOut: (cell: CellId) => boolean) =>
  new Map([...units].filter(([cell]) => !leaveOut(cell)));

const noDemand = fc.constant(new Map<number, number>());

const me = origin("us-east-1#1");
/** Often short, so that it asks. */
const isOwn = (id: CellId) => cellOrigin(id) === me;

/** Any state that a cell may be seen in. What it was granted and what it restocked make up for the rest. */
const anyCell = (id: CellId): fc.Arbitrary<Cell> =>
  fc
    .record({
      available: isOwn(id) ? fc.oneof(fc.constant(0), fc.nat({ max: 6 }), anyUnits) : anyUnits,
      held: anyUnits,
      sold: anyUnits,
      granted: anyUnitsByCell,
      absorbed: anyUnitsByCell,
      wanted: anyUnitsByCell,
      wantedAtMs: fc.oneof(fc.constant(0), fc.integer({ min: nowMs - 150_000, max: nowMs + 10_000 })),
      demand: isOwn(id) ? anyDemand : fc.oneof(anyDemand, noDemand, noDemand),
      contended: anyContended,
      cellCount: fc.integer({ min: 1, max: 4 }),
    })
    .map((parts) => {
      const sibling = (cell: CellId) => cellOrigin(cell) === cellOrigin(id);
      const granted = without(parts.granted, sibling);
      const absorbed = without(parts.absorbed, sibling);
      const sum = (units: ReadonlyMap<CellId, number>) => [...units.values()].reduce((a, b) => a + b, 0);
      const given = parts.available + parts.held + parts.sold + sum(granted);
      const restocked = Math.max(0, given - sum(absorbed));
      return {
        ...emptyCell(lamp, id),
        ...parts,
        wanted: without(parts.wanted, sibling),
        granted,
        absorbed,
        restocked,
        available: restocked + sum(absorbed) - (given - parts.available),
        cellCount: id.endsWith("#0") ? parts.cellCount : 1,
        contended: id.endsWith("#0") ? parts.contended : new Map<number, number>(),
        counter: 1 + parts.sold,
        touchedAtMs: nowMs,
      };
    });

const anyCells: fc.Arbitrary<Cells> = fc
  .subarray([...ids])
  .chain((some) => fc.tuple(...some.map(anyCell)))
  .map((cells) => new Map(cells.map((cell) => [cell.id, cell])));

const present = origins.slice(0, 3);

/** What a region may see: its own cells as they are, and of the others any state, one at odds with the rest included. */
export const anyView: fc.Arbitrary<StockView> = fc.record({
  sku: fc.constant(lamp),
  cells: anyCells,
  me: fc.constant(me),
  regions: fc.constant(present),
  fenced: fc
    .subarray(origins.filter((one) => one !== me))
    .map((fenced) => new Set(fenced.length > 1 ? [] : fenced)),
  leaseRunning: fc.nat({ max: 9 }).map((chance) => chance > 0),
  nowMs: fc.constant(nowMs),
  settings: fc.constant(defaultStockSettings),
});

/** The specification of what a region keeps: half of what was asked of it in the last hour, an open window included. */
export function keptBy(cells: Cells, origin: Origin): number {
  let units = 0;
  for (const cell of cells.values()) {
    for (const [window, count] of cellOrigin(cell.id) === origin ? cell.demand : []) {
      units += window > thisWindow - 6 ? count : 0;
    }
  }
  return Math.ceil(units / 2);
}

/** What it keeps while a shopper elsewhere waits: a twentieth of the open window's demand, or the last whole one's. */
export function keptForAMoment(cells: Cells, origin: Origin): number {
  const own = [...cells.values()].filter(({ id }) => cellOrigin(id) === origin);
  const asked = [thisWindow, thisWindow - 1].map((window) =>
    own.reduce((units, { demand }) => units + (demand.get(window) ?? 0), 0),
  );
  return Math.floor(Math.max(...asked) / 20);
}

/** Units that a region's cells have available. */
export function unitsAt(cells: Iterable<Cell>, origin: Origin): number {
  return [...cells]
    .filter(({ id }) => cellOrigin(id) === origin)
    .reduce((units, { available }) => units + available, 0);
}
