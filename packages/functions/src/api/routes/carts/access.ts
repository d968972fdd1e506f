import { authorizeCart, type CartId, err, parseCartId, type Result, type Session } from "@antipode/core";
import type { Problem } from "../../problems.ts";

const notFound: Problem = { name: "cart-not-found", detail: "No region made a cart with this id." };

/** The cart of a path, when it is the session's own. */
export function openCart(text: string, session: Session, nowMs: number): Result<CartId, Problem> {
  const id = parseCartId(text);
  if (!id.ok) {
    return err(notFound);
  }
  const cart = authorizeCart(session, id.value, nowMs);
  if (cart.ok) {
    return cart;
  }
  switch (cart.error.type) {
    case "cart-not-found":
      return err(notFound);
    case "cart-of-another-shopper":
      return err({ name: "cart-of-another-shopper", detail: "Send the token that came with this cart." });
    case "cart-expired":
      return err({
        name: "cart-expired",
        detail: "Make a new cart.",
        members: { expiredAt: new Date(cart.error.expiredAtMs).toISOString() },
      });
  }
}
