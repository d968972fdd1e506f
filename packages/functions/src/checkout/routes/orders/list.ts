import {
  err,
  isOrderId,
  type Order,
  type OrderId,
  ok,
  type Result,
  type ShopperSession,
  type StoredItem,
  viewOrder,
} from "@antipode/core";
import type { Exchange, Outcome } from "../../../api/exchange.ts";
import { type Problem, readProblem, storageProblem } from "../../../api/problems.ts";
import { orderToBody } from "../../../orders/order-answer.ts";
import { readOrder } from "../../../orders/read-order.ts";
import type { CheckoutDeps } from "../../deps.ts";
import type { OrdersQuery } from "./contract.ts";

/** `<13 digits of ms>#<order id>`, as the index sorts. */
const cursorPattern = /^[0-9]{13}#ord_[0-9A-Z_]{1,60}$/;

function idOf(item: StoredItem): OrderId | undefined {
  const id = item.pk.startsWith("ORDER#") ? item.pk.slice("ORDER#".length) : "";
  return isOrderId(id) ? id : undefined;
}

async function readShown(
  deps: CheckoutDeps,
  id: OrderId,
  requestId: string,
): Promise<Result<Order | undefined, Problem>> {
  const replicas = await readOrder(deps, id);
  if (!replicas.ok && replicas.error.type === "item-not-understood") {
    // One bad order must not hide the others; its own page says 500, and the log names it.
    deps.log.error("order left out of a listing", { requestId, cause: replicas.error });
    return ok(undefined);
  }
  if (!replicas.ok) {
    return err(readProblem(replicas.error));
  }
  const sight = viewOrder(replicas.value);
  return ok(sight.type === "order" ? sight.order : undefined);
}

/** Each placement, and each witness of one, is in the index at once: an order is listed as soon as its region has heard of it. */
export async function handleListOrders(
  deps: CheckoutDeps,
  { query, session, requestId }: Exchange<object, OrdersQuery, undefined> & { session: ShopperSession },
): Promise<Outcome> {
  const { cursor, limit } = query;
  if (cursor !== undefined && !cursorPattern.test(cursor)) {
    return err({
      name: "malformed-request",
      detail: "The cursor is not from an earlier page of this listing.",
    });
  }
  const found = await deps.items.queryIndex("byShopper", {
    value: session.shopper,
    descending: true,
    limit: limit + 1, // one more tells whether there is a next page
    ...(cursor === undefined ? {} : { beyond: { side: "below", rangeKey: cursor } }),
  });
  if (!found.ok) {
    return err(storageProblem(found.error));
  }
  const ids = [...new Set(found.value.slice(0, limit).flatMap((item) => idOf(item) ?? []))];
  const orders = await Promise.all(ids.map((id) => readShown(deps, id, requestId)));
  const bodies = [];
  for (const order of orders) {
    if (!order.ok) {
      return order;
    }
    if (order.value !== undefined) {
      bodies.push(orderToBody(order.value));
    }
  }
  const last = found.value[limit - 1]?.["listedAt"];
  const next = found.value.length > limit && typeof last === "string" ? last : null;
  return ok({
    status: 200,
    body: { items: bodies, next },
    headers: { "Cache-Control": "private, no-store" },
  });
}
