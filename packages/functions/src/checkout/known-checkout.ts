import {
  type CartReplicas,
  err,
  generationOf,
  type KnownPlacement,
  makeOrderId,
  type OrderId,
  type OrderReplicas,
  type Origin,
  ok,
  originRegion,
  ownerOf,
  placedBefore,
  placementOf,
  placementsOf,
  type Result,
} from "@antipode/core";
import { notUnderstoodProblem, type Problem, readProblem } from "../api/problems.ts";
import { withOtherRegions } from "../orders/read-elsewhere.ts";
import { readOrder } from "../orders/read-order.ts";
import type { CheckoutAsk } from "./ask.ts";
import type { CheckoutDeps } from "./deps.ts";

/** The order that a request is about, and what it says of the request. */
export interface Known {
  readonly replicas: OrderReplicas;
  readonly known?: KnownPlacement;
}

type Found = Result<Known, Problem>;

/** The checkout that the client has seen the end of has not been heard of here: its lines may have been ordered. */
function behindProblem(seen: number): Problem {
  return {
    name: "cart-not-covered",
    detail:
      "How the cart's last checkout ended has not arrived here. Check out where it was, or try again shortly.",
    members: { generation: seen, missing: {}, regions: [] },
  };
}

async function readElsewhere(
  deps: CheckoutDeps,
  ask: CheckoutAsk,
  replicas: OrderReplicas,
  regions: Iterable<string>,
): Promise<Found> {
  const read = await withOtherRegions(deps, replicas, regions);
  if (!read.ok) {
    return err(notUnderstoodProblem(read.error));
  }
  const known = placedBefore(read.value, ask);
  return ok({ replicas: read.value, ...(known === undefined ? {} : { known }) });
}

/**
 * The present generation's order, with what another region has whose cart says that it has begun this checkout, and whose
 * placement has not arrived; with what any has, where this one has written of a placement that it does not hold. One that is out of reach may place, too: the payment's claim lets one of them win.
 */
async function findOpen(
  deps: CheckoutDeps,
  ask: CheckoutAsk,
  cart: CartReplicas,
  own: OrderReplicas,
): Promise<Found> {
  const seen = new Set(placementsOf(own).map(({ origin }) => origin));
  const began = [...cart].filter(([origin, item]) => item.ordered.has(ask.generation) && !seen.has(origin));
  const hasWritten = seen.size === 0 && own.logs.has(deps.deployment.origin);
  const regions = hasWritten
    ? deps.deployment.regions.map(({ name }) => name)
    : began.map(([origin]) => originRegion(origin));
  return readElsewhere(deps, ask, own, regions);
}

const chargeOfSecond = {
  none: "nothing was charged for this one.",
  maybe: "should this one have been charged as well, the shop's staff gives that back.",
} as const;

/** Another placement has won the generation; `maybe` where this one has won it too, as no provider should say. */
export function supersededProblem(
  order: OrderId,
  placedIn: Origin,
  charged: keyof typeof chargeOfSecond = "none",
): Problem {
  return {
    name: "checkout-superseded",
    detail: `Another checkout of this cart was first. Its order is the one; ${chargeOfSecond[charged]}`,
    members: { order, placedIn },
  };
}

/** Who won a generation that the request did not: nobody can place it any more. */
function supersededBy({ replicas }: Known): Problem | undefined {
  const winner = ownerOf(replicas);
  return winner === undefined || placementOf(replicas, winner) === undefined
    ? undefined
    : supersededProblem(replicas.orderId, winner);
}

const isRequests = ({ known }: Known) => known !== undefined && known.type !== "placed-before";

/**
 * An order whose generation has ended: either this request placed it, or it comes to nothing, for good. Which of them is
 * known once the winner's placement is seen, here or in any other region. Nothing is placed meanwhile.
 */
async function findEnded(deps: CheckoutDeps, ask: CheckoutAsk, own: OrderReplicas): Promise<Found> {
  const known = placedBefore(own, ask);
  const here: Known = { replicas: own, ...(known === undefined ? {} : { known }) };
  if (isRequests(here)) {
    return ok(here);
  }
  const decided = supersededBy(here);
  if (decided !== undefined) {
    return err(decided);
  }
  const all = deps.deployment.regions.map(({ name }) => name);
  const found = await readElsewhere(deps, ask, own, all);
  if (!found.ok || isRequests(found.value)) {
    return found;
  }
  return err(
    supersededBy(found.value) ?? {
      name: "region-away",
      detail: "This checkout has ended elsewhere, and how has not arrived here. Send it again later.",
    },
  );
}

/**
 * What is known of a checkout. A request names its cart's generation, so it is about one order wherever it is sent and
 * however late: once the generation has ended it can place nothing, and before that the order's payment lets one placement win.
 */
export async function findKnown(deps: CheckoutDeps, ask: CheckoutAsk, cart: CartReplicas): Promise<Found> {
  const current = generationOf(cart);
  if (ask.generation > current) {
    return err(behindProblem(current));
  }
  const own = await readOrder(deps, makeOrderId(ask.cartId, ask.generation));
  if (!own.ok) {
    return err(readProblem(own.error));
  }
  return ask.generation < current ? findEnded(deps, ask, own.value) : findOpen(deps, ask, cart, own.value);
}
