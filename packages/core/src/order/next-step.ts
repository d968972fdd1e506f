import { orderCart, orderGeneration } from "../ids/order-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { CartOutcome, OrderFact } from "./events.ts";
import { requestVerdict } from "./machine.ts";
import { paymentGivenUp, returnMoney, settleAuthorization, takeMoney } from "./money-steps.ts";
import { pendingRequests } from "./order.ts";
import { placementProgress } from "./progress.ts";
import { logOf, type OrderReplicas, placementOf, placementsOf } from "./replicas.ts";
import {
  costsNothing,
  isHoldOver,
  isPayment,
  record,
  release,
  retryLater,
  type Sight,
  wait,
} from "./sight.ts";
import type { OrderStep, PaymentSight } from "./steps.ts";

/*
 * One region's part in one order. Its log is the only place where it decides: each fact goes to the log's end as it was
 * seen, so of two instances that decide at once one is refused and asks again. What the placement does is in this order:
 * who has won; the money promised; the units sold, which decides; the cart; the money taken. On the other way out the
 * units go back first, which decides too and needs nobody, then the cart, then whatever money was promised.
 */

/** What a region sees of an order, when, and how the payment looked when this run last asked. */
export interface NextStepQuestion {
  readonly replicas: OrderReplicas;
  readonly me: Origin;
  readonly nowMs: number;
  readonly payment?: PaymentSight;
}

function endCart({ replicas }: Sight, winner: Origin, outcome: CartOutcome): OrderStep {
  return {
    type: "end-cart",
    cart: orderCart(replicas.orderId),
    generation: orderGeneration(replicas.orderId),
    outcome,
    winner,
    fact: { type: "cart-ended", outcome },
  };
}

/** What another placement's region has heard from the provider, as its log says. */
function learnedElsewhere(replicas: OrderReplicas) {
  for (const placement of placementsOf(replicas)) {
    const { winner, paymentId } = placementProgress(logOf(replicas, placement.origin), placement);
    if (winner !== undefined && paymentId !== undefined) {
      return { winner, paymentId };
    }
  }
  return undefined;
}

/**
 * Who has won? Nothing ends before that is known, except the hold: units that nobody can decide about go back when it is
 * over. The cart has to wait for the answer: another placement may have ordered its generation. Whoever sees that another
 * has learned it does not ask again: a provider may have forgotten by then who was first. Placements that cost nothing
 * ask as all do: the decider depends on the order alone, whatever each of them has seen in the cart.
 */
function settleClaim(sight: Sight): OrderStep {
  const { placement, payment, progress, replicas, me } = sight;
  const learned = learnedElsewhere(replicas);
  if (learned !== undefined) {
    return record({ type: "claimed", ...learned });
  }
  if (payment === "out-of-reach") {
    return progress.allocation === "held" && isHoldOver(sight)
      ? release(sight, "expired")
      : retryLater(sight);
  }
  if (payment?.placement !== undefined) {
    return record({ type: "claimed", winner: payment.placement, paymentId: payment.id });
  }
  const amount = { amountMinor: placement.totalMinor, currency: placement.currency };
  return { type: "claim", claim: { orderId: replicas.orderId, placement: me, amount } };
}

/** What is known of how another placement ended: its units decide. */
function outcomeOf(replicas: OrderReplicas, winner: Origin): CartOutcome | undefined {
  const placement = placementOf(replicas, winner);
  if (placement === undefined) {
    return undefined;
  }
  const { allocation } = placementProgress(logOf(replicas, winner), placement);
  return allocation === "held" ? undefined : outcomeByUnits[allocation];
}

const outcomeByUnits = { committed: "ordered", released: "failed" } as const;

/** Another placement has won: the units go back, and the cart ends as the winner's does. */
function lose(sight: Sight, winner: Origin): OrderStep {
  const { progress, replicas } = sight;
  if (progress.allocation === "held") {
    return release(sight, "superseded");
  }
  if (progress.cartOutcome !== undefined) {
    return finish(sight);
  }
  const outcome = outcomeOf(replicas, winner);
  return outcome === undefined ? wait("winner") : endCart(sight, winner, outcome);
}

