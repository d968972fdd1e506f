import {
  type Availability,
  availabilityKey,
  type Cell,
  err,
  itemToAvailability,
  type Origin,
  ok,
  parseSku,
  type Result,
  type Sku,
  sumUnits,
} from "@antipode/core";
import type { Exchange, Outcome } from "../../../api/exchange.ts";
import { notUnderstoodProblem, type Problem, readProblem, storageProblem } from "../../../api/problems.ts";
import { type Selling, sellingOf } from "../../../control/selling-rights.ts";
import { readCells } from "../../../stock/read-cells.ts";
import type { CheckoutDeps } from "../../deps.ts";
import type { SkuParams } from "./contract.ts";

const skuNotFound: Problem = { name: "sku-not-found", detail: "Nothing of this SKU was ever in stock." };

export function openSku(text: string): Result<Sku, Problem> {
  const sku = parseSku(text);
  return sku.ok ? sku : err({ name: "sku-not-found", detail: "No SKU can be this." });
}

interface Sellers {
  /** Whether this region sells. */
  readonly selling: Selling;
  /** Whose units nobody gets any more, as far as that is known. */
  readonly fenced: ReadonlySet<Origin>;
}

/** A page that shows units is answered also while nobody can say who sells them. */
async function readSellers({ rights, deployment, log }: CheckoutDeps): Promise<Sellers> {
  const known = await rights();
  if (known.ok) {
    return { selling: sellingOf(known.value, deployment.origin), fenced: known.value.fenced };
  }
  log.warn("whether the region sells is not known", { cause: known.error });
  return { selling: "unknown", fenced: new Set() };
}

/** What may be sold, of what the regions' cells hold. */
function unitsFor(
  { deployment }: CheckoutDeps,
  { availableByOrigin }: Availability,
  { selling, fenced }: Sellers,
) {
  const held = deployment.regions.filter(({ origin }) => origin !== deployment.origin && !fenced.has(origin));
  const sellsNothing = selling === "no-lease" || selling === "fenced";
  return {
    here: sellsNothing ? 0 : (availableByOrigin.get(deployment.origin) ?? 0),
    elsewhere: sumUnits(held.map(({ origin }) => availableByOrigin.get(origin) ?? 0)),
    selling,
  };
}

/** By the summary that the region's dispatcher keeps. */
export async function handleGetStock(
  deps: CheckoutDeps,
  { params }: Exchange<SkuParams, object, undefined>,
): Promise<Outcome> {
  const sku = openSku(params.sku);
  if (!sku.ok) {
    return sku;
  }
  const [item, sellers] = await Promise.all([
    deps.items.get("Views", availabilityKey(sku.value)),
    readSellers(deps),
  ]);
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
  return ok({
    status: 200,
    body: { sku: sku.value, ...unitsFor(deps, view.value, sellers) },
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
