import {
  authorizeCart,
  type CartId,
  type CartRefusal,
  err,
  parseCartId,
  type Result,
  type ShopperSession,
} from "@antipode/core";
import type { Problem } from "../../problems.ts";

const notFound: Problem = { name: "cart-not-found", detail: "No region made a cart with this id." };

export function cartRefusal(refusal: CartRefusal): Problem {
  switch (refusal.type) {
    case "cart-not-found":
      return notFound;
    case "cart-of-another-shopper":
      return { name: "cart-of-another-shopper", detail: "Send the token that came with this cart." };
    case "cart-expired":
      return {
        name: "cart-expired",
        detail: "Make a new cart.",
        members: { expiredAt: new Date(refusal.expiredAtMs).toISOString() },
      };
  }
}

/** The cart of a path, when it is the session's own. */
export function openCart(text: string, session: ShopperSession, nowMs: number): Result<CartId, Problem> {
  const id = parseCartId(text);
  if (!id.ok) {
    return err(notFound);
  }
  const cart = authorizeCart(session, id.value, nowMs);
  return cart.ok ? cart : err(cartRefusal(cart.error));
}
