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
  /** Checkouts that have ended, ordered or not: the number of the one that is open or comes next. */
  readonly generation: number;
  /** Whether a region's checkout of this generation is open: begun, and not known to have ended. */
  readonly checkoutOpen: boolean;
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

/** What any region cancelled. */
export function cancelledIds(replicas: CartReplicas): ReadonlySet<OperationId> {
  const cancelled = new Set<OperationId>();
  for (const item of replicas.values()) {
    for (const id of item.cancelled) {
      cancelled.add(id);
    }
  }
  return cancelled;
}

/** All operations minus all cancelled ones; the markers of removals have no effect that could live. */
export function liveOperations(replicas: CartReplicas): ReadonlyMap<OperationId, CartOperation> {
  const cancelled = cancelledIds(replicas);
  const live = new Map<OperationId, CartOperation>();
  for (const item of replicas.values()) {
    for (const [id, operation] of item.operations) {
      if (!cancelled.has(id)) {
        live.set(id, settle(live.get(id), operation));
      }
    }
  }
  for (const [id, { kind }] of live) {
    if (kind === "-") {
      live.delete(id);
    }
  }
  return live;
}

interface LineParts {
  readonly sku: Sku;
  set: number;
  added: number;
}

/** Of each SKU: the largest live `=` plus the sum of the live `+`. */
export function linesOf(operations: Iterable<CartOperation>): readonly CartLine[] {
  const partsBySku = new Map<Sku, LineParts>();
  for (const { sku, kind, quantity } of operations) {
    let parts = partsBySku.get(sku);
    if (parts === undefined) {
      parts = { sku, set: 0, added: 0 };
      partsBySku.set(sku, parts);
    }
    if (kind === "=") {
      parts.set = Math.max(parts.set, quantity);
    } else {
      parts.added += quantity;
    }
  }
  const lines: CartLine[] = [];
  for (const { sku, set, added } of partsBySku.values()) {
    if (set + added > 0) {
      lines.push({ sku, quantity: set + added });
    }
  }
  return lines.sort((left, right) => (left.sku < right.sku ? -1 : 1));
}

/** The counters of the items that were merged. */
export function vectorOf(replicas: CartReplicas): VersionVector {
  const vector: Record<Origin, number> = {};
  for (const [origin, item] of replicas) {
    vector[origin] = Math.max(vectorEntry(vector, origin), item.counter);
  }
  return vector;
}

/** The highest generation that any region has reached. */
export function generationOf(replicas: CartReplicas): number {
  return Math.max(0, ...[...replicas.values()].map((item) => item.generation));
}

/** Of the current generation, by origin, the operations that each region's checkout took. */
export function openCheckouts(replicas: CartReplicas): ReadonlyMap<Origin, ReadonlySet<OperationId>> {
  const generation = generationOf(replicas);
  const open = new Map<Origin, ReadonlySet<OperationId>>();
  for (const [origin, item] of replicas) {
    const taken = item.ordered.get(generation);
    if (taken !== undefined) {
      open.set(origin, taken);
    }
  }
  return open;
}

/** What the merged items amount to; the order in which they arrived does not matter. */
export function viewCart(replicas: CartReplicas): Cart {
  return {
    lines: linesOf(liveOperations(replicas).values()),
    generation: generationOf(replicas),
    checkoutOpen: openCheckouts(replicas).size > 0,
    vector: vectorOf(replicas),
  };
}
