import {
  type Allocation,
  err,
  logOf,
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
  placementProgress,
  planRecord,
  type Result,
  viewOrder,
} from "@antipode/core";
import { notUnderstoodProblem, type Problem, readProblem } from "../api/problems.ts";
import { advanceOrder, logNotAdvanced } from "../orders/advance.ts";
import type { StepFailure } from "../orders/failure.ts";
import { withOtherRegions } from "../orders/read-elsewhere.ts";
import { type OrderReadError, readOrder } from "../orders/read-order.ts";
import { askForWitness } from "../orders/witness.ts";
import { waitAfterContention, writeAll } from "../platform/write-all.ts";
import type { CheckoutDeps } from "./deps.ts";
import { notReadProblem } from "./not-read.ts";
import type { Placed } from "./place.ts";

/** Instances that say something of one order at once: the shopper's request and a webhook, hardly more. */
const triesMax = 4;

type Recorded = Result<undefined, OrderReadError | "contended">;

/** Says which region has its own copy, at the end of the log, wherever that is by now. */
async function recordWitness(
  deps: CheckoutDeps,
  { orderId, origin }: Placement,
  by: Origin,
): Promise<Recorded> {
  for (let tries = 1; tries <= triesMax; tries += 1) {
    const replicas = await readOrder(deps, orderId);
    if (!replicas.ok) {
      return replicas;
    }
    if (witnessesOf(replicas.value, origin).includes(by)) {
      return ok(undefined); // by an earlier try, or by somebody else
    }
    const own = { replicas: replicas.value, me: deps.deployment.origin, nowMs: deps.clock.nowMs() };
    const written = await writeAll(deps.items, planRecord(own, { type: "witnessed", by }).writes);
    if (!written.ok) {
      return written;
    }
    if (written.value === "written") {
      deps.measurements.record("OrderFacts", [1], { fact: "witnessed" });
      return ok(undefined);
    }
    await waitAfterContention(deps, tries);
  }
  return err("contended");
}

/**
 * Asks for a second region's copy before the shopper is told anything. The answer says which durability is recorded: when
 * nobody could be asked in time, or what they said could not be written down here, the order stands in one region as far as
 * anybody knows, and a later request of the same key asks again.
 */
async function witnessPlacement(
  deps: CheckoutDeps,
  placement: Placement,
  allocation: Allocation,
): Promise<void> {
  const by = await askForWitness(deps, placement, allocation);
  const recorded = by === undefined ? ok(undefined) : await recordWitness(deps, placement, by);
  if (!recorded.ok) {
    const { orderId } = placement;
    deps.log.error("a witness is not recorded", { orderId, by, cause: recorded.error });
  }
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
  const isSame = won?.operationId === placement.operationId && won.requestDigest === placement.requestDigest;
  return isSame ? won.origin : placement.origin;
}

function settledOf(
  { placement }: Placed,
  replicas: OrderReplicas,
  payment: PaymentSight | undefined,
): Result<Settled, Problem> {
  const sight = viewOrder(replicas);
  const answering = answeringPlacement(replicas, placement);
  const progress =
    sight.type === "order" ? sight.order.placements.find(({ origin }) => origin === answering) : undefined;
  return sight.type === "order" && progress !== undefined
    ? ok({ order: sight.order, progress, ...(payment === undefined ? {} : { payment }) })
    : err(notReadProblem(`the placement of ${answering} is not read`));
}

/** The regions that have their own copy of a placement, as its log says. */
function witnessesOf(replicas: OrderReplicas, placedBy: Origin): readonly Origin[] {
  const placement = placementOf(replicas, placedBy);
  return placement === undefined ? [] : placementProgress(logOf(replicas, placedBy), placement).witnesses;
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
    return settledOf(placed, replicas, undefined);
  }
  const allocation = placed.allocation ?? replicas.allocations.get(placement.origin);
  const wantsWitness =
    placement.durability === "two-regions" && witnessesOf(replicas, placement.origin).length === 0;
  const asksWitness = allocation !== undefined && wantsWitness;
  if (asksWitness) {
    await witnessPlacement(deps, placement, allocation);
  }
  const known = asksWitness ? undefined : knownPlaced(placed);
  const advanced = await advanceOrder(deps, placement.orderId, known);
  if (!advanced.ok) {
    return settleFailed(deps, placed, advanced.error);
  }
  const complete = await withWinner(deps, placement, advanced.value.replicas);
  return complete.ok ? settledOf(placed, complete.value, advanced.value.payment) : complete;
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
  logNotAdvanced(deps, placed.placement.orderId, failure);
  const replicas = await readOrder(deps, placed.placement.orderId);
  return replicas.ok ? settledOf(placed, replicas.value, undefined) : err(readProblem(replicas.error));
}
