import {
  type CartId,
  err,
  type OperationId,
  ok,
  parseSku,
  planRemove,
  planSet,
  type Result,
  type ShopperSession,
  type Sku,
} from "@antipode/core";
import type { ApiDeps } from "../../deps.ts";
import type { Exchange, Outcome } from "../../exchange.ts";
import type { Problem } from "../../problems.ts";
import { openCart } from "./access.ts";
import { changeCart } from "./change.ts";
import type { LineParams, LineQuantity } from "./contract.ts";

type Change<Body> = Exchange<LineParams, object, Body> & {
  session: ShopperSession;
  operationId: OperationId;
};

function openLine({
  params,
  session,
  nowMs,
}: Change<unknown>): Result<{ readonly cartId: CartId; readonly sku: Sku }, Problem> {
  const cartId = openCart(params.cartId, session, nowMs);
  if (!cartId.ok) {
    return cartId;
  }
  const sku = parseSku(params.sku);
  return sku.ok
    ? ok({ cartId: cartId.value, sku: sku.value })
    : err({ name: "line-not-found", detail: "No line can have this SKU." });
}

/** The quantity replaces what this region has seen of the SKU; what it has not seen is added to it. */
export async function handleSetLine(change: Change<LineQuantity>, deps: ApiDeps): Promise<Outcome> {
  const line = openLine(change);
  if (!line.ok) {
    return line;
  }
  const { nowMs, operationId, body, consistency } = change;
  const set = { ...line.value, operationId, quantity: body.quantity, nowMs };
  return changeCart(deps, line.value.cartId, consistency, (replicas, origin) =>
    planSet(replicas, origin, set),
  );
}

/** A line that is not there, or gone already, is removed all the same. */
export async function handleRemoveLine(change: Change<undefined>, deps: ApiDeps): Promise<Outcome> {
  const line = openLine(change);
  if (!line.ok) {
    return line;
  }
  const { nowMs, operationId, consistency } = change;
  const removal = { ...line.value, operationId, nowMs };
  return changeCart(deps, line.value.cartId, consistency, (replicas, origin) =>
    planRemove(replicas, origin, removal),
  );
}
