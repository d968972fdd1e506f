import type { Table } from "./tables.ts";

/**
 * The tables' indexes. An item without both of an index's attributes, which are texts, is not in it. An index holds whole items
 * or the keys alone, the table's and its own: a write pays for each index that it changes.
 */
export const indexes = {
  /** Products of a category, by id. */
  byCategory: { table: "Views", hashKey: "category", rangeKey: "listKey", holds: "items" },
  /** A shopper's orders, by when they were placed. */
  byShopper: { table: "Orders", hashKey: "shopper", rangeKey: "listedAt", holds: "keys" },
  /** What an origin has open, by when somebody should look at it. */
  byDue: { table: "Orders", hashKey: "openBy", rangeKey: "dueAt", holds: "keys" },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly table: Table;
      readonly hashKey: string;
      readonly rangeKey: string;
      readonly holds: "items" | "keys";
    }
  >
>;

export type Index = keyof typeof indexes;
