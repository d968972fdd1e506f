import {
  type AddLine,
  addUpdate,
  cartKey,
  cartPartition,
  err,
  explainAddRefusal,
  isSku,
  type OperationId,
  ok,
  type ShopperSession,
  type StoredItem,
  viewCart,
} from "@antipode/core";
import type { ApiDeps } from "../../deps.ts";
import type { Exchange, Outcome } from "../../exchange.ts";
import { contendedProblem, type Problem, storageProblem } from "../../problems.ts";
import { openCart } from "./access.ts";
import { cartFullProblem, operationIdReused } from "./change.ts";
import type { NewLine } from "./contract.ts";
import { changedAnswer, readReplicas } from "./merged.ts";

function refusalProblem(line: AddLine, item: StoredItem | undefined): Problem | undefined {
  const refusal = explainAddRefusal(line, item);
  switch (refusal.type) {
    case "done-already":
      return undefined;
    case "operation-id-reused":
      return operationIdReused;
    case "cart-full":
      return cartFullProblem(refusal.limit);
    case "unexplained":
      return contendedProblem();
  }
}

/**
 * One blind write, the peers' items read beside it. What the read misses of the own item is in the write's answer,
 * so the shopper always sees the line just added.
 */
export async function handleAddLine(
  exchange: Exchange<{ cartId: string }, object, NewLine> & {
    session: ShopperSession;
    operationId: OperationId;
  },
  { items, deployment }: ApiDeps,
): Promise<Outcome> {
  const { params, session, nowMs, operationId, body } = exchange;
  const cartId = openCart(params.cartId, session, nowMs);
  if (!cartId.ok) {
    return cartId;
  }
  if (!isSku(body.sku)) {
    throw new Error("the contract let through what is no SKU");
  }
  const line: AddLine = { cartId: cartId.value, operationId, sku: body.sku, quantity: body.quantity, nowMs };
  const [written, partition] = await Promise.all([
    items.update("Carts", cartKey(cartId.value, deployment.origin), addUpdate(line)),
    items.queryPartition("Carts", cartPartition(cartId.value)),
  ]);
  if (!written.ok) {
    return err(storageProblem(written.error));
  }
  const own = written.value.item;
  const problem = written.value.type === "refused" ? refusalProblem(line, own) : undefined;
  if (problem !== undefined) {
    return err(problem);
  }
  if (!partition.ok) {
    return err(storageProblem(partition.error)); // the line is taken; the retry finds it done
  }
  const replicas = readReplicas(own === undefined ? partition.value : [...partition.value, own]);
  return replicas.ok ? ok(changedAnswer(cartId.value, viewCart(replicas.value))) : replicas;
}
