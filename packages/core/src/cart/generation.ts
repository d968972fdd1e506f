import type { CartId } from "../ids/cart-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { Update } from "../ports/items.ts";
import { type CartLine, type CartReplicas, generationOf, linesOf, liveOperations } from "./cart.ts";
import { draftOwnChange } from "./own-change.ts";

/*
 * A cart is checked out generation by generation. Each generation is decided once, elsewhere: ordered by one region
 * that began it, or failed. The invariant: an item of generation n holds in `x` every operation ordered before n. So
 * whoever has seen an item of the current generation sees nothing ordered as live, and can order nothing twice.
 */

export interface CheckoutStep {
  readonly cartId: CartId;
  /** Which checkout: the cart's generation as it was shown. */
  readonly generation: number;
  readonly nowMs: number;
}

interface Write {
  readonly type: "write";
  /** Conditional on the own item's counter. */
  readonly update: Update;
}

interface DoneAlready {
  readonly type: "done-already";
}

/** No item of that generation was seen, so what was ordered before it is not known: read the peers first. */
interface GenerationNotSeen {
  readonly type: "generation-not-seen";
  readonly current: number;
}

export type BeginPlan =
  | (Write & { readonly operations: ReadonlySet<OperationId>; readonly lines: readonly CartLine[] })
  /** This region's checkout of the generation is open: these are the operations that it took. */
  | (DoneAlready & { readonly operations: ReadonlySet<OperationId> })
  | { readonly type: "cart-empty" }
  | { readonly type: "generation-ended"; readonly current: number }
  | GenerationNotSeen;

/** Takes the live operations for this region's checkout. They stay live until the generation has been decided. */
export function planBegin(replicas: CartReplicas, origin: Origin, step: CheckoutStep): BeginPlan {
  const current = generationOf(replicas);
  if (current !== step.generation) {
    return { type: current > step.generation ? "generation-ended" : "generation-not-seen", current };
  }
  const begun = replicas.get(origin)?.ordered.get(current);
  if (begun !== undefined) {
    return { type: "done-already", operations: begun };
  }
  const live = liveOperations(replicas);
  const lines = linesOf(live.values());
  if (lines.length === 0) {
    return { type: "cart-empty" };
  }
  const operations = new Set(live.keys());
  const { update } = draftOwnChange(replicas, origin, {
    cartId: step.cartId,
    nowMs: step.nowMs,
    begin: operations,
  });
  return { type: "write", update, operations, lines };
}

export type EndPlan = Write | DoneAlready | GenerationNotSeen;

/** Raises the own item past the generation, with the operations that were ordered in it cancelled. */
function planEnd(
  replicas: CartReplicas,
  origin: Origin,
  { cartId, generation, nowMs }: CheckoutStep,
  ordered: Iterable<OperationId>,
): EndPlan {
  const current = generationOf(replicas);
  if ((replicas.get(origin)?.generation ?? 0) > generation) {
    return { type: "done-already" };
  }
  if (current < generation) {
    return { type: "generation-not-seen", current };
  }
  const { update } = draftOwnChange(replicas, origin, {
    cartId,
    nowMs,
    cancel: ordered,
    generation: Math.max(current, generation + 1),
  });
  return { type: "write", update };
}

/** The generation was ordered by the winner; this region's own checkout of it, if there is one, has lost. */
export function planOrdered(
  replicas: CartReplicas,
  origin: Origin,
  step: CheckoutStep & { readonly winner: Origin },
): EndPlan | { readonly type: "winner-not-seen"; readonly winner: Origin } {
  const ordered = replicas.get(step.winner)?.ordered.get(step.generation);
  if (ordered === undefined && generationOf(replicas) <= step.generation) {
    return { type: "winner-not-seen", winner: step.winner };
  }
  return planEnd(replicas, origin, step, ordered ?? []); // without the set, an item past the generation holds it in `x`
}

/** The generation was decided to order nothing, declined or cancelled: its operations stay live. */
export function planFailed(replicas: CartReplicas, origin: Origin, step: CheckoutStep): EndPlan {
  return planEnd(replicas, origin, step, []);
}
