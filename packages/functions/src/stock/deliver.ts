import {
  deliveryPartition,
  err,
  firstCell,
  type ItemNotUnderstood,
  knownDelivery,
  type OperationId,
  ok,
  type Restock,
  type Result,
  restockWrites,
  type Sku,
  type StorageError,
} from "@antipode/core";
import type { SellingDeps } from "../orders/deps.ts";
import { waitAfterContention } from "../platform/write-all.ts";

export type DeliverDeps = Pick<SellingDeps, "items" | "clock" | "deployment" | "delay" | "chance">;

export interface NewDelivery {
  readonly operationId: OperationId;
  readonly sku: Sku;
  readonly quantity: number;
}

export type Delivered = "delivered" | "operation-id-reused";

/** The cell is one that every checkout of the SKU writes. */
const triesMax = 5;

/** Takes a delivery of this region's own, once for its id. */
export async function takeDelivery(
  deps: DeliverDeps,
  delivery: NewDelivery,
): Promise<Result<Delivered, StorageError | ItemNotUnderstood>> {
  const { items, clock, deployment } = deps;
  const restock: Restock = { ...delivery, cell: firstCell(deployment.origin) };
  const writes = restockWrites(restock, clock.nowMs());
  let contended: StorageError | undefined;
  for (let tries = 0; tries < triesMax; tries += 1) {
    if (contended !== undefined) {
      await waitAfterContention(deps, tries);
    }
    const partition = await items.queryPartition("Stock", deliveryPartition(delivery.operationId));
    const known = partition.ok ? knownDelivery(partition.value, restock) : partition;
    if (!known.ok) {
      return known;
    }
    if (known.value !== undefined) {
      return ok(known.value.type === "done-already" ? "delivered" : "operation-id-reused");
    }
    const outcome = await items.transact(writes);
    if (outcome.ok && outcome.value.type === "written") {
      return ok("delivered");
    }
    if (!outcome.ok && outcome.error.type !== "contended") {
      return outcome;
    }
    contended = outcome.ok ? undefined : outcome.error;
  }
  return err(contended ?? { type: "contended", operation: "TransactWriteItems Stock" });
}
