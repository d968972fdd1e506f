import { err, type OperationId, ok, type Result } from "@antipode/core";
import type { Exchange, Outcome } from "../../../api/exchange.ts";
import { type Problem, readProblem } from "../../../api/problems.ts";
import { askPeer } from "../../../peer/ask-peer.ts";
import { type Delivered, type NewDelivery, takeDelivery } from "../../../stock/deliver.ts";
import type { CheckoutDeps } from "../../deps.ts";
import type { Delivery, SkuParams } from "./contract.ts";
import { openSku } from "./see-stock.ts";

/** An operator can wait for a region far away, and for its store. */
const deliverTimeoutMs = 6_000;

/** A delivery is taken where its region is. A retry in any region leads to the same one. */
async function deliverTo(
  deps: CheckoutDeps,
  region: Delivery["region"],
  delivery: NewDelivery,
): Promise<Result<Delivered, Problem>> {
  if (region === deps.deployment.region) {
    const taken = await takeDelivery(deps, delivery);
    return taken.ok ? taken : err(readProblem(taken.error));
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

type DeliverExchange = Exchange<SkuParams, object, Delivery> & {
  readonly operator: string;
  readonly operationId: OperationId;
};

/** Counts a delivery of an operator's, once for its operation id. */
export async function handleDeliver(
  deps: CheckoutDeps,
  { params, body, operationId, operator, requestId }: DeliverExchange,
): Promise<Outcome> {
  const sku = openSku(params.sku);
  if (!sku.ok) {
    return sku;
  }
  const { region, quantity } = body;
  deps.log.info("an operator delivers", { requestId, operator, sku: sku.value, to: region, quantity });
  const delivered = await deliverTo(deps, region, { operationId, sku: sku.value, quantity });
  if (!delivered.ok) {
    return delivered;
  }
  return delivered.value === "delivered"
    ? ok({
        status: 201,
        body: { delivery: operationId, sku: sku.value, region, quantity },
        headers: { "Cache-Control": "no-store" },
      })
    : err({
        name: "operation-id-reused",
        detail: "This Idempotency-Key was used for another delivery. Use a new one.",
      });
}
