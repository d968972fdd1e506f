import { type CellId, cellOrigin, isCellId } from "../ids/cell-id.ts";
import { operationAgeMaxMs } from "../ids/operation-id.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import { isSku, type Sku } from "../ids/product-ids.ts";
import { isOperationId, type OperationId, ulidTimeMs } from "../ids/ulid.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  isCounter,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";

/** Units that came into one region's stock, once, under the id of the operation that brought them. */
export interface Delivery {
  readonly operationId: OperationId;
  readonly sku: Sku;
  /** At least 1. */
  readonly quantity: number;
  /** The cell that got the units; its origin wrote the item. */
  readonly cell: CellId;
  readonly touchedAtMs: number;
}

/** TTL deletes in any region and the deletion replicates: seven days after the last write anyone could still make. */
const expiryGraceMs = 7 * 24 * 60 * 60 * 1000;

/** Units of one delivery: a truck, not a typing mistake. */
export const deliveryUnitsMax = 1_000_000;

/** Where the items of a delivery are, whichever origin took it. */
export function deliveryPartition(id: OperationId): string {
  return `DELIVERY#${id}`;
}

function deliveryKey(id: OperationId, origin: Origin): ItemKey {
  return { pk: deliveryPartition(id), sk: `AT#${origin}` };
}

/** When a delivery's item may go, in seconds since 1970: its id is refused at the door long before. */
function deliveryExpiresAtSeconds(id: OperationId): number {
  return Math.ceil((ulidTimeMs(id) + operationAgeMaxMs + expiryGraceMs) / 1000);
}

export function deliveryToItem(delivery: Delivery): StoredItem {
  return {
    ...deliveryKey(delivery.operationId, cellOrigin(delivery.cell)),
    v: 1,
    sku: delivery.sku,
    quantity: delivery.quantity,
    cell: delivery.cell,
    touchedAt: delivery.touchedAtMs,
    expiresAt: deliveryExpiresAtSeconds(delivery.operationId),
  };
}

const attributes = new Set(["pk", "sk", "v", "sku", "quantity", "cell", "touchedAt", "expiresAt"]);

/** Reads what `deliveryToItem` writes. */
export function itemToDelivery(item: StoredItem): Result<Delivery, ItemNotUnderstood> {
  const refuse = (attribute: string, reason = "missing or not readable") =>
    err(notUnderstood(item, attribute, reason));
  const unknown = Object.keys(item).find((name) => !attributes.has(name));
  if (unknown !== undefined) {
    return refuse(unknown, "unknown attribute");
  }
  const operationId = item.pk.startsWith("DELIVERY#") ? item.pk.slice(9) : "";
  const origin = item.sk.startsWith("AT#") ? item.sk.slice(3) : "";
  const { v, sku, quantity, cell, touchedAt, expiresAt } = item;
  if (!isOperationId(operationId)) {
    return refuse("pk", "not a delivery's key");
  }
  if (!isOrigin(origin)) {
    return refuse("sk", "not an origin's key");
  }
  if (v !== 1) {
    return refuse("v", "a delivery is written once");
  }
  if (typeof sku !== "string" || !isSku(sku)) {
    return refuse("sku");
  }
  if (!isCounter(quantity) || quantity === 0) {
    return refuse("quantity");
  }
  if (typeof cell !== "string" || !isCellId(cell) || cellOrigin(cell) !== origin) {
    return refuse("cell");
  }
  if (!isCounter(touchedAt) || !isCounter(expiresAt)) {
    return refuse(isCounter(touchedAt) ? "expiresAt" : "touchedAt");
  }
  return ok({ operationId, sku, quantity, cell, touchedAtMs: touchedAt });
}
