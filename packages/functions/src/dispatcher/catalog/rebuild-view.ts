import {
  type Clock,
  compareVectors,
  err,
  type FieldConflict,
  foldProduct,
  type Items,
  itemToEdits,
  itemToView,
  ok,
  type ProductEdits,
  type ProductId,
  type ProductView,
  partitionToProductId,
  productPartition,
  type Result,
  type StorageError,
  type StoredItem,
  vectorToText,
  viewKey,
  viewToItem,
} from "@antipode/core";
import type { Log } from "../../platform/log.ts";
import type { Measurements } from "../../platform/measurements.ts";
import type { DispatchFailure, HandleGroup } from "../create-dispatcher.ts";
import { feedConflicts } from "./feed-conflicts.ts";

/** Another invocation wins the swap at most a few times: each time it brings the view forward. */
const attemptsMax = 5;

export interface RebuildDeps {
  readonly items: Items;
  readonly clock: Clock;
  readonly log: Log;
  readonly measurements: Measurements;
}

export interface RebuildFailure extends DispatchFailure {
  /** Another try may succeed without anything being mended. */
  readonly passing: boolean;
}

export interface RebuildOptions {
  /** The product's items when somebody has just read them: asked for again only if the view knows others. */
  readonly known?: readonly StoredItem[];
  /** Writes the view though its vector is the same, and feeds every conflict: after a mended merge, or a lost feed. */
  readonly force?: boolean;
}

export type Rebuilt = "written" | "up-to-date" | "incomplete";

const passingErrors: readonly StorageError["type"][] = ["throttled", "unavailable", "contended"];

export const isPassing = (error: StorageError): boolean => passingErrors.includes(error.type);

function storageFailure(error: StorageError): { ok: false; error: RebuildFailure } {
  return err({
    reason: `storage: ${error.type}`,
    cause: error,
    passing: isPassing(error),
  });
}

type Current = { readonly version: string | undefined; readonly view?: ProductView };

/** The stored view. One that cannot be read is replaced, conditioned on its version text all the same. */
async function readCurrent(
  { items, log }: RebuildDeps,
  id: ProductId,
): Promise<Result<Current, StorageError>> {
  const stored = await items.get("Views", viewKey(id));
  if (!stored.ok) {
    return stored;
  }
  if (stored.value === undefined) {
    return ok({ version: undefined });
  }
  const view = itemToView(stored.value);
  const version = stored.value["version"];
  if (!view.ok) {
    log.warn("replacing a view that cannot be read", { product: id, cause: view.error });
  }
  return ok({
    version: typeof version === "string" ? version : undefined,
    ...(view.ok ? { view: view.value } : {}),
  });
}

function mergeItems(
  { log }: RebuildDeps,
  id: ProductId,
  items: readonly StoredItem[],
): Result<ProductView | undefined, RebuildFailure> {
  const edits: ProductEdits[] = [];
  for (const item of items) {
    const edit = itemToEdits(item);
    if (!edit.ok) {
      const { key, attribute, reason } = edit.error;
      return err({ reason: `${key.sk} ${attribute}: ${reason}`, passing: false });
    }
    edits.push(edit.value);
  }
  const fold = foldProduct(id, edits);
  if (fold.type === "incomplete") {
    log.info("product incomplete, waiting for its first edit", { product: id, missing: fold.missing });
    return ok(undefined);
  }
  return ok(fold.view);
}

async function readMerged(
  deps: RebuildDeps,
  id: ProductId,
): Promise<Result<ProductView | undefined, RebuildFailure>> {
  const partition = await deps.items.queryPartition("Catalog", productPartition(id));
  return partition.ok ? mergeItems(deps, id, partition.value) : storageFailure(partition.error);
}

/** Writes the view if the stored one is still what was compared with: `false` when it is not. */
async function swap({ items }: RebuildDeps, view: ProductView, current: Current) {
  return items.put("Views", viewToItem(view), [
    current.version === undefined
      ? { type: "absent", attribute: "version" }
      : { type: "equals", attribute: "version", value: current.version },
  ]);
}

/** Feeds what the stored view does not show: what it shows was fed before it was written. */
async function feedNew(
  deps: RebuildDeps,
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

/** One reading of the replica, and one swap: nothing when the view changed meanwhile. */
async function rebuildOnce(
  deps: RebuildDeps,
  id: ProductId,
  { known, force = false }: RebuildOptions,
): Promise<Result<Rebuilt | undefined, RebuildFailure>> {
  const current = await readCurrent(deps, id);
  if (!current.ok) {
    return storageFailure(current.error);
  }
  const merged = known === undefined ? await readMerged(deps, id) : mergeItems(deps, id, known);
  if (!merged.ok) {
    return merged;
  }
  if (merged.value === undefined) {
    return ok("incomplete");
  }
  const stored = current.value.view;
  const fed = await feedNew(deps, merged.value, force ? [] : (stored?.conflicts ?? []));
  if (!fed.ok) {
    return storageFailure(fed.error);
  }
  const order = stored === undefined ? "after" : compareVectors(merged.value.vector, stored.vector);
  if (order === "before" || (order === "equal" && !force)) {
    return ok("up-to-date");
  }
  if (order !== "concurrent") {
    const outcome = await swap(deps, merged.value, current.value);
    if (!outcome.ok) {
      return storageFailure(outcome.error);
    }
    if (outcome.value.type === "written") {
      return ok("written");
    }
  }
  deps.log.info("view changed meanwhile", { product: id, merged: vectorToText(merged.value.vector) });
  return ok(undefined);
}

/**
 * Brings a product's view up to what this replica holds. Compare and swap on the view's vector: a rebuild that read
 * the partition earlier never replaces one that read it later, and a redelivered record writes nothing.
 *
 * Conflicts go to the feed before the view: a view that shows one has it in the feed, where it need not be put again,
 * and what fails between the two is made good by the redelivery. A conflict that the view has no room for is put each
 * time.
 */
export async function rebuildView(
  deps: RebuildDeps,
  id: ProductId,
  { known, force = false }: RebuildOptions = {},
): Promise<Result<Rebuilt, RebuildFailure>> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const outcome = await rebuildOnce(deps, id, { force, ...(attempt === 0 && known ? { known } : {}) });
    if (!outcome.ok) {
      return outcome;
    }
    if (outcome.value !== undefined) {
      return ok(outcome.value);
    }
  }
  return err({ reason: `the view changed ${attemptsMax} times while it was rebuilt`, passing: true });
}

/** However many edits of a product a batch brings, its view is rebuilt once. */
export function rebuildViews(deps: RebuildDeps): HandleGroup {
  return async (changes) => {
    const id = partitionToProductId(changes[0]?.key.pk ?? "");
    return id === undefined ? err({ reason: "not a product's partition" }) : rebuildView(deps, id);
  };
}
