import {
  type AddLine,
  addUpdate,
  cartKey,
  cartPartition,
  err,
  explainAddRefusal,
  explainAddReuse,
  isSku,
  type OperationId,
  ok,
  planTidy,
  type Result,
  type ShopperSession,
  type StorageError,
  type StoredItem,
  type UpdateOutcome,
  viewCart,
  withdrawUpdate,
} from "@antipode/core";
import type { ApiDeps } from "../../deps.ts";
import type { Exchange, Outcome } from "../../exchange.ts";
import { contendedProblem, growthProblem, type Problem, storageProblem } from "../../problems.ts";
import { openCart } from "./access.ts";
import { cartFullProblem, cartTooLarge, operationIdReused } from "./change.ts";
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
      return cartFullProblem(refusal);
    case "unexplained":
      return contendedProblem();
  }
}

type Written = Result<UpdateOutcome, StorageError>;

/** One dropping of 100 may leave an item full: up to 100 markers are beside its 500 operations. */
const tidiesMax = 2;

function isFull(line: AddLine, written: Written): written is Written & { readonly ok: true } {
  return (
    written.ok &&
    written.value.type === "refused" &&
    explainAddRefusal(line, written.value.item).type === "cart-full"
  );
}

/** Sends the add again where room can be made in a full item: other regions have removed what it holds. */
async function addWithRoom(
  { items, deployment }: ApiDeps,
  line: AddLine,
  first: Written,
  partition: readonly StoredItem[],
): Promise<Result<Written, Problem>> {
  const key = cartKey(line.cartId, deployment.origin);
  let written = first;
  for (let tidied = 0; tidied < tidiesMax && isFull(line, written); tidied += 1) {
    const own = written.value.item;
    const replicas = readReplicas(own === undefined ? partition : [...partition, own]);
    if (!replicas.ok) {
      return replicas;
    }
    const tidy = planTidy(replicas.value, deployment.origin, line);
    if (tidy === undefined) {
      break;
    }
    const made = await items.update("Carts", key, tidy);
    written =
      made.ok || made.error.type === "contended" ? await items.update("Carts", key, addUpdate(line)) : made;
  }
  return ok(written);
}

/**
 * The id stands for something else in another region: what was written just now is taken back. An add that was taken
 * before stays, and of the two contents the greater text counts.
 */
async function refuseReuse(
  { items, deployment }: ApiDeps,
  line: AddLine,
  written: UpdateOutcome,
): Promise<Outcome> {
  if (written.type === "refused") {
    return err(operationIdReused);
  }
  const key = cartKey(line.cartId, deployment.origin);
  const withdrawn = await items.update("Carts", key, withdrawUpdate(line));
  return err(withdrawn.ok ? operationIdReused : storageProblem(withdrawn.error));
}

type Adding = Exchange<{ cartId: string }, object, NewLine> & {
  session: ShopperSession;
  operationId: OperationId;
};

function openAdd({ params, session, nowMs, operationId, body }: Adding): Result<AddLine, Problem> {
  const cartId = openCart(params.cartId, session, nowMs);
  if (!cartId.ok) {
    return cartId;
  }
  if (!isSku(body.sku)) {
    throw new Error("the contract let through what is no SKU");
  }
  return ok({ cartId: cartId.value, operationId, sku: body.sku, quantity: body.quantity, nowMs });
}

/**
 * One blind write, the peers' items read beside it. What the read misses of the own item is in the write's answer,
 * so the shopper always sees the line just added.
 */
export async function handleAddLine(adding: Adding, deps: ApiDeps): Promise<Outcome> {
  const { items, deployment } = deps;
  const opened = openAdd(adding);
  if (!opened.ok) {
    return opened;
  }
  const line = opened.value;
  const [first, partition] = await Promise.all([
    items.update("Carts", cartKey(line.cartId, deployment.origin), addUpdate(line)),
    items.queryPartition("Carts", cartPartition(line.cartId)),
  ]);
  const sent = partition.ok ? await addWithRoom(deps, line, first, partition.value) : ok(first);
  if (!sent.ok) {
    return sent;
  }
  const written = sent.value;
  if (!written.ok) {
    return err(growthProblem(written.error, cartTooLarge));
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
  if (!replicas.ok) {
    return replicas;
  }
  return explainAddReuse(line, replicas.value, deployment.origin) === undefined
    ? ok(changedAnswer(line.cartId, viewCart(replicas.value)))
    : refuseReuse(deps, line, written.value);
}
