import { err, type FactType, isOrderId, type OrderId, type Origin, ok, requestTypes } from "@antipode/core";
import type { DispatchFailure, HandleGroup } from "../dispatcher/create-dispatcher.ts";
import type { StreamChange } from "../dispatcher/record.ts";
import { advanceOrder } from "./advance.ts";
import type { SellingDeps } from "./deps.ts";

/** What another region says of its own placement and that changes nothing for anybody else's. */
const nobodysNews: ReadonlySet<unknown> = new Set<FactType>([
  "placed",
  "witnessed",
  "authorized",
  "declined",
  "captured",
  "voided",
  "cart-ended",
  "cancelled",
  "shipped",
  "delivered",
  "returned",
  "refunded",
  "rejected",
]);

/**
 * What others say of an order may be the owner's to answer, and who has won, with what became of its units, ends this region's
 * own placement. So may a request that this region took: whoever took it may have died before answering. Own facts are in hand.
 */
function concernsOwner({ parsed, item }: StreamChange, me: Origin): boolean {
  if (parsed.kind !== "EVENT") {
    return false;
  }
  const type = item?.["type"];
  return parsed.writer === me ? requestTypes.some((request) => request === type) : !nobodysNews.has(type);
}

function orderOf(changes: readonly StreamChange[]): OrderId | undefined {
  const entity = changes[0]?.parsed.entity ?? "";
  return isOrderId(entity) ? entity : undefined;
}

/**
 * What another region says of an order brings this region's placement of it forward: it answers requests, and gives back
 * what it holds when it has lost. Where this region has placed nothing there is nothing to do.
 */
export function keepOrders(deps: SellingDeps): HandleGroup {
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
      return ok(undefined);
    }
    const failure: DispatchFailure = { reason: `order: ${advanced.error.step}`, cause: advanced.error.cause };
    return err(failure);
  };
}
