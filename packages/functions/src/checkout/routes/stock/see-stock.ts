import {
  availabilityKey,
  type Cell,
  err,
  itemToAvailability,
  ok,
  parseSku,
  type Result,
  type Sku,
  sumUnits,
} from "@antipode/core";
import type { Exchange, Outcome } from "../../../api/exchange.ts";
import { notUnderstoodProblem, type Problem, readProblem, storageProblem } from "../../../api/problems.ts";
import { readCells } from "../../../stock/read-cells.ts";
import type { CheckoutDeps } from "../../deps.ts";
import type { SkuParams } from "./contract.ts";

const skuNotFound: Problem = { name: "sku-not-found", detail: "Nothing of this SKU was ever in stock." };

export function openSku(text: string): Result<Sku, Problem> {
  const sku = parseSku(text);
  return sku.ok ? sku : err({ name: "sku-not-found", detail: "No SKU can be this." });
}

/** By the summary that the region's dispatcher keeps. */
export async function handleGetStock(
  { items, deployment }: CheckoutDeps,
  { params }: Exchange<SkuParams, object, undefined>,
): Promise<Outcome> {
  const sku = openSku(params.sku);
  if (!sku.ok) {
    return sku;
  }
  const item = await items.get("Views", availabilityKey(sku.value));
  if (!item.ok) {
    return err(storageProblem(item.error));
  }
  if (item.value === undefined) {
    return err(skuNotFound);
  }
  const view = itemToAvailability(item.value);
  if (!view.ok) {
    return err(notUnderstoodProblem(view.error));
  }
  const { availableByOrigin } = view.value;
  const here = availableByOrigin.get(deployment.origin) ?? 0;
  const present = deployment.regions.map(({ origin }) => availableByOrigin.get(origin) ?? 0);
  return ok({
    status: 200,
    body: { sku: sku.value, here, elsewhere: sumUnits(present) - here },
    headers: { "Cache-Control": "no-store" },
  });
}

function cellToBody(cell: Cell) {
  const { id, available, held, sold, restocked, granted, absorbed } = cell;
  return {
    cell: id,
    available,
    held,
    sold,
    restocked,
    granted: Object.fromEntries(granted),
    absorbed: Object.fromEntries(absorbed),
  };
}

/** For an operator: the cells themselves, as this region has them. */
export async function handleGetStockCells(
  deps: CheckoutDeps,
  { params }: Exchange<SkuParams, object, undefined>,
): Promise<Outcome> {
  const sku = openSku(params.sku);
  if (!sku.ok) {
    return sku;
  }
  const cells = await readCells(deps, sku.value);
  if (!cells.ok) {
    return err(readProblem(cells.error));
  }
  return cells.value.size === 0
    ? err(skuNotFound)
    : ok({
        status: 200,
        body: { sku: sku.value, cells: [...cells.value.values()].map(cellToBody) },
        headers: { "Cache-Control": "private, no-store" },
      });
}
