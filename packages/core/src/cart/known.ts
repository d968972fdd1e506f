import type { OperationId } from "../ids/ulid.ts";
import type { CartReplicas } from "./cart.ts";
import { operationToText } from "./cart-item.ts";

/** What an operation id stands for when it is a merge of that guest's cart. */
export function mergeToText(guest: string): string {
  return `merge|${guest}`;
}

export type KnownBefore =
  /** Taken before, here or in another region, live or cancelled since: the same answer as the first time. */
  | { readonly type: "done-already" }
  /** The id stands for something else. */
  | { readonly type: "operation-id-reused"; readonly taken: string };

/**
 * Whether any region's item knows the operation id, as far as they were seen. Of two contents the greater text counts,
 * as it does in the value. A cancelled operation may have been dropped with its content: its id alone is known.
 */
export function knownBefore(replicas: CartReplicas, id: OperationId, text: string): KnownBefore | undefined {
  let taken: string | undefined;
  let cancelled = false;
  for (const item of replicas.values()) {
    const operation = item.operations.get(id);
    const guest = item.merges.get(id);
    const texts = [
      ...(operation === undefined ? [] : [operationToText(operation)]),
      ...(guest === undefined ? [] : [mergeToText(guest)]),
    ];
    for (const found of texts) {
      taken = taken === undefined || found > taken ? found : taken;
    }
    cancelled ||= item.cancelled.has(id);
  }
  if (taken !== undefined && taken !== text) {
    return { type: "operation-id-reused", taken };
  }
  return taken !== undefined || cancelled ? { type: "done-already" } : undefined;
}
