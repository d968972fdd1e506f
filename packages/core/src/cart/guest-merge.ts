import type { CartId } from "../ids/cart-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";
import { type CartReplicas, cancelledIds, liveOperations, openCheckouts } from "./cart.ts";
import type { CartOperation } from "./cart-item.ts";
import { type ChangePlan, limitPassed } from "./change.ts";
import { knownBefore, mergeToText } from "./known.ts";
import { operationsPerWriteMax } from "./limits.ts";
import { draftOwnChange } from "./own-change.ts";

export interface GuestMerge {
  readonly cartId: CartId;
  readonly operationId: OperationId;
  /** What was seen of the guest's cart. */
  readonly guest: CartReplicas;
  readonly nowMs: number;
}

/** The guest's live operations with units that no region's item of the cart knows, oldest id first. */
function missingOperations(
  replicas: CartReplicas,
  guest: CartReplicas,
): readonly [OperationId, CartOperation][] {
  const cancelled = cancelledIds(replicas);
  const items = [...replicas.values()];
  return [...liveOperations(guest)]
    .filter(([id, { quantity }]) => quantity > 0 && !cancelled.has(id))
    .filter(([id]) => !items.some((item) => item.operations.has(id)))
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

/**
 * Copies a guest's operations into the cart with their ids, so that a merge in two regions, or a second one for
 * stragglers, counts nothing twice. What the guest's cart cancelled comes first, all of it: another region may have
 * merged while it saw those operations live.
 *
 * One write takes a limited number of operations: apply it, merge the answered item and plan again until the answer
 * is `done-already`. The merge's id is written with the last of them, so a merge that was cut short goes on.
 */
export function planGuestMerge(
  replicas: CartReplicas,
  origin: Origin,
  { cartId, operationId, guest, nowMs }: GuestMerge,
): ChangePlan | { readonly type: "cart-in-checkout" } {
  const [guestItem] = guest.values();
  if (guestItem === undefined) {
    return { type: "done-already" }; // nothing was seen of it, so there is nothing to copy or to remember
  }
  const known = knownBefore(replicas, operationId, mergeToText(guestItem.cartId));
  if (known !== undefined) {
    return known;
  }
  const inGuest = knownBefore(guest, operationId, mergeToText(guestItem.cartId));
  if (inGuest?.type === "operation-id-reused") {
    return inGuest; // it would be copied under its own id, and be found in the way of the merge's half way through
  }
  if (openCheckouts(guest).size > 0) {
    return { type: "cart-in-checkout" }; // what is being paid for there must not be sold again here
  }
  const missing = missingOperations(replicas, guest);
  const draft = (operations: readonly (readonly [OperationId, CartOperation])[], last: boolean) =>
    draftOwnChange(replicas, origin, {
      cartId,
      nowMs,
      take: new Map(operations),
      cancel: cancelledIds(guest),
      ...(last ? { merge: { operationId, guest: guestItem.cartId } } : {}),
    });
  const full = limitPassed(draft(missing, true)); // nothing is copied of what does not fit as a whole
  if (full !== undefined) {
    return full;
  }
  const { update } = draft(missing.slice(0, operationsPerWriteMax), missing.length <= operationsPerWriteMax);
  return { type: "write", update };
}
