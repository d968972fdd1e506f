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
import { notUnderstoodProblem, type Problem, storageProblem } from "../../../api/problems.ts";
import { adminOperationRoute, adminRoute, openRoute, type Route } from "../../../api/route.ts";
import { askPeer } from "../../../peer/ask-peer.ts";
import { takeDelivery } from "../../../stock/deliver.ts";
import { readCells } from "../../../stock/read-cells.ts";
import type { CheckoutDeps } from "../../deps.ts";
import { stockProblem } from "../../find-units.ts";
import { type Delivery, deliver, getStock, getStockCells } from "./contract.ts";

const skuNotFound: Problem = { name: "sku-not-found", detail: "Nothing of this SKU was ever in stock." };

function openSku(text: string): Result<Sku, Problem> {
  const sku = parseSku(text);
  return sku.ok ? sku : err({ name: "sku-not-found", detail: "No SKU can be this." });
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

/** A delivery is taken where its region is. A retry in any region leads to the same one. */
async function deliverTo(
  deps: CheckoutDeps,
  region: Delivery["region"],
  delivery: Parameters<typeof takeDelivery>[1],
): Promise<Result<"delivered" | "operation-id-reused", Problem>> {
  if (region === deps.deployment.region) {
    const taken = await takeDelivery(deps, delivery);
    return taken.ok ? taken : err(stockProblem(taken.error));
  }
  const answer = await askPeer(deps.peers, region, { type: "deliver", ...delivery }, deliverTimeoutMs);
  if (!answer.ok || answer.value.type === "refused") {
    const cause = answer.ok ? answer.value : answer.error;
    return err({
      name: "region-away",
      detail: `${region} does not answer. Send it again later, with the same Idempotency-Key.`,
      members: { region },
      cause,
    });
  }
  return ok(answer.value.type);
}

/** An operator can wait for a region far away, and for its store. */
const deliverTimeoutMs = 6_000;

export function createStockRoutes(deps: CheckoutDeps): readonly Route[] {
  return [
    openRoute(getStock, async ({ params }) => {
      const sku = openSku(params.sku);
      if (!sku.ok) {
        return sku;
      }
      const item = await deps.items.get("Views", availabilityKey(sku.value));
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
      const here = view.value.availableByOrigin.get(deps.deployment.origin) ?? 0;
      const present = deps.deployment.regions.map(
        ({ origin }) => view.value.availableByOrigin.get(origin) ?? 0,
      );
      return ok({
        status: 200,
        body: { sku: sku.value, here, elsewhere: sumUnits(present) - here },
        headers: { "Cache-Control": "no-store" },
      });
    }),
    adminRoute(getStockCells, async ({ params }) => {
      const sku = openSku(params.sku);
      if (!sku.ok) {
        return sku;
      }
      const cells = await readCells(deps, sku.value);
      if (!cells.ok) {
        return err(stockProblem(cells.error));
      }
      return cells.value.size === 0
        ? err(skuNotFound)
        : ok({
            status: 200,
            body: { sku: sku.value, cells: [...cells.value.values()].map(cellToBody) },
            headers: { "Cache-Control": "private, no-store" },
          });
    }),
    adminOperationRoute(deliver, async ({ params, body, operationId, operator, requestId }) => {
      const sku = openSku(params.sku);
      if (!sku.ok) {
        return sku;
      }
      const { region, quantity } = body;
      deps.log.info("an operator delivers", { requestId, operator, sku: sku.value, region, quantity });
      const delivered = await deliverTo(deps, region, { operationId, sku: sku.value, quantity });
      if (!delivered.ok) {
        return delivered;
      }
      return delivered.value === "delivered"
        ? ok({ status: 201, body: { delivery: operationId, sku: sku.value, region, quantity } })
        : err({
            name: "operation-id-reused",
            detail: "This Idempotency-Key was used for another delivery. Use a new one.",
          });
    }),
  ];
}
