import type { CartId } from "../ids/cart-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { Sku } from "../ids/product-ids.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { Update } from "../ports/items.ts";
import { type CartReplicas, liveOperations } from "./cart.ts";
import { type CartOperation, operationToText } from "./cart-item.ts";
import { type KnownBefore, knownBefore } from "./known.ts";
import { cancelledPerItemMax, operationsPerItemMax } from "./limits.ts";
import { type Draft, draftOwnChange } from "./own-change.ts";

export interface CartFull {
  readonly type: "cart-full";
  /** What the item holds as many of as it may: operations and markers, or ids of cancelled operations. */
  readonly of: "operations" | "cancelled";
  readonly limit: number;
}

export const fullOfOperations: CartFull = {
  type: "cart-full",
  of: "operations",
  limit: operationsPerItemMax,
};
export const fullOfCancelled: CartFull = { type: "cart-full", of: "cancelled", limit: cancelledPerItemMax };

/**
 * What to do about a change, from what was seen of the cart. A `write` is conditional on the own item's counter: when
 * it is refused, merge the item that the refusal carries and plan again.
 */
export type ChangePlan = { readonly type: "write"; readonly update: Update } | KnownBefore | CartFull;

/** The limit that the item would pass, if any. Changes that add something keep it; removals always pass. */
export function limitPassed(draft: Draft): CartFull | undefined {
  if (draft.held > operationsPerItemMax) {
    return fullOfOperations;
  }
  return draft.cancelled > cancelledPerItemMax ? fullOfCancelled : undefined;
}

function liveOf(replicas: CartReplicas, sku: Sku): readonly OperationId[] {
  return [...liveOperations(replicas)].filter(([, operation]) => operation.sku === sku).map(([id]) => id);
}

export interface RemoveLine {
  readonly cartId: CartId;
  readonly operationId: OperationId;
  readonly sku: Sku;
  readonly nowMs: number;
}

/** Cancels every operation of the SKU that was seen, and no other. */
export function planRemove(replicas: CartReplicas, origin: Origin, change: RemoveLine): ChangePlan {
  const { cartId, operationId, sku, nowMs } = change;
  const marker: CartOperation = { sku, kind: "-", quantity: 0 };
  const known = knownBefore(replicas, operationId, operationToText(marker));
  if (known !== undefined) {
    return known;
  }
  const draft = draftOwnChange(replicas, origin, {
    cartId,
    nowMs,
    take: new Map([[operationId, marker]]),
    cancel: liveOf(replicas, sku),
  });
  return { type: "write", update: draft.update };
}

export interface SetLine extends RemoveLine {
  /** 0 to 99; 0 leaves nothing of what was seen. */
  readonly quantity: number;
}

/** Cancels every operation of the SKU that was seen, and says how many instead. */
export function planSet(replicas: CartReplicas, origin: Origin, change: SetLine): ChangePlan {
  const { cartId, operationId, sku, quantity, nowMs } = change;
  const operation: CartOperation = { sku, kind: "=", quantity };
  const known = knownBefore(replicas, operationId, operationToText(operation));
  if (known !== undefined) {
    return known;
  }
  const draft = draftOwnChange(replicas, origin, {
    cartId,
    nowMs,
    take: new Map([[operationId, operation]]),
    cancel: liveOf(replicas, sku),
  });
  return limitPassed(draft) ?? { type: "write", update: draft.update };
}

/**
 * Makes room in a full item: drops own operations that any region cancelled, and old markers, a limited number at a
 * time. Nothing where that would not help.
 */
export function planTidy(
  replicas: CartReplicas,
  origin: Origin,
  { cartId, nowMs }: { readonly cartId: CartId; readonly nowMs: number },
): Update | undefined {
  const own = replicas.get(origin);
  const draft = draftOwnChange(replicas, origin, { cartId, nowMs });
  const makesRoom = own !== undefined && draft.held < own.operations.size + own.merges.size;
  return makesRoom && draft.cancelled < cancelledPerItemMax ? draft.update : undefined;
}
