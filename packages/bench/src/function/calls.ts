import { cannedCart, cannedProduct } from "../store/canned.ts";
import { cartIdAt, operationIdAt, productIdAt, skuAt } from "../store/sample-shop.ts";
import type { BenchRequest } from "./requests.ts";
import { cartToken } from "./tokens.ts";

/** The calls that every form of the shop answers alike. */
export function comparedCalls(nowMs: number) {
  const cart = cartIdAt(nowMs, cannedCart);
  const headers = {
    authorization: `Bearer ${cartToken(cart, nowMs)}`,
    "idempotency-key": operationIdAt(nowMs, 5_000),
  };
  return {
    "product read": { method: "GET", path: `/v1/products/${productIdAt(cannedProduct)}` },
    "add to cart": {
      method: "POST",
      path: `/v1/carts/${cart}/lines`,
      headers,
      body: { sku: skuAt(1), quantity: 2 },
    },
    "list of regions": { method: "GET", path: "/v1/regions" },
  } as const satisfies Readonly<Record<string, BenchRequest>>;
}
