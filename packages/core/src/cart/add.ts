import type { CartId } from "../ids/cart-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { Sku } from "../ids/product-ids.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { StoredItem } from "../items/item.ts";
import { isStringSet } from "../items/item.ts";
import type { Update } from "../ports/items.ts";
import { cartExpiresAtSeconds } from "./access.ts";
import type { CartReplicas } from "./cart.ts";
import {
  type CartOperation,
  mergeAttribute,
  operationAttribute,
  operationToStore,
  operationToText,
} from "./cart-item.ts";
import { type CartFull, fullOfCancelled, fullOfOperations } from "./change.ts";
import { type KnownBefore, knownBefore, mergeToText } from "./known.ts";
import { cancelledPerItemMax, operationsPerItemMax } from "./limits.ts";

export interface AddLine {
  readonly cartId: CartId;
  readonly operationId: OperationId;
  readonly sku: Sku;
  /** 1 to 99 */
  readonly quantity: number;
  readonly nowMs: number;
}

function operationOf(line: AddLine): CartOperation {
  return { sku: line.sku, kind: "+", quantity: line.quantity };
}

/** The one blind write of an add, on the own origin's item. Counted once however often it is sent. */
export function addUpdate(line: AddLine): Update {
  const attribute = operationAttribute(line.operationId);
  return {
    set: {
      [attribute]: operationToStore(operationOf(line)),
      touchedAt: line.nowMs,
      expiresAt: cartExpiresAtSeconds(line.cartId),
    },
    add: { v: 1, n: 1 },
    onlyIf: [
      { type: "absent", attribute },
      { type: "absent", attribute: mergeAttribute(line.operationId) },
      { type: "lacks", attribute: "x", member: line.operationId },
      { type: "below", attribute: "n", limit: operationsPerItemMax },
      { type: "fewer", attribute: "x", limit: cancelledPerItemMax },
    ],
  };
}

/**
 * Takes back an add that was just written, once it is seen that its id stands for something else in another region.
 * To cancel it would cancel that as well. Refused when a removal has dropped it since.
 */
export function withdrawUpdate(line: AddLine): Update {
  const attribute = operationAttribute(line.operationId);
  return {
    remove: [attribute],
    add: { v: 1, n: -1 },
    onlyIf: [{ type: "equals", attribute, value: operationToText(operationOf(line)) }],
  };
}

/** What other regions' items say of the add's id, if it is not this add. */
export function explainAddReuse(
  line: AddLine,
  replicas: CartReplicas,
  origin: Origin,
): (KnownBefore & { readonly type: "operation-id-reused" }) | undefined {
  const others = new Map([...replicas].filter(([at]) => at !== origin));
  const known = knownBefore(others, line.operationId, operationToText(operationOf(line)));
  return known?.type === "operation-id-reused" ? known : undefined;
}

export type AddRefusal =
  /** Taken before, live or cancelled since: the same answer as the first time. */
  | { readonly type: "done-already" }
  /** The id stands for another line. */
  | { readonly type: "operation-id-reused"; readonly taken: string }
  | CartFull
  /** None of the reasons can be seen in the item: it changed since. */
  | { readonly type: "unexplained" };

/** Why the store refused the write, from the item as it stood. */
export function explainAddRefusal(line: AddLine, item: StoredItem | undefined): AddRefusal {
  const merged = item?.[mergeAttribute(line.operationId)];
  if (typeof merged === "string") {
    return { type: "operation-id-reused", taken: mergeToText(merged) };
  }
  const taken = item?.[operationAttribute(line.operationId)];
  if (typeof taken === "string") {
    return taken === operationToText(operationOf(line))
      ? { type: "done-already" }
      : { type: "operation-id-reused", taken };
  }
  const cancelled = item?.["x"];
  if (isStringSet(cancelled) && cancelled.has(line.operationId)) {
    return { type: "done-already" };
  }
  const held = item?.["n"];
  if (typeof held === "number" && held >= operationsPerItemMax) {
    return fullOfOperations;
  }
  return isStringSet(cancelled) && cancelled.size >= cancelledPerItemMax
    ? fullOfCancelled
    : { type: "unexplained" };
}
