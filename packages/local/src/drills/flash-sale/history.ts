import type { CellsView, Checkout, LedgerPayment, OrderEnd } from "../checkout/history.ts";

/** How many units a region's own cells had to sell, by its own word, at some moment of the sale. */
export interface StockSample {
  readonly region: string;
  readonly sent: number;
  readonly at: number;
  readonly available: number;
}

/** One sale, as its buyers and the watching operator know it. */
export interface SaleHistory {
  readonly sku: string;
  /** Units of all deliveries, each counted once. */
  readonly delivered: number;
  readonly checkouts: readonly Checkout[];
  readonly samples: readonly StockSample[];
  /** Whether with everything mended, at last, every region refused a single unit. */
  readonly isShortEverywhere: boolean;
  readonly orders: readonly OrderEnd[];
  readonly cells: readonly CellsView[];
  readonly payments: readonly LedgerPayment[];
}
