import { err, ok, type RequestType, vectorToEtag, viewOrder } from "@antipode/core";
import { tagged } from "../../../api/exchange.ts";
import {
  adminOperationRoute,
  askerOperationRoute,
  askerRoute,
  type Route,
  shopperRoute,
} from "../../../api/route.ts";
import { orderAnswer } from "../../../orders/order-answer.ts";
import type { CheckoutDeps } from "../../deps.ts";
import { inTime } from "../../in-time.ts";
import { cancelOrder, fulfilOrder, getOrder, listOrders } from "./contract.ts";
import { handleListOrders } from "./list.ts";
import { openOrder, orderNotFound } from "./open-order.ts";
import { handleRequest } from "./request.ts";
import { seeOrder } from "./see-order.ts";

const requestByFulfilment = {
  ship: "ship-requested",
  deliver: "deliver-requested",
  return: "return-requested",
} as const satisfies Readonly<Record<string, RequestType>>;

/** Reading, listing, cancelling and fulfilling orders. */
export function createOrderRoutes(deps: CheckoutDeps): readonly Route[] {
  return [
    shopperRoute(listOrders, (exchange) => handleListOrders(deps, exchange)),
    askerRoute(getOrder, async ({ params, asker, ifNoneMatch, consistency, nowMs }) => {
      const id = openOrder(params.orderId, asker);
      if (!id.ok) {
        return id;
      }
      const seen = await inTime(deps, nowMs, (timed) => seeOrder(timed, id.value, consistency));
      if (!seen.ok) {
        return seen;
      }
      const sight = viewOrder(seen.value.replicas);
      return sight.type === "order"
        ? ok(
            tagged(
              vectorToEtag(sight.order.vector),
              ifNoneMatch,
              orderAnswer(sight.order, 200, seen.value.headers),
            ),
          )
        : err(orderNotFound);
    }),
    askerOperationRoute(
      cancelOrder,
      async ({ params, asker, operationId, consistency, nowMs, requestId }) => {
        const id = openOrder(params.orderId, asker);
        if (!id.ok) {
          return id;
        }
        if ("operator" in asker) {
          const { operator } = asker;
          deps.log.info("an operator cancels an order", { requestId, operator, orderId: id.value });
        }
        const by = "operator" in asker ? ("operator" as const) : ("shopper" as const);
        const request = { type: "cancel-requested" as const, operationId, by };
        return inTime(deps, nowMs, (timed) => handleRequest(timed, id.value, request, consistency));
      },
    ),
    adminOperationRoute(
      fulfilOrder,
      async ({ params, body, operator, operationId, consistency, nowMs, requestId }) => {
        const id = openOrder(params.orderId, { operator });
        if (!id.ok) {
          return id;
        }
        deps.log.info("an operator fulfils an order", {
          requestId,
          operator,
          orderId: id.value,
          what: body.type,
        });
        const request = { type: requestByFulfilment[body.type], operationId, by: "operator" as const };
        return inTime(deps, nowMs, (timed) => handleRequest(timed, id.value, request, consistency));
      },
    ),
  ];
}
