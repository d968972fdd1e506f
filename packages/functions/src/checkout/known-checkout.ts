import {
  type CartReplicas,
  err,
  generationOf,
  type KnownPlacement,
  makeOrderId,
  type OrderReplicas,
  ok,
  operationAheadMaxMs,
  originRegion,
  placedBefore,
  placementsOf,
  type Result,
  ulidTimeMs,
} from "@antipode/core";
import { notUnderstoodProblem, type Problem, readProblem } from "../api/problems.ts";
import { withOtherRegions } from "../orders/read-elsewhere.ts";
import { readOrder } from "../orders/read-order.ts";
import type { CheckoutAsk } from "./ask.ts";
import type { CheckoutDeps } from "./deps.ts";

/**
 * Earlier checkouts of a cart that a request's key is looked for in. Each takes a read, one after the other, and each is
 * somebody's checkout since the key was made, or in the minutes before: nobody orders one cart that often while a request
 * waits for its answer.
 */
export const generationsBackMax = 50;

/** Not known would be a guess: the key may stand for an order further back, and a second one must not come of it. */
const tooOld: Problem = {
  name: "operation-too-old",
  detail: `This cart was checked out more than ${generationsBackMax} times since. See your orders, and use a new key.`,
  members: { limit: generationsBackMax },
};

/** The present generation's order, and what it, or an earlier one's, says of the request. */
export interface Known {
  readonly replicas: OrderReplicas;
  readonly known?: KnownPlacement;
}

/**
 * An order of the cart as this region has it, with what another region has whose cart says that it has begun this generation's
 * checkout, or ended it, and whose placement has not arrived. One that is out of reach may place, too: the payment's claim lets
 * one of them win.
 */
async function readGeneration(
  deps: CheckoutDeps,
  ask: CheckoutAsk,
  cart: CartReplicas,
  generation: number,
): Promise<Result<OrderReplicas, Problem>> {
  const own = await readOrder(deps, makeOrderId(ask.cartId, generation));
  if (!own.ok) {
    return err(readProblem(own.error));
  }
  const seen = new Set(placementsOf(own.value).map(({ origin }) => origin));
  const further = [...cart].filter(([origin, item]) => {
    const began = item.ordered.has(generation) || (item.generation > generation && seen.size === 0);
    return began && !seen.has(origin);
  });
  const regions = further.map(([origin]) => originRegion(origin));
  const read = await withOtherRegions(deps, own.value, regions);
  return read.ok ? read : err(notUnderstoodProblem(read.error));
}

/** Whether every placement of a generation was made before the operation's id could have been: so it is none of them. */
function isOlderThan(ask: CheckoutAsk, replicas: OrderReplicas): boolean {
  const placements = placementsOf(replicas);
  const madeAtMs = ulidTimeMs(ask.operationId) - operationAheadMaxMs;
  return placements.length > 0 && placements.every(({ placedAtMs }) => placedAtMs < madeAtMs);
}

/**
 * What is known of a checkout: the order that it placed, up to `generationsBackMax` generations ago; or the present
 * generation's, which somebody else may have placed. A new cart takes one read of an order. One that was checked out before
 * takes a second, and one more for each earlier generation as long as all of them may be younger than the request. Whoever
 * looks that far back and comes to no end is refused, as with a key of yesterday.
 */
export async function findKnown(
  deps: CheckoutDeps,
  ask: CheckoutAsk,
  cart: CartReplicas,
): Promise<Result<Known, Problem>> {
  const current = generationOf(cart);
  const replicas = await readGeneration(deps, ask, cart, current);
  if (!replicas.ok) {
    return replicas;
  }
  const known = placedBefore(replicas.value, ask);
  if (known !== undefined && known.type !== "placed-before") {
    return ok({ replicas: replicas.value, known });
  }
  for (let generation = current - 1; generation >= 0; generation -= 1) {
    if (current - generation > generationsBackMax) {
      return err(tooOld);
    }
    const earlier = await readGeneration(deps, ask, cart, generation);
    if (!earlier.ok) {
      return earlier;
    }
    const before = placedBefore(earlier.value, ask);
    if (before !== undefined && before.type !== "placed-before") {
      return ok({ replicas: earlier.value, known: before });
    }
    if (isOlderThan(ask, earlier.value)) {
      break;
    }
  }
  return ok({ replicas: replicas.value, ...(known === undefined ? {} : { known }) });
}
