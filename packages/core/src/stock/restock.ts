import type { CellId } from "../ids/cell-id.ts";
import { cellOrigin } from "../ids/cell-id.ts";
import { originRegion } from "../ids/origin.ts";
import type { Sku } from "../ids/product-ids.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { ItemNotUnderstood, StoredItem } from "../items/item.ts";
import type { TransactionWrite } from "../ports/items.ts";
import { ok, type Result } from "../result/result.ts";
import { cellWrite, checkUnits } from "./cell-writes.ts";
import { type Delivery, deliveryToItem, itemToDelivery } from "./delivery-item.ts";

/** What a client says of a delivery. Its region takes it; another one forwards it there. */
export interface Restock {
  readonly operationId: OperationId;
  readonly sku: Sku;
  /** At least 1. */
  readonly quantity: number;
  /** A cell of the region that the delivery names, in its present life. */
  readonly cell: CellId;
}

/**
 * One transaction: the delivery, which is not there yet, and its units. Refused at its first write when the delivery
 * has been counted: `knownDelivery` says whether it was the same.
 */
export function restockWrites(restock: Restock, nowMs: number): readonly TransactionWrite[] {
  const { sku, quantity, cell } = restock;
  checkUnits(quantity);
  return [
    {
      type: "put",
      table: "Stock",
      item: deliveryToItem({ ...restock, touchedAtMs: nowMs }),
      onlyIf: [{ type: "absent", attribute: "v" }],
    },
    cellWrite(sku, cell, nowMs, { add: { restocked: quantity, available: quantity }, onlyIf: [] }),
  ];
}

export type KnownDelivery =
  /** Counted before: the same answer as the first time. */
  | { readonly type: "done-already"; readonly delivery: Delivery }
  /** The id stands for another delivery. */
  | { readonly type: "operation-id-reused"; readonly delivery: Delivery };

function isSame(restock: Restock, delivery: Delivery): boolean {
  const sameRegion = originRegion(cellOrigin(restock.cell)) === originRegion(cellOrigin(delivery.cell));
  return sameRegion && delivery.sku === restock.sku && delivery.quantity === restock.quantity;
}

/**
 * Whether a delivery is known, from the items of its partition. An earlier life of the region that took it counts too.
 * Of two contents under one id the one that differs is told.
 */
export function knownDelivery(
  items: Iterable<StoredItem>,
  restock: Restock,
): Result<KnownDelivery | undefined, ItemNotUnderstood> {
  let known: KnownDelivery | undefined;
  for (const item of items) {
    const read = itemToDelivery(item);
    if (!read.ok) {
      return read;
    }
    if (!isSame(restock, read.value)) {
      return ok({ type: "operation-id-reused", delivery: read.value });
    }
    known = { type: "done-already", delivery: read.value };
  }
  return ok(known);
}
