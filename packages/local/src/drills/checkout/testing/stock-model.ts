import type { CellsView, SeenCell } from "../history.ts";

/** What a stock that breaks its promises does wrong. */
export type StockDefect =
  /** A donor grants units and goes on selling them. */
  | "grants and keeps"
  /** What is granted never arrives. */
  | "loses grants"
  /** Units that are given back go nowhere. */
  | "loses what is given back"
  /** Units of an order that failed stay held. */
  | "never gives back"
  /** A repeated delivery counts again. */
  | "counts deliveries twice"
  /** Sells what it does not have. */
  | "sells more"
  /** Says that it is sold out when it is not. */
  | "hides its last units";

interface Cell {
  available: number;
  held: number;
  sold: number;
  restocked: number;
  readonly granted: Record<string, number>;
  readonly absorbed: Record<string, number>;
}

export interface StockModel {
  deliver(region: string, operationId: string, quantity: number): void;
  /** Takes units into a hold, from other regions too if they can be reached. */
  hold(region: string, units: number, reaches: (other: string) => boolean): boolean;
  commit(region: string, units: number): void;
  release(region: string, units: number): void;
  available(region: string): number;
  /** What every region shows once all is delivered. */
  views(): readonly CellsView[];
}

/** Rights to one SKU in a few lines, a cell a region. Not the shop's own, so that judges are tried on another reading. */
export function createStockModel(regions: readonly string[], sku: string, defect?: string): StockModel {
  const cells = new Map<string, Cell>(
    regions.map((region) => [
      region,
      { available: 0, held: 0, sold: 0, restocked: 0, granted: {}, absorbed: {} },
    ]),
  );
  const deliveries = new Set<string>();
  const idOf = (region: string) => `${region}#1#0`;
  const cellOf = (region: string): Cell => {
    const cell = cells.get(region);
    if (cell === undefined) throw new Error(`no region ${region}`);
    return cell;
  };
  const move = (from: string, to: string, units: number) => {
    const [donor, taker] = [cellOf(from), cellOf(to)];
    if (defect !== "grants and keeps") donor.available -= units;
    donor.granted[idOf(to)] = (donor.granted[idOf(to)] ?? 0) + units;
    if (defect === "loses grants") return;
    taker.absorbed[idOf(from)] = (taker.absorbed[idOf(from)] ?? 0) + units;
    taker.available += units;
  };
  const hidden = defect === "hides its last units" ? 2 : 0;
  return {
    deliver(region, operationId, quantity) {
      if (deliveries.has(operationId) && defect !== "counts deliveries twice") return;
      deliveries.add(operationId);
      cellOf(region).available += quantity;
      cellOf(region).restocked += quantity;
    },
    hold(region, units, reaches) {
      const cell = cellOf(region);
      for (const other of regions.filter((one) => one !== region && reaches(one))) {
        const missing = units - cell.available;
        const spare = Math.min(missing, cellOf(other).available - hidden);
        if (spare > 0) move(other, region, spare);
      }
      if (cell.available - hidden < units && defect !== "sells more") return false;
      cell.available -= units;
      cell.held += units;
      return true;
    },
    commit(region, units) {
      cellOf(region).held -= units;
      cellOf(region).sold += units;
    },
    release(region, units) {
      const cell = cellOf(region);
      if (defect === "never gives back") return;
      cell.held -= units;
      if (defect !== "loses what is given back") cell.available += units;
    },
    available: (region) => cellOf(region).available,
    views: () => {
      const seen = regions.map((region): SeenCell => ({ cell: idOf(region), ...cellOf(region) }));
      return regions.map((region) => ({ region, sku, cells: structuredClone(seen) }));
    },
  };
}
