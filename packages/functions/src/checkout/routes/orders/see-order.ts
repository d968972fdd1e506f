import {
  emptyVector,
  err,
  missingEntries,
  type OrderId,
  type OrderReplicas,
  ok,
  orderVector,
  originRegion,
  type Result,
  vectorEntries,
} from "@antipode/core";
import { type ConsistencyWish, grantWish } from "../../../api/consistency.ts";
import { notUnderstoodProblem, type Problem, readProblem } from "../../../api/problems.ts";
import { withOtherRegions } from "../../../orders/read-elsewhere.ts";
import { readOrder } from "../../../orders/read-order.ts";
import type { CheckoutDeps } from "../../deps.ts";

/** An order, and what the answer says of its coverage. */
export interface SeenOrder {
  readonly replicas: OrderReplicas;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What this region has of an order, completed by what the client has seen elsewhere. An order's log is many items, so a region
 * that wrote something the client has seen is asked for all that it has.
 */
export async function seeOrder(
  deps: CheckoutDeps,
  id: OrderId,
  wish: ConsistencyWish | undefined,
): Promise<Result<SeenOrder, Problem>> {
  const own = await readOrder(deps, id);
  if (!own.ok) {
    return err(readProblem(own.error));
  }
  const wanted = wish?.wanted ?? emptyVector;
  const missing = vectorEntries(missingEntries(orderVector(own.value), wanted));
  const regions = missing.map(([origin]) => originRegion(origin));
  const read = await withOtherRegions(deps, own.value, regions);
  if (!read.ok) {
    return err(notUnderstoodProblem(read.error));
  }
  const replicas = read.value;
  const headers = grantWish(missingEntries(orderVector(replicas), wanted), wish);
  return headers.ok ? ok({ replicas, headers: headers.value }) : headers;
}
