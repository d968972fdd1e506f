import {
  type CartReplicas,
  cartKey,
  cartPartition,
  itemToCart,
  mergeReplicas,
  type OrderStep,
  type Origin,
  ok,
  originRegion,
  planFailed,
  planOrdered,
  type Result,
  replicasOf,
  type StoredItem,
  type TransactionWrite,
} from "@antipode/core";
import type { AdvancingDeps } from "./deps.ts";
import { failed, type StepFailure } from "./failure.ts";

/** The step that ends a cart's generation. */
export type EndCart = Extract<OrderStep, { type: "end-cart" }>;

/** `winner-away`: what the winner ordered is not known here, and its region cannot be read. */
export type CartEnding = readonly TransactionWrite[] | "winner-away";

type Deps = Pick<AdvancingDeps, "items" | "remote" | "deployment" | "clock" | "log">;

function readCarts(items: readonly StoredItem[]): Result<CartReplicas, StepFailure> {
  const carts = [];
  for (const item of items) {
    const cart = itemToCart(item);
    if (!cart.ok) {
      return failed("end-cart", cart.error);
    }
    carts.push(cart.value);
  }
  return ok(replicasOf(carts));
}

function planOf(replicas: CartReplicas, me: Origin, step: EndCart, nowMs: number) {
  const at = { cartId: step.cart, generation: step.generation, nowMs };
  return step.outcome === "ordered"
    ? planOrdered(replicas, me, { ...at, winner: step.winner })
    : planFailed(replicas, me, at);
}

/** What the winner's own region has of the cart; replication may not have brought it. */
async function readWinner(
  { remote, deployment, log }: Deps,
  step: EndCart,
): Promise<Result<CartReplicas | undefined, StepFailure>> {
  const region = originRegion(step.winner);
  if (region === deployment.region) {
    return ok(undefined);
  }
  const item = await remote.get(region, "Carts", cartKey(step.cart, step.winner));
  if (!item.ok) {
    log.warn("the winner's cart is not read", { cart: step.cart, peer: region, cause: item.error });
    return ok(undefined);
  }
  return item.value === undefined ? ok(undefined) : readCarts([item.value]);
}

/** The write that ends this region's part of the cart's generation; none when it has ended. */
export async function planCartEnding(deps: Deps, step: EndCart): Promise<Result<CartEnding, StepFailure>> {
  const me = deps.deployment.origin;
  const partition = await deps.items.queryPartition("Carts", cartPartition(step.cart));
  if (!partition.ok) {
    return failed("end-cart", partition.error);
  }
  const seen = readCarts(partition.value);
  if (!seen.ok) {
    return seen;
  }
  let plan = planOf(seen.value, me, step, deps.clock.nowMs());
  if (plan.type === "winner-not-seen") {
    const winner = await readWinner(deps, step);
    if (!winner.ok) {
      return winner;
    }
    plan = planOf(mergeReplicas(seen.value, winner.value ?? new Map()), me, step, deps.clock.nowMs());
  }
  switch (plan.type) {
    case "write":
      return ok([{ type: "update", table: "Carts", key: cartKey(step.cart, me), update: plan.update }]);
    case "done-already":
      return ok([]);
    case "winner-not-seen":
      return ok("winner-away");
    case "generation-not-seen":
      return failed("end-cart", `generation ${plan.current} is the latest seen`);
  }
}
