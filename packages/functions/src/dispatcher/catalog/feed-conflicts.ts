import {
  type Clock,
  conflictToItem,
  type FieldConflict,
  type Items,
  ok,
  type ProductId,
  type ProductView,
  type Result,
  type StorageError,
} from "@antipode/core";
import type { Measurements } from "../../platform/measurements.ts";

export interface FeedDeps {
  readonly items: Items;
  readonly clock: Clock;
}

/**
 * Puts conflicts into the region's feed, each once, and answers how many were new to it. A conflict's key says which
 * edits it is between, the same in every region, so a redelivery, another rebuild or the API's own put meets what is
 * there and leaves it.
 */
export async function feedConflicts(
  { items, clock }: FeedDeps,
  id: ProductId,
  conflicts: readonly FieldConflict[],
): Promise<Result<number, StorageError>> {
  let fed = 0;
  for (const conflict of conflicts) {
    const item = conflictToItem(id, conflict, clock.nowMs());
    const outcome = await items.put("Conflicts", item, [{ type: "absent", attribute: "pk" }]);
    if (!outcome.ok) {
      return outcome;
    }
    fed += outcome.value.type === "written" ? 1 : 0;
  }
  return ok(fed);
}

/** Feeds what the stored view does not show: what it shows was fed before it was written. */
export async function feedNewConflicts(
  deps: FeedDeps & { readonly measurements: Measurements },
  { product, conflicts }: ProductView,
  shown: readonly FieldConflict[],
): Promise<Result<undefined, StorageError>> {
  const known = new Set(shown.map((conflict) => conflict.id));
  const fed = await feedConflicts(
    deps,
    product.id,
    conflicts.filter((conflict) => !known.has(conflict.id)),
  );
  if (!fed.ok) {
    return fed;
  }
  if (fed.value > 0) {
    deps.measurements.record("ConflictsFed", [fed.value]);
  }
  return ok(undefined);
}
