import { compareStamps } from "../clock/stamp.ts";
import type { VersionVector } from "../clock/version-vector.ts";
import type { CartId, ShopperId } from "../ids/cart-id.ts";
import { type OrderId, orderCart, orderGeneration, orderShopper } from "../ids/order-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { Money } from "../money/money.ts";
import { isRequest, type OrderRequest } from "./events.ts";
import type { OrderState } from "./machine.ts";
import type { Durability, OrderLine, Placement } from "./placed-item.ts";
import { type PlacementProgress, placementProgress } from "./progress.ts";
import {
  logOf,
  type OrderReplicas,
  orderOrigins,
  orderVector,
  placementOf,
  placementsOf,
} from "./replicas.ts";

/** A request that the owner has not answered. */
export interface PendingRequest extends OrderRequest {
  /** The region that took it first. */
  readonly origin: Origin;
  readonly atMs: number;
}

/** An order as it is shown. It is decided by the vector alone: equal vectors mean equal orders. */
export interface Order {
  readonly id: OrderId;
  readonly cart: CartId;
  readonly generation: number;
  readonly shopper: ShopperId;
  readonly state: OrderState;
  /** The placement that has won, once any placing region has learned it. It alone executes. */
  readonly owner?: Origin;
  /** The placement that is shown: the owner's once it was seen, before that the one of the earliest stamp. */
  readonly shown: Origin;
  readonly lines: readonly OrderLine[];
  readonly total: Money;
  readonly placedAtMs: number;
  readonly holdEndsAtMs: number;
  readonly durability: { readonly asked: Durability; readonly reached: Durability };
  readonly payment: {
    readonly id?: string;
    readonly captured: boolean;
    readonly refunded: boolean;
    readonly declinedCode?: string;
  };
  /** In the order in which they are decided. */
  readonly pending: readonly PendingRequest[];
  /** Every placement of the generation, the earliest first: the shown one, and those that lost or may. */
  readonly placements: readonly PlacementProgress[];
  readonly vector: VersionVector;
}

/** `incomplete`: something of the order was seen, and no placement: read the regions that placed it. */
export type OrderSight =
  | { readonly type: "order"; readonly order: Order }
  | { readonly type: "incomplete"; readonly vector: VersionVector };

/** Who won, from anybody's log. All say the same, for the decider decides once. */
export function ownerOf(replicas: OrderReplicas): Origin | undefined {
  for (const placement of placementsOf(replicas)) {
    const { winner } = placementProgress(logOf(replicas, placement.origin), placement);
    if (winner !== undefined) {
      return winner;
    }
  }
  return undefined;
}

/**
 * The placements that name themselves as the order's winner, of an order that has more of them than the one it can have, where
 * any of them has sold its units. No provider should ever say so: the order was paid twice, or is paid and shown as not.
 */
export function paidTwice(replicas: OrderReplicas): readonly PlacementProgress[] {
  const won = placementsOf(replicas)
    .map((placement) => placementProgress(logOf(replicas, placement.origin), placement))
    .filter(({ origin, winner }) => winner === origin);
  return won.length > 1 && won.some(({ allocation }) => allocation === "committed") ? won : [];
}

/** Requests in any log that none of `answered` is, by stamp; one that was asked in several regions counts once. */
export function pendingRequests(
  replicas: OrderReplicas,
  answered: ReadonlySet<OperationId>,
): readonly PendingRequest[] {
  const entries = orderOrigins(replicas)
    .flatMap((origin) => logOf(replicas, origin))
    .sort((a, b) => compareStamps(a.stamp, b.stamp));
  const pending = new Map<OperationId, PendingRequest>();
  for (const { event, origin, atMs } of entries) {
    if (isRequest(event) && !answered.has(event.operationId) && !pending.has(event.operationId)) {
      pending.set(event.operationId, { ...event, origin, atMs });
    }
  }
  return [...pending.values()];
}

function paymentOf({ paymentId, captured, refunded, declinedCode }: PlacementProgress): Order["payment"] {
  return {
    ...(paymentId === undefined ? {} : { id: paymentId }),
    captured,
    refunded,
    ...(declinedCode === undefined ? {} : { declinedCode }),
  };
}

function contentOf(placement: Placement) {
  const cart = orderCart(placement.orderId);
  return {
    id: placement.orderId,
    cart,
    generation: orderGeneration(placement.orderId),
    shopper: orderShopper(placement.orderId),
    shown: placement.origin,
    lines: placement.lines,
    total: { amountMinor: placement.totalMinor, currency: placement.currency },
    placedAtMs: placement.placedAtMs,
    holdEndsAtMs: placement.holdEndsAtMs,
  };
}

/** What the items seen amount to; the order in which they arrived does not matter. */
export function viewOrder(replicas: OrderReplicas): OrderSight {
  const vector = orderVector(replicas);
  const placements = placementsOf(replicas);
  const owner = ownerOf(replicas);
  const shown = (owner === undefined ? undefined : placementOf(replicas, owner)) ?? placements[0];
  if (shown === undefined) {
    return { type: "incomplete", vector };
  }
  const progress = placementProgress(logOf(replicas, shown.origin), shown);
  const isOwners = shown.origin === owner;
  const order: Order = {
    ...contentOf(shown),
    state: isOwners ? progress.state : "placed",
    ...(owner === undefined ? {} : { owner }),
    durability: {
      asked: shown.durability,
      reached: progress.witnesses.length > 0 ? "two-regions" : "one-region",
    },
    payment: paymentOf(progress),
    pending: pendingRequests(replicas, isOwners ? progress.answered : new Set()),
    placements: placements.map((placement) =>
      placementProgress(logOf(replicas, placement.origin), placement),
    ),
    vector,
  };
  return { type: "order", order };
}
