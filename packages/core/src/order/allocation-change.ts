import type { Origin } from "../ids/origin.ts";
import type { ItemValue } from "../items/item.ts";
import type { Condition, TransactionWrite } from "../ports/items.ts";
import { type Allocation, allocationKey, dueAttributes } from "./alloc-item.ts";
import { type Append, appendFact } from "./append.ts";
import { eventKey } from "./event-item.ts";
import type { OrderFact } from "./events.ts";
import { orderDueAfterMs } from "./limits.ts";
import { isReopening } from "./overdue.ts";
import { logOf, type OrderReplicas } from "./replicas.ts";

/** Writes of one transaction, and the entry that they add to the own log, if any. */
export interface OrderChange {
  readonly entry?: Append["entry"];
  readonly writes: readonly TransactionWrite[];
}

/** What one region is about to write of its own placement. */
export interface OwnPlacement {
  readonly replicas: OrderReplicas;
  readonly me: Origin;
  readonly nowMs: number;
}

/** Throws where the region has none: the placing transaction wrote it with the placement. */
function ownAllocation({ replicas, me }: Pick<OwnPlacement, "replicas" | "me">): Allocation {
  const allocation = replicas.allocations.get(me);
  if (allocation === undefined) {
    throw new Error(`no allocation of ${me} for ${replicas.orderId}`);
  }
  return allocation;
}

function allocationUpdate(
  own: OwnPlacement,
  { set = {}, remove, onlyIf }: { set?: Record<string, ItemValue>; remove?: string[]; onlyIf: Condition },
): TransactionWrite {
  const { orderId, origin, attempt } = ownAllocation(own);
  return {
    type: "update",
    table: "Orders",
    key: allocationKey(orderId, origin, attempt),
    update: {
      set: { ...set, touchedAt: own.nowMs },
      ...(remove === undefined ? {} : { remove }),
      add: { v: 1 },
      onlyIf: [onlyIf],
    },
  };
}

/** Says a fact. Where it leaves something to do it opens the placement again, in the same transaction. */
export function planRecord(own: OwnPlacement, fact: OrderFact): OrderChange {
  const { entry, write } = appendFact(own.replicas, own.me, fact, own.nowMs);
  if (!isReopening(fact)) {
    return { entry, writes: [write] };
  }
  const open = allocationUpdate(own, {
    set: dueAttributes(own.me, own.nowMs + orderDueAfterMs),
    onlyIf: { type: "present", attribute: "v" },
  });
  return { entry, writes: [write, open] };
}

/**
 * Commits or releases the held units: the allocation's state and the entry that says so. The caller adds the cells, so
 * that units move once. Expiry, decline, supersede, cancel and commit exclude each other by the state.
 */
export function planAllocationChange(
  own: OwnPlacement,
  fact: Extract<OrderFact, { type: "committed" | "released" }>,
): OrderChange {
  const { entry, write } = appendFact(own.replicas, own.me, fact, own.nowMs);
  const change = allocationUpdate(own, {
    set: { state: fact.type },
    onlyIf: { type: "equals", attribute: "state", value: "held" },
  });
  return { entry, writes: [change, write] };
}

/** Takes the placement out of repair's sight, unless the own log has grown since it was seen. */
export function planClose(own: OwnPlacement): OrderChange {
  const next = logOf(own.replicas, own.me).length + 1;
  return {
    writes: [
      allocationUpdate(own, {
        remove: ["openBy", "dueAt"],
        onlyIf: { type: "present", attribute: "openBy" },
      }),
      {
        type: "check",
        table: "Orders",
        key: eventKey(own.replicas.orderId, own.me, next),
        onlyIf: [{ type: "absent", attribute: "v" }],
      },
    ],
  };
}

/** Repair looks again then, and not before its usual time. A closed placement stays closed. */
export function planPutOff(own: OwnPlacement, untilMs: number = 0): OrderChange {
  const dueAtMs = Math.max(own.nowMs + orderDueAfterMs, untilMs);
  return {
    writes: [
      allocationUpdate(own, {
        set: { dueAt: dueAttributes(own.me, dueAtMs).dueAt },
        onlyIf: { type: "present", attribute: "openBy" },
      }),
    ],
  };
}
