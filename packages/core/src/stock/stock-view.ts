import type { Origin } from "../ids/origin.ts";
import type { Sku } from "../ids/product-ids.ts";
import type { Cells } from "./cell-item.ts";
import type { StockSettings } from "./settings.ts";

/** What a region knows when it decides about the stock of one SKU. */
export interface StockView {
  readonly sku: Sku;
  /** What this region has seen of the SKU, its own cells strongly read. */
  readonly cells: Cells;
  readonly me: Origin;
  /** The configured origins in their present lives. One that has not been heard of lately may be left out. */
  readonly regions: readonly Origin[];
  /** `fencedOrigins` of what was seen: nothing goes to their cells, and nothing comes from them. */
  readonly fenced: ReadonlySet<Origin>;
  /** Whether this region may sell now. Without a lease it gives nothing away and asks for nothing. */
  readonly leaseRunning: boolean;
  readonly nowMs: number;
  readonly settings: StockSettings;
}
