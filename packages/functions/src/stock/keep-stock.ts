import {
  availabilityKey,
  availabilityToItem,
  type Cells,
  err,
  itemToAvailability,
  ok,
  partitionToSku,
  planRebalance,
  type Result,
  type Sku,
  type StockAction,
  stockCovers,
  stockVectorOf,
  stockVectorToText,
  summariseStock,
} from "@antipode/core";
import type { DispatchFailure, HandleGroup } from "../dispatcher/create-dispatcher.ts";
import type { StreamChange } from "../dispatcher/record.ts";
import type { SellingDeps } from "../orders/deps.ts";
import { writeAll } from "../platform/write-all.ts";
import { readCells, type StockError, stockView } from "./read-cells.ts";

export type StockKeepingDeps = Pick<
  SellingDeps,
  "items" | "deployment" | "clock" | "log" | "measurements" | "rights"
>;

/** Another invocation brings the view forward at most a few times meanwhile. */
const swapsMax = 4;

function failure(error: StockError): { ok: false; error: DispatchFailure } {
  return err({ reason: `stock: ${error.type}`, cause: error });
}

/** Makes what was planned. A refused action was made already, or planned on an old view: the next record plans anew. */
async function act(
  { items, measurements }: StockKeepingDeps,
  actions: readonly StockAction[],
): Promise<Result<undefined, StockError>> {
  for (const action of actions) {
    const written = await writeAll(items, action.writes);
    if (!written.ok) {
      return written;
    }
    if (written.value === "written" && (action.type === "absorb" || action.type === "grant")) {
      const how = action.type === "absorb" ? "absorbed" : "granted";
      measurements.record("StockMoved", [action.units], { how });
    }
  }
  return ok(undefined);
}

/** Brings the region's summary of a SKU up to what was read, unless it knows more. */
async function swapView(
  { items }: StockKeepingDeps,
  sku: Sku,
  cells: Cells,
): Promise<Result<undefined, StockError>> {
  for (let swaps = 0; swaps < swapsMax; swaps += 1) {
    const stored = await items.get("Views", availabilityKey(sku));
    if (!stored.ok) {
      return stored;
    }
    const view = stored.value === undefined ? undefined : itemToAvailability(stored.value);
    const version = stored.value?.["version"];
    if (view?.ok === true && stockCovers(view.value.vector, stockVectorOf(cells))) {
      return ok(undefined);
    }
    const item = availabilityToItem(summariseStock(sku, cells));
    const outcome = await items.put("Views", item, [
      typeof version === "string"
        ? { type: "equals", attribute: "version", value: version }
        : { type: "absent", attribute: "version" },
    ]);
    if (!outcome.ok) {
      return outcome;
    }
    if (outcome.value.type === "written") {
      return ok(undefined);
    }
  }
  // somebody else is bringing it forward, each time with more than was read here
  return err({ type: "contended", operation: `PutItem Views ${stockVectorToText(stockVectorOf(cells))}` });
}

/** Counts of what has happened to units that are spoken for: nobody can sell, give or want anything more for them. */
const settledNames: ReadonlySet<string> = new Set(["v", "held", "sold", "touchedAt"]);

/** Whether a change leaves everything as it was that anybody decides by: held units that became sold. */
function isSettled({ item, before }: StreamChange): boolean {
  if (item === undefined || before === undefined) {
    return false;
  }
  const names = new Set([...Object.keys(item), ...Object.keys(before)]);
  return [...names].every((name) => settledNames.has(name) || item[name] === before[name]);
}

/**
 * What a change of a SKU's cells makes this region do: take over what was granted to it, grant what is wanted and it can
 * spare, ask when it is short, and bring its summary up to date. However many changes a batch brings, it looks once.
 */
export function keepStock(deps: StockKeepingDeps): HandleGroup {
  return async (changes) => {
    const pk = changes[0]?.key.pk ?? "";
    const sku = partitionToSku(pk);
    if (sku === undefined) {
      return ok(undefined); // a delivery: whoever took it has counted it
    }
    if (changes.every(isSettled)) {
      return ok(undefined);
    }
    const rights = await deps.rights();
    if (!rights.ok) {
      return failure(rights.error);
    }
    const cells = await readCells(deps, sku);
    if (!cells.ok) {
      return failure(cells.error);
    }
    const view = stockView(deps, rights.value, { sku, cells: cells.value });
    const acted = await act(deps, planRebalance(view));
    if (!acted.ok) {
      return failure(acted.error);
    }
    const swapped = await swapView(deps, sku, cells.value);
    return swapped.ok ? ok(undefined) : failure(swapped.error);
  };
}
