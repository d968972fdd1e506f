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
  type Session,
  type StoredItem,
} from "@antipode/core";
import type { ApiDeps } from "../../deps.ts";
import type { Exchange, Outcome } from "../../exchange.ts";
import { notUnderstoodProblem, type Problem, storageProblem } from "../../problems.ts";
import { openCart } from "./access.ts";
import type { NewLine } from "./contract.ts";
import { cartAnswer, mergeItems } from "./merged.ts";

function refusalProblem(line: AddLine, item: StoredItem | undefined): Problem | undefined {
  const refusal = explainAddRefusal(line, item);
  switch (refusal.type) {
    case "done-already":
      return undefined;
    case "operation-id-reused":
      return {
        name: "operation-id-reused",
        detail: "This Idempotency-Key was used for another line of this cart. Use a new one.",
      };
    case "cart-full":
      return {
        name: "cart-full",
        detail: `A cart takes ${refusal.limit} changes in one region.`,
        members: { limit: refusal.limit },
      };
    case "unexplained":
      return { name: "unavailable", detail: "The cart changed meanwhile. Send the same request again." };
  }
}

/**
 * One blind write, the peers' items read beside it. What the read misses of the own item is in the write's answer,
 * so the shopper always sees the line just added.
 */
export async function handleAddLine(
  exchange: Exchange<{ cartId: string }, object, NewLine> & { session: Session; operationId: OperationId },
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
  const cart = mergeItems(own === undefined ? partition.value : [...partition.value, own]);
  if (!cart.ok) {
    return err(notUnderstoodProblem(cart.error));
  }
  const { etag, answer } = cartAnswer(cartId.value, cart.value);
  return ok({ ...answer, headers: { ...answer.headers, ETag: etag } });
}
