import {
  type Cart,
  type CartId,
  type CartItem,
  err,
  type ItemNotUnderstood,
  itemToCart,
  ok,
  type Result,
  replicasOf,
  type StoredItem,
  vectorToEtag,
  viewCart,
} from "@antipode/core";
import type { Answer } from "../../exchange.ts";

/** Merges the items of a cart's partition, in any order, repeats and old versions included. */
export function mergeItems(items: readonly StoredItem[]): Result<Cart, ItemNotUnderstood> {
  const decoded: CartItem[] = [];
  for (const item of items) {
    const cart = itemToCart(item);
    if (!cart.ok) {
      return err(cart.error);
    }
    decoded.push(cart.value);
  }
  return ok(viewCart(replicasOf(decoded)));
}

/** A cart is one shopper's: no shared cache may keep it, and a browser asks again each time. */
export function cartAnswer(id: CartId, cart: Cart) {
  return {
    etag: vectorToEtag(cart.vector),
    answer: {
      status: 200,
      body: { id, generation: cart.generation, lines: cart.lines },
      headers: { "Cache-Control": "private, no-cache" },
    } satisfies Answer,
  };
}
