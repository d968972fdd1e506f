import {
  type Allocation,
  err,
  mergeOrderReplicas,
  noOrderReplicas,
  type Order,
  type OrderReplicas,
  type Origin,
  ok,
  originRegion,
  ownerOf,
  type PaymentSight,
  type Placement,
  type PlacementProgress,
  placementOf,
  planRecord,
  type Result,
  viewOrder,
} from "@antipode/core";
import { contendedProblem, notUnderstoodProblem, type Problem } from "../api/problems.ts";
import { advanceOrder } from "../orders/advance.ts";
import type { StepFailure } from "../orders/failure.ts";
import { withOtherRegions } from "../orders/read-elsewhere.ts";
import { readOrder } from "../orders/read-order.ts";
import { askForWitness } from "../orders/witness.ts";
import { writeAll } from "../orders/write.ts";
import type { CheckoutDeps } from "./deps.ts";
import { orderProblem } from "./known-checkout.ts";
import type { Placed } from "./place.ts";

/** Instances that say something of one order at once: the shopper's request and a webhook, hardly more. */
const triesMax = 4;

/** Says which region has its own copy, at the end of the log, wherever that is by now. */
async function recordWitness(
  deps: CheckoutDeps,
  { orderId }: Placement,
  by: Origin,
): Promise<Result<undefined, Problem>> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const replicas = await readOrder(deps, orderId);
    if (!replicas.ok) {
      return err(orderProblem(replicas.error));
    }
    const own = { replicas: replicas.value, me: deps.deployment.origin, nowMs: deps.clock.nowMs() };
    const written = await writeAll(deps.items, planRecord(own, { type: "witnessed", by }).writes);
    if (written.ok && written.value === "written") {
      return ok(undefined);
    }
  }
  return err(contendedProblem());
}

/**
 * Asks for a second region's copy before the shopper is told anything. The answer says which durability was reached: when
 * nobody could be asked in time, the order stands in one region, and a later request of the same key asks again.
 */
export async function witnessPlacement(
  deps: CheckoutDeps,
  placement: Placement,
  allocation: Allocation,
): Promise<Result<undefined, Problem>> {
  const by = await askForWitness(deps, placement, allocation);
  return by === undefined ? ok(undefined) : recordWitness(deps, placement, by);
}

/** How a checkout stands once everything was done that could be done at once. */
export interface Settled {
  readonly order: Order;
  readonly progress: PlacementProgress;
  readonly payment?: PaymentSight;
}

/**
 * The placement that answers a request. One that was sent to two regions before they heard of each other was placed in both:
 * the winner's is its order, whichever was made first.
 */
function answeringPlacement(replicas: OrderReplicas, placement: Placement): Origin {
  const winner = ownerOf(replicas);
  const won = winner === undefined ? undefined : placementOf(replicas, winner);
  const isSame = won?.operationId === placement.operationId && won.request === placement.request;
  return isSame ? won.origin : placement.origin;
}

function settledOf(
  { placement }: Placed,
  replicas: OrderReplicas,
  payment: PaymentSight | undefined,
): Settled | undefined {
  const sight = viewOrder(replicas);
  const answering = answeringPlacement(replicas, placement);
  const progress =
    sight.type === "order" ? sight.order.placements.find(({ origin }) => origin === answering) : undefined;
  return sight.type === "order" && progress !== undefined
    ? { order: sight.order, progress, ...(payment === undefined ? {} : { payment }) }
    : undefined;
}

function wantsWitness(placement: Placement, replicas: OrderReplicas): boolean {
  const sight = viewOrder(replicas);
  const own =
    sight.type === "order"
      ? sight.order.placements.find(({ origin }) => origin === placement.origin)
      : undefined;
  return placement.durability === "two-regions" && (own?.witnesses.length ?? 0) === 0;
}

/** The order as it was read, with what has been placed since. */
function knownPlaced({ replicas, placement, allocation }: Placed): OrderReplicas {
  return allocation === undefined
    ? replicas
    : mergeOrderReplicas(replicas, {
        ...noOrderReplicas(placement.orderId),
        placed: new Map([[placement.origin, placement]]),
        allocations: new Map([[placement.origin, allocation]]),
      });
}

/**
 * Brings a placement as far as it goes. One that another region made is looked at and left to its region. What could not be
 * done is not a refusal: the order is placed, and repair goes on with it.
 */
export async function settle(deps: CheckoutDeps, placed: Placed): Promise<Result<Settled, Problem>> {
  const { placement, replicas } = placed;
  const isOwn = placement.origin === deps.deployment.origin;
  if (!isOwn) {
    const settled = settledOf(placed, replicas, undefined);
    return settled === undefined ? err(contendedProblem()) : ok(settled);
  }
  const allocation = placed.allocation ?? replicas.allocations.get(placement.origin);
  const asksWitness = allocation !== undefined && wantsWitness(placement, replicas);
  if (asksWitness) {
    const witnessed = await witnessPlacement(deps, placement, allocation);
    if (!witnessed.ok) {
      return witnessed;
    }
  }
  const known = asksWitness ? undefined : knownPlaced(placed);
  const advanced = await advanceOrder(deps, placement.orderId, known);
  if (!advanced.ok) {
    return settleFailed(deps, placed, advanced.error);
  }
  const complete = await withWinner(deps, placement, advanced.value.replicas);
  if (!complete.ok) {
    return complete;
  }
  const settled = settledOf(placed, complete.value, advanced.value.payment);
  return settled === undefined ? err(contendedProblem()) : ok(settled);
}

/** Where another placement has won and is not seen here, as its region has it: it may be this very request's. */
async function withWinner(
  deps: CheckoutDeps,
  placement: Placement,
  replicas: OrderReplicas,
): Promise<Result<OrderReplicas, Problem>> {
  const winner = ownerOf(replicas);
  if (winner === undefined || winner === placement.origin || placementOf(replicas, winner) !== undefined) {
    return ok(replicas);
  }
  const complete = await withOtherRegions(deps, replicas, [originRegion(winner)]);
  return complete.ok ? complete : err(notUnderstoodProblem(complete.error));
}

/** The order is placed, and a step failed: the shopper gets the order as it stands. */
async function settleFailed(
  deps: CheckoutDeps,
  placed: Placed,
  failure: StepFailure,
): Promise<Result<Settled, Problem>> {
  deps.log.error("order not brought forward", { orderId: placed.placement.orderId, ...failure });
  const replicas = await readOrder(deps, placed.placement.orderId);
  if (!replicas.ok) {
    return err(orderProblem(replicas.error));
  }
  const settled = settledOf(placed, replicas.value, undefined);
  return settled === undefined ? err(contendedProblem()) : ok(settled);
}
