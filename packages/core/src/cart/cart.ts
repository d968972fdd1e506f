import { type VersionVector, vectorEntry } from "../clock/version-vector.ts";
import type { Origin } from "../ids/origin.ts";
import type { Sku } from "../ids/product-ids.ts";
import type { OperationId } from "../ids/ulid.ts";
import { type CartItem, type CartOperation, operationToText } from "./cart-item.ts";

/** The newest known item of each origin: the state that merging joins. */
export type CartReplicas = ReadonlyMap<Origin, CartItem>;

export interface CartLine {
  readonly sku: Sku;
  readonly quantity: number;
}

/** A cart as its shopper sees it. */
export interface Cart {
  /** By SKU in code-unit order, each with at least one unit. */
  readonly lines: readonly CartLine[];
  readonly generation: number;
  readonly vector: VersionVector;
}

export const noReplicas: CartReplicas = new Map();

function newer(left: CartItem | undefined, right: CartItem): CartItem {
  return left === undefined || right.counter > left.counter ? right : left;
}

/**
 * Joins what two places know of one cart: for each origin its newest item. An item has one writer and replicates
 * whole, so the higher counter contains the lower. Idempotent, commutative, associative.
 */
export function mergeReplicas(left: CartReplicas, right: CartReplicas): CartReplicas {
  const merged = new Map(left);
  for (const [origin, item] of right) {
    merged.set(origin, newer(merged.get(origin), item));
  }
  return merged;
}

export function replicasOf(items: Iterable<CartItem>): CartReplicas {
  const replicas = new Map<Origin, CartItem>();
  for (const item of items) {
    replicas.set(item.origin, newer(replicas.get(item.origin), item));
  }
  return replicas;
}

/** One id with two contents is a client's mistake; every region settles it the same way, by the greater text. */
function settle(left: CartOperation | undefined, right: CartOperation): CartOperation {
  return left === undefined || operationToText(right) > operationToText(left) ? right : left;
}

/** All operations minus all cancelled ones. */
export function liveOperations(replicas: CartReplicas): ReadonlyMap<OperationId, CartOperation> {
  const live = new Map<OperationId, CartOperation>();
  for (const item of replicas.values()) {
    for (const [id, operation] of item.operations) {
      live.set(id, settle(live.get(id), operation));
    }
  }
  for (const item of replicas.values()) {
    for (const id of item.cancelled) {
      live.delete(id);
    }
  }
  return live;
}

/** Of each SKU: the largest live `=` plus the sum of the live `+`. */
function linesOf(operations: Iterable<CartOperation>): readonly CartLine[] {
  const set = new Map<Sku, number>();
  const added = new Map<Sku, number>();
  for (const { sku, kind, quantity } of operations) {
    if (kind === "=") {
      set.set(sku, Math.max(set.get(sku) ?? 0, quantity));
    } else {
      added.set(sku, (added.get(sku) ?? 0) + quantity);
    }
  }
  const skus = [...new Set([...set.keys(), ...added.keys()])].sort();
  return skus
    .map((sku) => ({ sku, quantity: (set.get(sku) ?? 0) + (added.get(sku) ?? 0) }))
    .filter((line) => line.quantity > 0);
}

/** The counters of the items that were merged. */
export function vectorOf(replicas: CartReplicas): VersionVector {
  const vector: Record<Origin, number> = {};
  for (const [origin, item] of replicas) {
    vector[origin] = Math.max(vectorEntry(vector, origin), item.counter);
  }
  return vector;
}

/** What the merged items amount to; the order in which they arrived does not matter. */
export function viewCart(replicas: CartReplicas): Cart {
  const generations = [...replicas.values()].map((item) => item.generation);
  return {
    lines: linesOf(liveOperations(replicas).values()),
    generation: Math.max(0, ...generations),
    vector: vectorOf(replicas),
  };
}
