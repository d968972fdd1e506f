import {
  type Cart,
  type CartId,
  type CartItem,
  type CartReplicas,
  err,
  itemToCart,
  ok,
  type Result,
  replicasOf,
  type StoredItem,
  vectorToEtag,
} from "@antipode/core";
import type { Answer } from "../../exchange.ts";
import { notUnderstoodProblem, type Problem } from "../../problems.ts";

/** Reads the items of a cart's partition, in any order, repeats and old versions included. */
export function readReplicas(items: readonly StoredItem[]): Result<CartReplicas, Problem> {
  const decoded: CartItem[] = [];
  for (const item of items) {
    const cart = itemToCart(item);
    if (!cart.ok) {
      return err(notUnderstoodProblem(cart.error));
    }
    decoded.push(cart.value);
  }
  return ok(replicasOf(decoded));
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

/** The answer of a change: the cart as it is by then. */
export function changedAnswer(
  id: CartId,
  cart: Cart,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const { etag, answer } = cartAnswer(id, cart);
  return { ...answer, headers: { ...answer.headers, ...headers, ETag: etag } };
}
