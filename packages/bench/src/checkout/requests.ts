import { type CartId, type OrderId, replicasOf, viewCart } from "@antipode/core";
import type { BenchRequest } from "../function/requests.ts";
import { cartToken } from "../function/tokens.ts";
import { cartIdAt, operationIdAt, sampleCart, soldSkuAt } from "../store/sample-shop.ts";

/** A cart that is checked out: an ordinary one has a few lines. */
export interface Basket {
  readonly cart: CartId;
  readonly lines: number;
  readonly number: number;
}

/** Of the first basket's cart; the others follow. */
const firstCart = 30;

export const basketAt = (nowMs: number, number: number, lines: number): Basket => ({
  cart: cartIdAt(nowMs, firstCart + number),
  lines,
  number,
});

/** As the seed's first variant of each product costs. */
export const soldUnitMinor = 4_900;
export const soldCurrency = "EUR";
export const paymentMethod = "pm_card_visa";

/** The cart's items that were ever written: its lines were added in one region after the other. */
export function basketItems({ cart, lines, number }: Basket, nowMs: number) {
  return sampleCart(cart, nowMs, lines, 6_000 + 100 * number, soldSkuAt).filter(
    ({ operations }) => operations.size > 0,
  );
}

export function basketLines(basket: Basket, nowMs: number) {
  return viewCart(replicasOf(basketItems(basket, nowMs))).lines;
}

export const operationOf = ({ number }: Basket, nowMs: number) => operationIdAt(nowMs, 7_000 + number);

export function checkoutRequest(basket: Basket, nowMs: number): BenchRequest {
  return {
    method: "POST",
    path: `/v1/carts/${basket.cart}/checkout`,
    headers: {
      authorization: `Bearer ${cartToken(basket.cart, nowMs)}`,
      "idempotency-key": operationOf(basket, nowMs),
    },
    body: {
      generation: 0,
      currency: soldCurrency,
      lines: basketLines(basket, nowMs).map(({ sku, quantity }) => ({
        sku,
        quantity,
        unitMinor: soldUnitMinor,
      })),
      paymentMethod,
    },
  };
}

export function orderRequest(basket: Basket, order: OrderId, nowMs: number): BenchRequest {
  return {
    method: "GET",
    path: `/v1/orders/${order}`,
    headers: { authorization: `Bearer ${cartToken(basket.cart, nowMs)}` },
  };
}

export const availabilityRequest = (line: number): BenchRequest => ({
  method: "GET",
  path: `/v1/stock/${soldSkuAt(line)}`,
});
