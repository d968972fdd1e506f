import {
  type CartId,
  type CartReplicas,
  type ChangePlan,
  cartKey,
  cartPartition,
  err,
  mergeReplicas,
  type Origin,
  ok,
  type Result,
  viewCart,
} from "@antipode/core";
import { type ConsistencyWish, coverWish } from "../../consistency.ts";
import type { ApiDeps } from "../../deps.ts";
import type { Outcome } from "../../exchange.ts";
import { contendedProblem, type Problem, storageProblem } from "../../problems.ts";
import { changedAnswer, readReplicas } from "./merged.ts";

/** What a change does to a cart, as far as this region knows it; asked again with more until it is done. */
export type PlanChange = (
  replicas: CartReplicas,
  origin: Origin,
) => ChangePlan | { type: "cart-in-checkout" };

/** Refused writes of one request: two devices on one cart need two; five is a crowd, which may come again. */
const refusalsMax = 5;

/** Writes of one request: a guest's cart of four full regions is copied in about twenty. */
const writesMax = 40;

export function cartFullProblem(limit: number): Problem {
  return {
    name: "cart-full",
    detail: `A cart takes ${limit} changes in one region.`,
    members: { limit },
  };
}

export const operationIdReused: Problem = {
  name: "operation-id-reused",
  detail: "This Idempotency-Key was used for another change of this cart. Use a new one.",
};

/** What ends a change without a write; nothing when it is done. */
function refusalOf(plan: Exclude<ReturnType<PlanChange>, { type: "write" }>): Problem | undefined {
  switch (plan.type) {
    case "done-already":
      return undefined;
    case "operation-id-reused":
      return operationIdReused;
    case "cart-full":
      return cartFullProblem(plan.limit);
    case "cart-in-checkout":
      return { name: "cart-in-checkout", detail: "Wait until the checkout has ended, then merge." };
  }
}

/**
 * Plans and writes until the plan says it is done. A refused write brings the item as another writer left it, or as an
 * earlier try of this one did whose answer was lost: both are seen by the next plan.
 */
async function applyPlan(
  { items, deployment }: ApiDeps,
  cartId: CartId,
  replicas: CartReplicas,
  planOf: PlanChange,
): Promise<Result<CartReplicas, Problem>> {
  let known = replicas;
  let refusals = 0;
  for (let writes = 0; writes < writesMax && refusals < refusalsMax; writes += 1) {
    const plan = planOf(known, deployment.origin);
    if (plan.type !== "write") {
      const problem = refusalOf(plan);
      return problem === undefined ? ok(known) : err(problem);
    }
    const outcome = await items.update("Carts", cartKey(cartId, deployment.origin), plan.update);
    if (!outcome.ok && outcome.error.type !== "contended") {
      return err(storageProblem(outcome.error));
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
