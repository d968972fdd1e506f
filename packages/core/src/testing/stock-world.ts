import type { CellId } from "../ids/cell-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { TransactionWrite } from "../ports/items.ts";
import type { Allocated } from "../stock/allocated.ts";
import { type Cells, stockPartition } from "../stock/cell-item.ts";
import { cellsOf } from "../stock/cells.ts";
import { defaultStockSettings, type StockSettings } from "../stock/settings.ts";
import type { StockView } from "../stock/stock-view.ts";
import { sku } from "./arbitraries.ts";
import { fencedBy, mayRun } from "./stock-leases.ts";
import { createLives, got, type Life, type Lives } from "./stock-lives.ts";
import type { StockSchedule } from "./stock-steps.ts";

export const lamp = sku("LAMP");

/** As shipped, but that every contended try makes a region use one more cell. */
const settings: StockSettings = { ...defaultStockSettings, contendedMax: 0 };

/** Units that one checkout took, as the world remembers it, whatever becomes of the region. */
export interface Sale {
  readonly origin: Origin;
  /** `containedAt` is the first counter of the cell that contains the hold. */
  readonly parts: readonly (Allocated & { readonly containedAt: number })[];
  /** The other region that knows of it. */
  readonly witness: Life | undefined;
  state: "held" | "sold" | "released";
}

/** A donor's answer that is under way. */
export interface Mail {
  readonly to: Life;
  readonly cell: CellId;
  readonly from: CellId;
  readonly granted: number;
}

/** What was left of a region when its units were taken over. */
export interface Reclaimed {
  /** By cell, the number of the newest state that anybody had. */
  readonly states: ReadonlyMap<string, number>;
  /** Units that it took after those states, for checkouts that stand and that nobody had witnessed. */
  readonly tail: number;
}

/** Everything that a schedule has brought about. */
export interface StockWorld {
  readonly lives: Lives;
  readonly sales: Sale[];
  /** The units of each delivery that was counted, by its id. */
  readonly restocked: Map<number, number>;
  /** Units that were counted again, after nobody was left who knew the delivery. */
  recounted: number;
  readonly mail: Mail[];
  readonly reclaimed: Map<Origin, Reclaimed>;
  /** Something was lost with a region, so that units may be missing. */
  inexact: boolean;
  /** How the run differs from the specification. */
  readonly faults: string[];
  /** How often what happened. */
  readonly seen: Map<string, number>;
}

export function createStockWorld({ regions, clockOffsetsMs }: StockSchedule): StockWorld {
  return {
    lives: createLives(regions, clockOffsetsMs),
    sales: [],
    restocked: new Map(),
    recounted: 0,
    mail: [],
    reclaimed: new Map(),
    inexact: false,
    faults: [],
    seen: new Map(),
  };
}

export function count({ seen }: StockWorld, what: string, by = 1): void {
  seen.set(what, (seen.get(what) ?? 0) + by);
}

/** What a region holds of the SKU; `back` reads its own cells as they were so many states ago. */
export async function cellsSeen({ lives }: StockWorld, life: Life, back = 0): Promise<Cells> {
  const items = got(await life.items.queryPartition("Stock", stockPartition(lamp)));
  const read = items.map((item) => {
    const states = lives.places.get(`Stock/${item.pk}/${item.sk}`)?.states ?? [];
    return item.sk.startsWith(`CELL#${life.origin}#`)
      ? (states[Math.max(0, states.length - 1 - back)] ?? item)
      : item;
  });
  return got(cellsOf(read));
}

export async function viewOf(world: StockWorld, life: Life, back = 0): Promise<StockView> {
  return {
    sku: lamp,
    cells: await cellsSeen(world, life, back),
    me: life.origin,
    regions: world.lives.configured().map(({ origin }) => origin),
    fenced: await fencedBy(world.lives, life),
    leaseRunning: await mayRun(world.lives, life),
    nowMs: world.lives.clockMs(life),
    settings,
  };
}

/** Makes one request, as a function does: one write alone, several as a transaction. */
export async function send(
  { lives }: StockWorld,
  life: Life,
  writes: readonly TransactionWrite[],
): Promise<"written" | "refused"> {
  const [only, ...more] = writes;
  const outcome =
    only?.type === "update" && more.length === 0
      ? await lives.update(life, only)
      : await lives.transact(life, writes);
  return outcome.type;
}
