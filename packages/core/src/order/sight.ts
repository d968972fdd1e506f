import type { Origin } from "../ids/origin.ts";
import type { Payment } from "../ports/payments.ts";
import type { Allocation } from "./alloc-item.ts";
import type { OrderFact, ReleaseReason } from "./events.ts";
import { orderDueAfterMs, paymentAttempt } from "./limits.ts";
import type { PendingRequest } from "./order.ts";
import type { Placement } from "./placed-item.ts";
import type { PlacementProgress } from "./progress.ts";
import type { OrderReplicas } from "./replicas.ts";
import type { OrderStep, PaymentSight, WaitReason } from "./steps.ts";

/** What the parts of the decision look at. */
export interface Sight {
  readonly replicas: OrderReplicas;
  readonly me: Origin;
  readonly nowMs: number;
  readonly payment: PaymentSight | undefined;
  readonly placement: Placement;
  readonly allocation: Allocation;
  readonly progress: PlacementProgress;
  readonly pending: readonly PendingRequest[];
}

/** Nothing to do now; until when, where that is known. */
export const wait = (reason: WaitReason, untilMs?: number): OrderStep => ({
  type: "wait",
  for: reason,
  ...(untilMs === undefined ? {} : { untilMs }),
});

/** Says what a call has brought about. */
export const record = (fact: OrderFact): OrderStep => ({ type: "record", fact });

/** The units go back, and why. */
export function release({ allocation }: Sight, reason: ReleaseReason): OrderStep {
  return { type: "release", reason, allocation, fact: { type: "released", reason } };
}

/** By the placing region's own clock, which made the end. */
export const isHoldOver = ({ placement, nowMs }: Sight) => nowMs >= placement.holdEndsAtMs;

/** There is no money to promise, to take or to give back. */
export const costsNothing = ({ placement }: Sight) => placement.totalMinor === 0;

/** Asks the provider again a little later. */
export const retryLater = ({ nowMs }: Sight): OrderStep => wait("provider", nowMs + orderDueAfterMs);

/** Whether the payment is known, and not only asked for. */
export const isPayment = (payment: PaymentSight | undefined): payment is Payment =>
  payment !== undefined && payment !== "out-of-reach";

/** Names the payment that was claimed. Throws before there is one. */
export function attemptOf({ replicas, progress }: Sight) {
  const { paymentId } = progress;
  if (paymentId === undefined) {
    throw new Error(`${replicas.orderId}: no payment was claimed`);
  }
  return { orderId: replicas.orderId, paymentId, attempt: paymentAttempt };
}
