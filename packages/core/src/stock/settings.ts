/** The numbers of stock. A test may take others; the shop runs with `defaultStockSettings`. */
export interface StockSettings {
  /** ms. Demand is counted by windows of this length. */
  readonly windowMs: number;
  /** Windows that count as recent demand, the one that is open included. */
  readonly windowsKept: number;
  /** Windows of demand in one item before the old ones are dropped. */
  readonly windowsStoredMax: number;
  /** ms of its own recent demand that a region keeps before it grants to others. */
  readonly keepMs: number;
  /** ms of its last window's demand that a region keeps when a checkout elsewhere waits for the answer. */
  readonly directKeepMs: number;
  /** A short region asks for up to so many times what it keeps. */
  readonly wantFactor: number;
  /** ms after which a want counts no more. */
  readonly wantFreshMs: number;
  /** ms between two writes of wants. */
  readonly wantEveryMs: number;
  /** Contended tries of one window above which a region uses one more cell. */
  readonly contendedMax: number;
  /** Regions that one checkout asks for a SKU, each for units of as many of its cells as it takes. */
  readonly directRegionsMax: number;
}

const minuteMs = 60_000;

export const defaultStockSettings: StockSettings = {
  windowMs: 10 * minuteMs, // long enough for a few sales of an ordinary product, short enough to follow a rush
  windowsKept: 6, // an hour: one quiet window does not make a region give everything away
  windowsStoredMax: 12, // dropping is a write of its own, so not at every window's end
  keepMs: 30 * minuteMs, // a want is answered in seconds; half an hour also bridges a drain or a slow link
  directKeepMs: 30_000, // a shopper who waits goes before those who may come; half a minute covers those who are here
  wantFactor: 2, // as much again as is kept: a region that sells on is not short at once
  wantFreshMs: minuteMs, // replication takes a second or two; an older want is of a region that cannot be heard
  wantEveryMs: 5_000, // an answer needs two replications; to ask more often says nothing new
  contendedMax: 20, // two a minute: below, trying once more is cheaper than spreading the units
  directRegionsMax: 3, // asked at once, and a shopper waits for the slowest: each more is one more that may be slow
};
