import {
  availabilityToItem,
  type Cell,
  cellToItem,
  emptyCell,
  firstCell,
  newestCells,
  type Origin,
  type Product,
  summariseStock,
  toAttributes,
} from "@antipode/core";
import type { Item } from "../engine/item-change.ts";

/** What a table import puts into every region's `Stock` and `Views`: the same items everywhere. */
export interface SeedStock {
  readonly cells: readonly Item[];
  readonly availability: readonly Item[];
}

export interface SeedStockOptions {
  /** In whose cells the units lie: one product's in the first, the next one's in the second, and so on. */
  readonly origins: readonly Origin[];
  /** Of each SKU. */
  readonly units: number;
  readonly writtenAtMs: number;
}

/** Stock of every SKU, each in one region: whoever sells it elsewhere asks for it. */
export function seedStock(products: readonly Product[], options: SeedStockOptions): SeedStock {
  const { origins, units, writtenAtMs } = options;
  const cells = products.flatMap(({ variants }, index) => {
    const origin = origins[index % origins.length];
    if (origin === undefined) throw new Error("no region to stock");
    return variants.map(
      ({ sku }): Cell => ({
        ...emptyCell(sku, firstCell(origin)),
        counter: 1,
        restocked: units,
        available: units,
        touchedAtMs: writtenAtMs,
      }),
    );
  });
  return {
    cells: cells.map((cell) => toAttributes(cellToItem(cell))),
    availability: cells.map((cell) =>
      toAttributes(availabilityToItem(summariseStock(cell.sku, newestCells([cell])))),
    ),
  };
}
