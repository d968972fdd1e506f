import { isSku } from "@antipode/core";
import type { Outcome } from "../../../api/exchange.ts";
import { operationRoute, type Route } from "../../../api/route.ts";
import { openCart } from "../../../api/routes/carts/access.ts";
import { type CheckoutAsk, checkoutRequest, type SeenLine } from "../../ask.ts";
import type { CheckoutDeps } from "../../deps.ts";
import { inTime } from "../../in-time.ts";
import { place } from "../../place.ts";
import { settle } from "../../settle.ts";
import { settledAnswer } from "./answer.ts";
import { type CheckoutBody, checkout } from "./contract.ts";

function seenLines(body: CheckoutBody): readonly SeenLine[] {
  return body.lines.map(({ sku, quantity, unitMinor }) => {
    if (!isSku(sku)) {
      throw new Error("the contract let through what is no SKU");
    }
    return { sku, quantity, unitMinor };
  });
}

async function checkOut(deps: CheckoutDeps, ask: CheckoutAsk): Promise<Outcome> {
  const placed = await place(deps, ask);
  if (!placed.ok) {
    return placed;
  }
  if (placed.value.allocation !== undefined) {
    deps.measurements.record("OrderFacts", [1], { fact: "placed" }); // by this request, and not by one before it
  }
  const settled = await settle(deps, placed.value);
  return settled.ok ? settledAnswer(settled.value, placed.value.headers) : settled;
}

/** Checking out a cart. */
export function createCheckoutRoutes(deps: CheckoutDeps): readonly Route[] {
  return [
    operationRoute(checkout, async ({ params, session, nowMs, operationId, body, consistency }) => {
      const cartId = openCart(params.cartId, session, nowMs);
      const answer = cartId.ok
        ? await inTime(deps, nowMs, (timed) =>
            checkOut(timed, {
              cartId: cartId.value,
              generation: body.generation,
              operationId,
              requestDigest: checkoutRequest(cartId.value, body),
              currency: body.currency,
              lines: seenLines(body),
              ...(body.paymentMethod === undefined ? {} : { method: body.paymentMethod }),
              durability: body.durability,
              acceptPartial: body.acceptPartial,
              ...(consistency === undefined ? {} : { wish: consistency }),
            }),
          )
        : cartId;
      if (!answer.ok) {
        deps.measurements.record("CheckoutsRefused", [1], { reason: answer.error.name });
      }
      return answer;
    }),
  ];
}
