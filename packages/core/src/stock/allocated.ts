import type { CellId } from "../ids/cell-id.ts";
import type { Sku } from "../ids/product-ids.ts";

/** Units of a SKU that one checkout took from one cell. */
export interface Allocated {
  readonly sku: Sku;
  readonly cell: CellId;
  /** At least 1. */
  readonly units: number;
}
