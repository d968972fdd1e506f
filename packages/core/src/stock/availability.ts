import { cellOrigin } from "../ids/cell-id.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import type { Sku } from "../ids/product-ids.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  isItemMap,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";
import { type Cells, partitionToSku, stockPartition } from "./cell-item.ts";
import { sumUnits } from "./cells.ts";
import { type StockVector, stockVectorOf, stockVectorToText, textToStockVector } from "./stock-vector.ts";

/** What one region has seen of a SKU's stock, for people to read. Checkouts look at the cells themselves. */
export interface Availability {
  readonly sku: Sku;
  /** Units that each region can sell now, as seen; those of a life that has ended are listed under it. */
  readonly availableByOrigin: ReadonlyMap<Origin, number>;
  /** Everything of `availableByOrigin`, whatever became of its regions. */
  readonly available: number;
  readonly vector: StockVector;
}

/** What a SKU's cells come to by origin, as they were seen. */
export function summariseStock(sku: Sku, cells: Cells): Availability {
  const availableByOrigin = new Map<Origin, number>();
  for (const { id, available } of cells.values()) {
    const origin = cellOrigin(id);
    availableByOrigin.set(origin, (availableByOrigin.get(origin) ?? 0) + available);
  }
  return {
    sku,
    availableByOrigin,
    available: sumUnits(availableByOrigin.values()),
    vector: stockVectorOf(cells),
  };
}

/** In the regional table `Views`. */
export function availabilityKey(sku: Sku): ItemKey {
  return { pk: stockPartition(sku), sk: "AVAILABILITY" };
}

/** `version` is the vector's text: what a rebuild compares and swaps. */
export function availabilityToItem(view: Availability): StoredItem {
  return {
    ...availabilityKey(view.sku),
    version: stockVectorToText(view.vector),
    regions: Object.fromEntries(view.availableByOrigin),
  };
}

function readRegions(value: ItemValue | undefined): ReadonlyMap<Origin, number> | undefined {
  if (!isItemMap(value)) {
    return undefined;
  }
  const regions = new Map<Origin, number>();
  for (const origin of Object.keys(value)) {
    const units = value[origin];
    if (!isOrigin(origin) || !isCounter(units)) {
      return undefined;
    }
    regions.set(origin, units);
  }
  return regions;
}

/** Reads what `availabilityToItem` writes. */
export function itemToAvailability(item: StoredItem): Result<Availability, ItemNotUnderstood> {
  const sku = partitionToSku(item.pk);
  if (sku === undefined || item.sk !== "AVAILABILITY") {
    return err(notUnderstood(item, "pk", "not an availability view's key"));
  }
  const { version, regions: regionsValue } = item;
  const availableByOrigin = readRegions(regionsValue);
  if (availableByOrigin === undefined) {
    return err(notUnderstood(item, "regions", "missing or not readable"));
  }
  const vector = typeof version === "string" ? textToStockVector(version) : undefined;
  if (vector?.ok !== true) {
    return err(notUnderstood(item, "version", "missing or not readable"));
  }
  const available = sumUnits(availableByOrigin.values());
  return ok({ sku, availableByOrigin, available, vector: vector.value });
}
