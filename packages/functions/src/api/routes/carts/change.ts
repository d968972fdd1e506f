import {
  type CartFull,
  type CartId,
  type CartReplicas,
  type ChangePlan,
  cartKey,
  cartPartition,
  err,
  markersPerItemMax,
  mergeReplicas,
  type Origin,
  ok,
  operationsPerItemMax,
  operationsPerWriteMax,
  planTidy,
  type Result,
  type Update,
  viewCart,
} from "@antipode/core";
import { type ConsistencyWish, coverWish } from "../../consistency.ts";
import type { ApiDeps } from "../../deps.ts";
import type { Outcome } from "../../exchange.ts";
import { contendedProblem, growthProblem, type Problem, storageProblem } from "../../problems.ts";
import { changedAnswer, readReplicas } from "./merged.ts";

/** What a change does to a cart, as far as this region knows it; asked again with more until it is done. */
export type PlanChange = (
  replicas: CartReplicas,
  origin: Origin,
) => ChangePlan | { type: "cart-in-checkout" };

/** Refused writes of one request: two devices on one cart need two; five is a crowd, which may come again. */
const refusalsMax = 5;

/**
 * Writes of one request: those that make room in an item full of what was removed elsewhere, then those that copy a
 * guest's cart of as much as an item takes.
 */
const writesMax =
  Math.ceil((operationsPerItemMax + markersPerItemMax) / operationsPerWriteMax) +
  Math.ceil(operationsPerItemMax / operationsPerWriteMax);

/** Plans of one request: of its writes, of those that were refused, and the last one, which finds all done. */
const plansMax = writesMax + refusalsMax;

/** Ids are never forgotten, so what was removed, replaced or ordered of a cart counts for as long as it lives. */
export function cartFullProblem({ of, limit }: CartFull): Problem {
  const detail =
    of === "operations"
      ? `One region holds at most ${limit} changes of a cart.`
      : `One region remembers at most ${limit} removed, replaced or ordered changes of a cart.`;
  return { name: "cart-full", detail, members: { limit } };
}

/** Long SKUs fill an item before its number of changes does. */
export const cartTooLarge: Problem = {
  name: "cart-full",
  detail: "This region's item of the cart is as large as one may be.",
};

export const operationIdReused: Problem = {
  name: "operation-id-reused",
  detail: "This Idempotency-Key was used for another change of this cart. Use a new one.",
};

function updateOf(plan: ReturnType<PlanChange>): Update | undefined {
  return plan.type === "write" ? plan.update : undefined;
}

/** Why a change is not made; nothing when it is done. */
function refusalOf(plan: ReturnType<PlanChange>): Problem | undefined {
  switch (plan.type) {
    case "write":
    case "done-already":
      return undefined;
    case "operation-id-reused":
      return operationIdReused;
    case "cart-full":
      return cartFullProblem(plan);
    case "cart-in-checkout":
      return { name: "cart-in-checkout", detail: "Wait until the checkout has ended, then merge." };
  }
}

/**
 * Plans and writes until the plan says it is done, and makes room before it says that the cart is full. A refused
 * write brings the item as another writer left it, or as an earlier try of this one did whose answer was lost: both are
 * seen by the next plan.
 */
async function applyPlan(
  { items, deployment, clock }: ApiDeps,
  cartId: CartId,
  replicas: CartReplicas,
  planOf: PlanChange,
): Promise<Result<CartReplicas, Problem>> {
  let known = replicas;
  let refusals = 0;
  for (let plans = 0; plans < plansMax && refusals < refusalsMax; plans += 1) {
    const plan = planOf(known, deployment.origin);
    const tidy = { cartId, nowMs: clock.nowMs() };
    const update = plan.type === "cart-full" ? planTidy(known, deployment.origin, tidy) : updateOf(plan);
    if (update === undefined) {
      const problem = refusalOf(plan);
      return problem === undefined ? ok(known) : err(problem);
    }
    const outcome = await items.update("Carts", cartKey(cartId, deployment.origin), update);
    if (!outcome.ok && outcome.error.type !== "contended") {
      return err(growthProblem(outcome.error, cartTooLarge));
    }
    refusals += outcome.ok && outcome.value.type === "written" ? 0 : 1;
    const own = readReplicas(outcome.ok && outcome.value.item !== undefined ? [outcome.value.item] : []);
    if (!own.ok) {
      return own;
    }
    known = mergeReplicas(known, own.value);
  }
  return err(contendedProblem());
}

/** Reads the cart, completed as the client wishes, changes it by the plan, and answers it with the change in it. */
export async function changeCart(
  deps: ApiDeps,
  cartId: CartId,
  wish: ConsistencyWish | undefined,
  planOf: PlanChange,
): Promise<Outcome> {
  const partition = await deps.items.queryPartition("Carts", cartPartition(cartId));
  if (!partition.ok) {
    return err(storageProblem(partition.error));
  }
  const covered = await coverWish(deps, "Carts", (o) => cartKey(cartId, o), partition.value, wish);
  if (!covered.ok) {
    return covered;
  }
  const replicas = readReplicas(covered.value.items);
  if (!replicas.ok) {
    return replicas;
  }
  const changed = await applyPlan(deps, cartId, replicas.value, planOf);
  return changed.ok ? ok(changedAnswer(cartId, viewCart(changed.value), covered.value.headers)) : changed;
}
