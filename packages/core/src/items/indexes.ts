import type { Table } from "./tables.ts";

/** The tables' indexes. An item without both of an index's attributes, which are texts, is not in it. */
export const indexes = {
  /** Products of a category, by id. */
  byCategory: { table: "Views", hashKey: "category", rangeKey: "listKey" },
  /** A shopper's orders, by when they were placed. */
  byShopper: { table: "Orders", hashKey: "shopper", rangeKey: "listedAt" },
  /** What an origin has open, by when somebody should look at it. */
  byDue: { table: "Orders", hashKey: "openBy", rangeKey: "dueAt" },
} as const satisfies Readonly<
  Record<string, { readonly table: Table; readonly hashKey: string; readonly rangeKey: string }>
>;

export type Index = keyof typeof indexes;
