import { type CartId, cartShopper, cartUlid } from "../ids/cart-id.ts";
import { ulidTimeMs } from "../ids/ulid.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { ShopperSession } from "../session/session.ts";

/** A cart takes writes for this long after it was made; shoppers come back after weeks, not after months. */
export const cartLifetimeMs = 60 * 24 * 60 * 60 * 1000;

/** TTL deletes in any region and the deletion replicates: seven days after the last write anyone could still make. */
const expiryGraceMs = 7 * 24 * 60 * 60 * 1000;

/**
 * How far ahead a cart's id may be. A region makes it, and a region whose clock runs ahead must not make carts that
 * the others refuse. No more than that: a cart's time tells whether the payment provider may have forgotten its orders' keys,
 * and of the four hours that leaves for clocks and cart ids (decision 0015) this is half.
 */
export const cartAheadMaxMs = 2 * 60 * 60 * 1000;

export function cartMadeAtMs(id: CartId): number {
  return ulidTimeMs(cartUlid(id));
}

/**
 * When a cart's items may go, in seconds since 1970. From the cart's id alone, so that all origins' items go at the
 * same time: one that went earlier would take acknowledged operations with it.
 */
export function cartExpiresAtSeconds(id: CartId): number {
  return Math.ceil((cartMadeAtMs(id) + cartLifetimeMs + expiryGraceMs) / 1000);
}

export type CartRefusal =
  | { readonly type: "cart-of-another-shopper" }
  | { readonly type: "cart-expired"; readonly expiredAtMs: number }
  /** No region can have made it. */
  | { readonly type: "cart-not-found" };

/** Whether this session may use this cart now, from the id alone: no read, in any region. */
export function authorizeCart(
  session: ShopperSession,
  cart: CartId,
  nowMs: number,
): Result<CartId, CartRefusal> {
  if (cartShopper(cart) !== session.shopper) {
    return err({ type: "cart-of-another-shopper" });
  }
  if (cartMadeAtMs(cart) > nowMs + cartAheadMaxMs) {
    return err({ type: "cart-not-found" }); // a made-up id of the far future would put off its deletion as far
  }
  const expiredAtMs = cartMadeAtMs(cart) + cartLifetimeMs;
  return nowMs > expiredAtMs ? err({ type: "cart-expired", expiredAtMs }) : ok(cart);
}
