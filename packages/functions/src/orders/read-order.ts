import {
  err,
  type ItemNotUnderstood,
  type Items,
  type OrderId,
  type OrderReplicas,
  orderPartition,
  type Result,
  readOrderReplicas,
  type StorageError,
} from "@antipode/core";

/** Why an order could not be read. */
export type OrderReadError = StorageError | ItemNotUnderstood;

/** All that this region has of an order, strongly consistent for what it wrote itself. */
export async function readOrder(
  { items }: { readonly items: Items },
  id: OrderId,
): Promise<Result<OrderReplicas, OrderReadError>> {
  const partition = await items.queryPartition("Orders", orderPartition(id));
  return partition.ok ? readOrderReplicas(id, partition.value) : err(partition.error);
}
