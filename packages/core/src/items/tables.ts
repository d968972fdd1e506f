/** Tables with a replica in every region. A region writes only items of its own origin there. */
export const globalTables = ["Catalog", "Carts", "Stock", "Orders", "Control"] as const;

/** Tables of one region alone. */
export const regionalTables = ["Views", "Inbox", "Conflicts"] as const;

export type GlobalTable = (typeof globalTables)[number];
export type RegionalTable = (typeof regionalTables)[number];
export type Table = GlobalTable | RegionalTable;

export function isGlobalTable(table: Table): table is GlobalTable {
  return globalTables.some((name) => name === table);
}
