import { err, type Items, ok, type Result, type StorageError } from "@antipode/core";

/** Whose refusals say that a table is away. */
export type IsAway = (error: StorageError) => boolean;

/**
 * Reads what never exists in each table that shopping and editing need: reading nothing is cheap and proves the way. Of
 * the Catalog functions may read partitions only.
 */
export async function touchTables(
  { items }: { readonly items: Items },
  isAway: IsAway,
): Promise<Result<unknown, string>> {
  const reads = await Promise.all([
    items.get("Views", { pk: "PRODUCT#readiness", sk: "VIEW" }),
    items.get("Carts", { pk: "CART#readiness", sk: "R#readiness" }),
    items.queryPartition("Catalog", "PRODUCT#readiness"),
  ]);
  const failed = reads.find((read) => !read.ok && isAway(read.error));
  return failed === undefined || failed.ok ? ok(undefined) : err(JSON.stringify(failed.error));
}
