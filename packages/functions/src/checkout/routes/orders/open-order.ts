import { err, type OrderId, orderShopper, parseOrderId, type Result } from "@antipode/core";
import type { Problem } from "../../../api/problems.ts";
import type { Asker } from "../../../api/route.ts";

/** Also for what cannot be an order's id. */
export const orderNotFound: Problem = {
  name: "order-not-found",
  detail: "No order with this id was placed.",
};

/** The order of a path, when it is the shopper's own, or an operator asks. */
export function openOrder(text: string, asker: Asker): Result<OrderId, Problem> {
  const id = parseOrderId(text);
  if (!id.ok) {
    return err(orderNotFound);
  }
  return "session" in asker && orderShopper(id.value) !== asker.session.shopper
    ? err({ name: "order-of-another-shopper", detail: "Send the token of the shopper who placed it." })
    : id;
}