/** The first pending cancellation, or whatever may be answered now; what comes too early stays pending. */
function decide({ pending, progress }: Sight, only?: "cancel-requested"): OrderStep | undefined {
  for (const request of pending) {
    const verdict = requestVerdict(progress.state, request.type);
    if (verdict.type === "later" || (only !== undefined && request.type !== only)) {
      continue;
    }
    const { operationId } = request;
    const fact: OrderFact =
      verdict.type === "reject"
        ? { type: "rejected", request: operationId, reason: verdict.reason }
        : { type: factByRequest[request.type], request: operationId };
    return { type: "decide", request: operationId, fact };
  }
  return undefined;
}

const factByRequest = {
  "cancel-requested": "cancelled",
  "ship-requested": "shipped",
  "deliver-requested": "delivered",
  "return-requested": "returned",
} as const;

/** Won, and the units are held: they are sold when the money is promised, and go back when it will not be. */
function holding(sight: Sight): OrderStep {
  const { progress, payment, allocation } = sight;
  if (progress.state === "cancelled" || progress.state === "declined") {
    return release(sight, progress.state);
  }
  const cancelled = decide(sight, "cancel-requested");
  if (cancelled !== undefined) {
    return cancelled;
  }
  const commit: OrderStep = { type: "commit", allocation, fact: { type: "committed" } };
  if (costsNothing(sight)) {
    return isHoldOver(sight) ? release(sight, "expired") : commit;
  }
  if (progress.state !== "authorized") {
    return settleAuthorization(sight);
  }
  return isPayment(payment) && payment.status === "cancelled"
    ? record({ type: "declined", code: paymentGivenUp })
    : commit;
}

/** Won, and the units are sold: the cart, then the money, then what people ask for. */
function ordered(sight: Sight): OrderStep {
  const { progress, me } = sight;
  if (progress.cartOutcome === undefined) {
    return endCart(sight, me, "ordered");
  }
  if (progress.state === "confirmed") {
    return decide(sight, "cancel-requested") ?? takeMoney(sight);
  }
  return notToPay(sight) ?? decide(sight) ?? finish(sight);
}

/** What was sold is off, or costs nothing: there is a payment that must never come about, or a refund due. */
function notToPay(sight: Sight): OrderStep | undefined {
  const { state, voided } = sight.progress;
  if (state === "paid" && costsNothing(sight) && !voided) {
    return decide(sight, "cancel-requested") ?? returnMoney(sight);
  }
  return state === "cancelled" || state === "returned" ? returnMoney(sight) : undefined;
}

/** Won, and the units went back: the cart's lines are live again, and the payment must never come about. */
function failed(sight: Sight): OrderStep {
  const { progress, me } = sight;
  if (progress.cartOutcome === undefined) {
    return endCart(sight, me, "failed");
  }
  return returnMoney(sight) ?? decide(sight) ?? finish(sight);
}

function finish({ allocation }: Sight): OrderStep {
  return allocation.dueAtMs === undefined ? { type: "nothing" } : { type: "close" };
}

/**
 * What the region does next for its own placement, from what it sees of the order. The region's own items have to be
 * read from its own table; others' may be as old as they like. A region without a placement has nothing to do.
 */
export function nextStep({ replicas, me, nowMs, payment }: NextStepQuestion): OrderStep {
  const placement = replicas.placed.get(me);
  if (placement === undefined) {
    return { type: "nothing" };
  }
  if (isPayment(payment) && payment.orderId !== replicas.orderId) {
    throw new Error(`a payment of another order than ${replicas.orderId}: ${payment.id}`);
  }
  const progress = placementProgress(logOf(replicas, me), placement);
  const allocation = replicas.allocations.get(me);
  if (allocation === undefined || allocation.state !== progress.allocation) {
    return wait("own-items", nowMs);
  }
  const pending = pendingRequests(replicas, progress.answered);
  const sight: Sight = { replicas, me, nowMs, payment, placement, allocation, progress, pending };
  if (progress.winner === undefined) {
    return settleClaim(sight);
  }
  if (progress.winner !== me) {
    return lose(sight, progress.winner);
  }
  return { held: holding, committed: ordered, released: failed }[allocation.state](sight);
}
