import type { Origin } from "../ids/origin.ts";
import type { OrderEvent } from "./events.ts";
import { logOf, type OrderReplicas } from "./replicas.ts";

/** Facts after which money has to go back, where everything may have been done long before. */
export function isReopening({ type }: OrderEvent): boolean {
  return type === "cancelled" || type === "returned";
}

/**
 * When nothing should be left to do for a region's own placement, given a provider and regions that answer: when its hold
 * ends, or where it was opened again later, then. ms since 1970 by the placing region's own clock. Nothing where the
 * region has none.
 */
export function shouldEndByMs(replicas: OrderReplicas, me: Origin): number | undefined {
  const placement = replicas.placed.get(me);
  if (placement === undefined) {
    return undefined;
  }
  const reopened = logOf(replicas, me).filter(({ event }) => isReopening(event));
  return Math.max(placement.holdEndsAtMs, ...reopened.map(({ atMs }) => atMs));
}
