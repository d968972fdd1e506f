import type { CartId } from "../ids/cart-id.ts";
import type { Origin } from "../ids/origin.ts";
import { type OperationId, ulidTimeMs } from "../ids/ulid.ts";
import type { ItemValue } from "../items/item.ts";
import type { Update } from "../ports/items.ts";
import { cartExpiresAtSeconds } from "./access.ts";
import { type CartReplicas, cancelledIds, generationOf } from "./cart.ts";
import {
  type CartItem,
  type CartOperation,
  mergeAttribute,
  operationAttribute,
  operationToStore,
  orderedAttribute,
} from "./cart-item.ts";
import { markerKeptMs, markersPerItemMax, operationsPerWriteMax } from "./limits.ts";

/** What a region is about to say of a cart, beyond what its item says already. */
export interface OwnChange {
  readonly cartId: CartId;
  readonly nowMs: number;
  readonly take?: ReadonlyMap<OperationId, CartOperation>;
  readonly merge?: { readonly operationId: OperationId; readonly guest: CartId };
  readonly cancel?: Iterable<OperationId>;
  /** Operations that this region's checkout of the current generation takes. */
  readonly begin?: ReadonlySet<OperationId>;
  /** The generation that the item reaches; the highest one seen without. */
  readonly generation?: number;
}

export interface Draft {
  readonly update: Update;
  /** Operations and markers, and cancelled ids, that the item holds afterwards. */
  readonly held: number;
  readonly cancelled: number;
}

function markersOf(own: CartItem): readonly OperationId[] {
  const removals = [...own.operations].filter(([, { kind }]) => kind === "-").map(([id]) => id);
  return [...removals, ...own.merges.keys()].sort();
}

/** Markers whose ids the door refuses by now, and the oldest beyond what an item keeps. */
function markersToDrop(own: CartItem, nowMs: number): readonly OperationId[] {
  const markers = markersOf(own);
  const beyond = Math.max(0, markers.length + 1 - markersPerItemMax);
  return markers.filter((id, index) => index < beyond || nowMs - ulidTimeMs(id) > markerKeptMs);
}

/** Attributes that say nothing any more: own operations whose ids are cancelled here, and old markers. */
function toDrop(
  own: CartItem | undefined,
  cancel: ReadonlySet<OperationId>,
  nowMs: number,
): readonly string[] {
  if (own === undefined) {
    return [];
  }
  const cancelled = [...own.operations.keys()].filter((id) => own.cancelled.has(id) || cancel.has(id));
  const markers = markersToDrop(own, nowMs).map((id) =>
    own.merges.has(id) ? mergeAttribute(id) : operationAttribute(id),
  );
  return [...new Set([...cancelled.map(operationAttribute), ...markers])].slice(0, operationsPerWriteMax);
}

/**
 * The ids that the item's `x` gains. An item that is behind the highest generation takes over everything cancelled
 * that was seen: an item of generation n must hold all that was ordered before n. Own operations that another region
 * cancelled come along, so that they can be dropped.
 */
function toCancel(replicas: CartReplicas, own: CartItem | undefined, ids: Iterable<OperationId>) {
  const seen = cancelledIds(replicas);
  const behind = (own?.generation ?? 0) < generationOf(replicas);
  const taken = behind ? seen : [...(own?.operations.keys() ?? [])].filter((id) => seen.has(id));
  return new Set([...ids, ...taken].filter((id) => own?.cancelled.has(id) !== true));
}

function attributesToSet(change: OwnChange, generation: number): Record<string, ItemValue> {
  const operations = [...(change.take ?? [])].map(
    ([id, operation]) => [operationAttribute(id), operationToStore(operation)] as const,
  );
  return {
    ...Object.fromEntries(operations),
    ...(change.merge === undefined ? {} : { [mergeAttribute(change.merge.operationId)]: change.merge.guest }),
    ...(change.begin === undefined ? {} : { [orderedAttribute(generation)]: change.begin }),
    touchedAt: change.nowMs,
    expiresAt: cartExpiresAtSeconds(change.cartId),
  };
}

/**
 * The one write that makes a change, on the own item as it was seen: it holds only while nobody else wrote it, so
 * that `n` and the generation stay exact. What the item no longer needs goes in the same write.
 */
export function draftOwnChange(replicas: CartReplicas, origin: Origin, change: OwnChange): Draft {
  const own = replicas.get(origin);
  const generation = change.generation ?? generationOf(replicas);
  const cancel = toCancel(replicas, own, change.cancel ?? []);
  const drop = toDrop(own, cancel, change.nowMs);
  const ended = [...(own?.ordered.keys() ?? [])].filter((begun) => begun < generation).map(orderedAttribute);
  const gained = (change.take?.size ?? 0) + (change.merge === undefined ? 0 : 1);
  const held = (own?.operations.size ?? 0) + (own?.merges.size ?? 0) - drop.length + gained;
  const remove = [...drop, ...ended];
  return {
    update: {
      set: {
        ...attributesToSet(change, generation),
        n: held,
        ...(generation === (own?.generation ?? 0) ? {} : { g: generation }),
      },
      ...(remove.length > 0 ? { remove } : {}),
      add: { v: 1, ...(cancel.size > 0 ? { x: cancel } : {}) },
      onlyIf: [
        own === undefined
          ? { type: "absent", attribute: "v" }
          : { type: "equals", attribute: "v", value: own.counter },
      ],
    },
    held,
    cancelled: (own?.cancelled.size ?? 0) + cancel.size,
  };
}
