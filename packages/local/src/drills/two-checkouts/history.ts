import type { CellsView, Checkout, LedgerPayment, OrderEnd } from "../checkout/history.ts";
import type { Lines } from "../concurrent-carts/history.ts";

/** A cart, and what its two devices did with it at the same moment in two regions. */
export interface SplitCart {
  /** For people: `cart 3`. */
  readonly name: string;
  /** The cart's id. */
  readonly id: string;
  /** What was added and acknowledged before the regions were parted, and by the one device that added more then. */
  readonly added: Lines;
  /** One for each of its two regions, in which all of its attempts are. */
  readonly checkouts: readonly Checkout[];
}

/** What a region shows of a cart in the end. */
export interface SplitCartEnd {
  readonly id: string;
  readonly region: string;
  readonly lines: Lines;
}

export interface SplitHistory {
  readonly carts: readonly SplitCart[];
  readonly cartEnds: readonly SplitCartEnd[];
  readonly orders: readonly OrderEnd[];
  readonly payments: readonly LedgerPayment[];
  readonly cells: readonly CellsView[];
  /** Units delivered by SKU, each delivery counted once. */
  readonly delivered: Lines;
}
