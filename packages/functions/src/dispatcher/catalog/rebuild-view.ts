import {
  compareVectors,
  err,
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
  vectorToText,
  viewKey,
  viewToItem,
} from "@antipode/core";
import type { Log } from "../../platform/log.ts";
import type { DispatchFailure, HandleGroup } from "../create-dispatcher.ts";

/** Another invocation wins the swap at most a few times: each time it brings the view forward. */
const attemptsMax = 5;

export interface RebuildDeps {
  readonly items: Items;
  readonly log: Log;
}

function storageFailure(error: StorageError): { ok: false; error: DispatchFailure } {
  return err({ reason: `storage: ${error.type}`, cause: error });
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

async function readMerged(
  { items, log }: RebuildDeps,
  id: ProductId,
): Promise<Result<ProductView | undefined, DispatchFailure>> {
  const partition = await items.queryPartition("Catalog", productPartition(id));
  if (!partition.ok) {
    return storageFailure(partition.error);
  }
  const edits: ProductEdits[] = [];
  for (const item of partition.value) {
    const edit = itemToEdits(item);
    if (!edit.ok) {
      return err({ reason: `${edit.error.key.sk} ${edit.error.attribute}: ${edit.error.reason}` });
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

/** Writes the view if the stored one is still what was compared with: `false` when it is not. */
async function swap({ items }: RebuildDeps, view: ProductView, current: Current) {
  return items.put("Views", viewToItem(view), [
    current.version === undefined
      ? { type: "absent", attribute: "version" }
      : { type: "equals", attribute: "version", value: current.version },
  ]);
}

/**
 * Brings a product's view up to what this replica holds. Compare and swap on the view's vector: a rebuild that read
 * the partition earlier never replaces one that read it later, and a redelivered record writes nothing.
 */
export async function rebuildView(
  deps: RebuildDeps,
  id: ProductId,
): Promise<Result<"written" | "up-to-date" | "incomplete", DispatchFailure>> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const current = await readCurrent(deps, id);
    if (!current.ok) {
      return storageFailure(current.error);
    }
    const merged = await readMerged(deps, id);
    if (!merged.ok) {
      return merged;
    }
    if (merged.value === undefined) {
      return ok("incomplete");
    }
    const stored = current.value.view;
    const order = stored === undefined ? "after" : compareVectors(merged.value.vector, stored.vector);
    if (order === "equal" || order === "before") {
      return ok("up-to-date");
    }
    if (order === "after") {
      const outcome = await swap(deps, merged.value, current.value);
      if (!outcome.ok) {
        return storageFailure(outcome.error);
      }
      if (outcome.value.type === "written") {
        return ok("written");
      }
    }
    deps.log.info("view changed meanwhile", { product: id, merged: vectorToText(merged.value.vector) });
  }
  return err({ reason: `the view changed ${attemptsMax} times while it was rebuilt` });
}

/** However many edits of a product a batch brings, its view is rebuilt once. */
export function rebuildViews(deps: RebuildDeps): HandleGroup {
  return async (changes) => {
    const id = partitionToProductId(changes[0]?.key.pk ?? "");
    return id === undefined ? err({ reason: "not a product's partition" }) : rebuildView(deps, id);
  };
}
