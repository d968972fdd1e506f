import type { BenchRequest } from "../function/requests.ts";
import { adminToken, cartToken } from "../function/tokens.ts";
import { operationIdAt, productIdAt, sampleProduct, skuAt } from "../store/sample-shop.ts";
import { cartsAt } from "./shop-content.ts";

/** The API's calls that touch the store, in the order in which they are made. */
export function apiCalls(nowMs: number) {
  const { own, guest } = cartsAt(nowMs);
  const shopper = { authorization: `Bearer ${cartToken(own, nowMs)}` };
  const operation = (number: number) => ({ "idempotency-key": operationIdAt(nowMs, 9_000 + number) });
  const product = productIdAt(3);
  const [variant] = sampleProduct(3).variants;
  return {
    "product read": { method: "GET", path: `/v1/products/${product}` },
    "listing page of 20": { method: "GET", path: "/v1/products?category=home&limit=20" },
    "cart read": { method: "GET", path: `/v1/carts/${own}`, headers: shopper },
    "add to cart": {
      method: "POST",
      path: `/v1/carts/${own}/lines`,
      headers: { ...shopper, ...operation(1) },
      body: { sku: skuAt(1), quantity: 2 },
    },
    "set quantity": {
      method: "PUT",
      path: `/v1/carts/${own}/lines/${skuAt(2)}`,
      headers: { ...shopper, ...operation(2) },
      body: { quantity: 4 },
    },
    "remove line": {
      method: "DELETE",
      path: `/v1/carts/${own}/lines/${skuAt(3)}`,
      headers: { ...shopper, ...operation(3) },
    },
    "merge of a guest's cart": {
      method: "POST",
      path: `/v1/carts/${own}/merge`,
      headers: { ...shopper, ...operation(4) },
      body: { cart: guest, token: cartToken(guest, nowMs) },
    },
    "price edit": {
      method: "PUT",
      path: `/v1/products/${product}/prices/${variant?.sku}/EUR`,
      headers: { authorization: `Bearer ${adminToken(nowMs)}`, ...operation(5) },
      body: { amountMinor: 3_900 },
    },
  } as const satisfies Readonly<Record<string, BenchRequest>>;
}

export type ApiCall = keyof ReturnType<typeof apiCalls>;
