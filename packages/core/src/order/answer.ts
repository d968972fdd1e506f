import type { Origin } from "../ids/origin.ts";
import type { Allocated } from "../stock/allocated.ts";
import type { PutWrite } from "./append.ts";
import type { Placement } from "./placed-item.ts";
import type { OrderReplicas } from "./replicas.ts";
import { witnessToItem } from "./witness-item.ts";

/** What a region does when it is asked to be a witness. */
export type WitnessPlan =
  | { readonly type: "write"; readonly write: PutWrite }
  | { readonly type: "done-already" }
  /** This region witnesses another placement of the order: ask a third one. */
  | { readonly type: "witness-taken"; readonly placement: Origin };

/** Keeps an own copy of another region's placement. Throws when asked to witness oneself. */
export function planWitness(
  replicas: OrderReplicas,
  me: Origin,
  seen: { readonly placement: Placement; readonly units: readonly Allocated[]; readonly nowMs: number },
): WitnessPlan {
  const { placement, units, nowMs } = seen;
  if (placement.origin === me) {
    throw new Error(`${me} cannot witness its own placement`);
  }
  const held = replicas.witnesses.get(me);
  if (held !== undefined) {
    return held.placement.origin === placement.origin
      ? { type: "done-already" }
      : { type: "witness-taken", placement: held.placement.origin };
  }
  return { type: "write", write: putOnce(witnessToItem({ witness: me, placement, units }, nowMs)) };
}

function putOnce(item: PutWrite["item"]): PutWrite {
  return { type: "put", table: "Orders", item, onlyIf: [{ type: "absent", attribute: "v" }] };
}
