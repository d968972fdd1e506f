import {
  type Cells,
  cellsOf,
  defaultStockSettings,
  err,
  type ItemNotUnderstood,
  ok,
  type Result,
  type Sku,
  type StockView,
  type StorageError,
  stockPartition,
} from "@antipode/core";
import type { SellingRights } from "../control/selling-rights.ts";
import type { SellingDeps } from "../orders/deps.ts";

export type StockError = StorageError | ItemNotUnderstood;

/** What this region has of a SKU's stock, its own cells strongly read. */
export async function readCells(
  { items }: Pick<SellingDeps, "items">,
  sku: Sku,
): Promise<Result<Cells, StockError>> {
  const partition = await items.queryPartition("Stock", stockPartition(sku));
  return partition.ok ? cellsOf(partition.value) : partition;
}

/** Of several SKUs at once: each is one query of one partition. */
export async function readAllCells(
  deps: Pick<SellingDeps, "items">,
  skus: readonly Sku[],
): Promise<Result<ReadonlyMap<Sku, Cells>, StockError>> {
  const read = await Promise.all(skus.map(async (sku) => [sku, await readCells(deps, sku)] as const));
  const cellsBySku = new Map<Sku, Cells>();
  for (const [sku, cells] of read) {
    if (!cells.ok) {
      return err(cells.error);
    }
    cellsBySku.set(sku, cells.value);
  }
  return ok(cellsBySku);
}

/** A SKU as this region decides about it. */
export function stockView(
  { deployment, clock }: Pick<SellingDeps, "deployment" | "clock">,
  { leaseRunning, fenced }: SellingRights,
  { sku, cells }: { readonly sku: Sku; readonly cells: Cells },
): StockView {
  return {
    sku,
    cells,
    me: deployment.origin,
    regions: deployment.regions.map(({ origin }) => origin),
    fenced,
    leaseRunning,
    nowMs: clock.nowMs(),
    settings: defaultStockSettings,
  };
}
