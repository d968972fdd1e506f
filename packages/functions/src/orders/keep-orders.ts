import {
  err,
  isOrderId,
  type OrderId,
  type OrderReplicas,
  type Origin,
  ok,
  ownerOf,
  paidTwice,
  requestTypes,
} from "@antipode/core";
import type { DispatchFailure, HandleGroup } from "../dispatcher/create-dispatcher.ts";
import type { StreamChange } from "../dispatcher/record.ts";
import { advanceOrder } from "./advance.ts";
import type { AdvancingDeps } from "./deps.ts";

/**
 * What others say of an order may be the owner's to answer, or end this region's own placement. A log is read as far as it has
 * no gap, so any entry may be the one that shows a request which arrived before it, whatever the entry itself says. A request
 * that this region took counts too: whoever took it may have died before answering. Own facts are in hand.
 */
function concernsOwner({ parsed, item }: StreamChange, me: Origin): boolean {
  if (parsed.writer !== me) {
    return parsed.kind !== "ALLOC";
  }
  return parsed.kind === "EVENT" && requestTypes.some((request) => request === item?.["type"]);
}

function orderOf(changes: readonly StreamChange[]): OrderId | undefined {
  const entity = changes[0]?.parsed.entity ?? "";
  return isOrderId(entity) ? entity : undefined;
}

/** Which payment is to stay depends on what was sent and on what the shopper was told: a person looks and decides. */
function sayPaidTwice({ deployment, measurements, log }: AdvancingDeps, replicas: OrderReplicas): void {
  const won = paidTwice(replicas);
  if (won.some(({ origin }) => origin === deployment.origin)) {
    measurements.record("OrdersPaidTwice", [1]);
    log.error("order has two payments", {
      orderId: replicas.orderId,
      shown: ownerOf(replicas),
      placements: won.map(({ origin, state, paymentId }) => ({ origin, state, payment: paymentId })),
    });
  }
}

/**
 * What another region says of an order brings this region's placement of it forward: it answers requests, and gives back
 * what it holds when it has lost. Where this region has placed nothing there is nothing to do.
 */
export function keepOrders(deps: AdvancingDeps): HandleGroup {
  return async (changes) => {
    const id = orderOf(changes);
    if (id === undefined) {
      return err({ reason: "not an order's partition" });
    }
    if (!changes.some((change) => concernsOwner(change, deps.deployment.origin))) {
      return ok(undefined);
    }
    const advanced = await advanceOrder(deps, id);
    if (advanced.ok) {
      sayPaidTwice(deps, advanced.value.replicas);
      return ok(undefined);
    }
    const failure: DispatchFailure = { reason: `order: ${advanced.error.step}`, cause: advanced.error.cause };
    return err(failure);
  };
}
