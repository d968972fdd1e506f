import {
  type Clock,
  compareVectors,
  err,
  foldProduct,
  type Items,
  itemToEdits,
  itemToView,
  type OfferClaim,
  offerClaims,
  ok,
  type ProductEdits,
  type ProductId,
  type ProductView,
  partitionToProductId,
  productPartition,
  type Result,
  type Sku,
  type StorageError,
  type StoredItem,
  vectorToText,
  viewKey,
} from "@antipode/core";
import type { Log } from "../../platform/log.ts";
import type { Measurements } from "../../platform/measurements.ts";
import type { DispatchFailure, HandleGroup } from "../create-dispatcher.ts";
import { feedNewConflicts } from "./feed-conflicts.ts";
import { planOffers, reportDisputed } from "./keep-offers.ts";
import { swapView } from "./swap-view.ts";

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
  /** Writes in one transaction: see `swapView`. */
  readonly writesMax?: number;
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

interface Merged {
  readonly view: ProductView;
  readonly claims: ReadonlyMap<Sku, OfferClaim>;
}

function mergeItems(
  { log }: RebuildDeps,
  id: ProductId,
  items: readonly StoredItem[],
): Result<Merged | undefined, RebuildFailure> {
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
  return ok({ view: fold.view, claims: offerClaims(fold.view, edits) });
}

async function readMerged(
  deps: RebuildDeps,
  id: ProductId,
): Promise<Result<Merged | undefined, RebuildFailure>> {
  const partition = await deps.items.queryPartition("Catalog", productPartition(id));
  return partition.ok ? mergeItems(deps, id, partition.value) : storageFailure(partition.error);
}

/** Writes the offers that say something else, and the view where it is to be written: nothing when either has changed. */
async function writeMerged(
  deps: RebuildDeps,
  { view, claims }: Merged,
  { version, withView, writesMax }: { version: string | undefined; withView: boolean; writesMax?: number },
): Promise<Result<Rebuilt | undefined, RebuildFailure>> {
  const id = view.product.id;
  const offers = await planOffers(deps, claims);
  if (!offers.ok) {
    return storageFailure(offers.error);
  }
  if (offers.value === "behind") {
    return ok(undefined);
  }
  const { puts, disputed } = offers.value;
  if (!withView && puts.length === 0) {
    return ok("up-to-date");
  }
  const outcome = await swapView(deps.items, id, {
    version,
    puts,
    ...(withView ? { view } : {}),
    ...(writesMax === undefined ? {} : { writesMax }),
  });
  if (!outcome.ok) {
    return storageFailure(outcome.error);
  }
  if (outcome.value === "refused") {
    return ok(undefined);
  }
  reportDisputed(deps, id, disputed);
  return ok("written");
}

/** One reading of the replica, and one swap: nothing when the view or an offer changed meanwhile. */
async function rebuildOnce(
  deps: RebuildDeps,
  id: ProductId,
  { known, force = false, ...limits }: RebuildOptions,
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
  const { view } = merged.value;
  const { view: stored, version } = current.value;
  const fed = await feedNewConflicts(deps, view, force ? [] : (stored?.conflicts ?? []));
  if (!fed.ok) {
    return storageFailure(fed.error);
  }
  const order = stored === undefined ? "after" : compareVectors(view.vector, stored.vector);
  if (order === "before") {
    return ok("up-to-date");
  }
  if (order !== "concurrent") {
    const withView = order === "after" || force;
    const outcome = await writeMerged(deps, merged.value, { version, withView, ...limits });
    if (!outcome.ok || outcome.value !== undefined) {
      return outcome;
    }
  }
  deps.log.info("view or offers changed meanwhile", { product: id, merged: vectorToText(view.vector) });
  return ok(undefined);
}

/**
 * Brings a product's view and offers up to what this replica holds. Compare and swap on the view's vector: a rebuild
 * that read the partition earlier never replaces one that read it later, and a redelivered record writes nothing.
 *
 * Conflicts go to the feed before the view: a view that shows one has it in the feed, where it need not be put again,
 * and what fails between the two is made good by the redelivery. A conflict that the view has no room for is put each
 * time. Offers are looked at also when the view is as new as the replica: it may have been written before there were
 * offers, or by a rebuild of many that was cut short.
 */
export async function rebuildView(
  deps: RebuildDeps,
  id: ProductId,
  { known, ...others }: RebuildOptions = {},
): Promise<Result<Rebuilt, RebuildFailure>> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const outcome = await rebuildOnce(deps, id, { ...others, ...(attempt === 0 && known ? { known } : {}) });
    if (!outcome.ok) {
      return outcome;
    }
    if (outcome.value !== undefined) {
      return ok(outcome.value);
    }
  }
  return err({
    reason: `the view or its offers changed ${attemptsMax} times while it was rebuilt`,
    passing: true,
  });
}

/** However many edits of a product a batch brings, its view is rebuilt once. */
export function rebuildViews(deps: RebuildDeps): HandleGroup {
  return async (changes) => {
    const id = partitionToProductId(changes[0]?.key.pk ?? "");
    return id === undefined ? err({ reason: "not a product's partition" }) : rebuildView(deps, id);
  };
}
