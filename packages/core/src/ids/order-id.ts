import { err, ok, type Result } from "../result/result.ts";
import { type Brand, type MalformedText, malformed } from "./brand.ts";
import { type CartId, cartShopper, isCartId, type ShopperId } from "./cart-id.ts";
import { ulidPattern } from "./ulid.ts";

/**
 * `ord_<shopper>_<cart>_<generation>`: of one generation of a cart there is one order id, so a retry anywhere names the
 * same order, and any region knows whose it is, and of which cart, without a read.
 */
export type OrderId = Brand<"OrderId">;

/** Checkouts of one cart; five digits keep the id within the 64 characters of a key's part. */
export const generationMax = 99_999;

const wholeOrderId = new RegExp(`^ord_(${ulidPattern}_${ulidPattern})_(0|[1-9][0-9]{0,4})$`);

export function isOrderId(text: string): text is OrderId {
  return wholeOrderId.test(text);
}

export function parseOrderId(text: string): Result<OrderId, MalformedText> {
  return isOrderId(text) ? ok(text) : err(malformed("an order id", text));
}

/** Throws on a generation that no cart reaches. */
export function makeOrderId(cart: CartId, generation: number): OrderId {
  const text = `ord_${cart.slice("crt_".length)}_${generation}`;
  if (!isOrderId(text)) {
    throw new Error(`not an order id: ${text}`);
  }
  return text;
}

function partsOf(id: OrderId): readonly [cart: CartId, generation: number] {
  const [, cart = "", generation = ""] = wholeOrderId.exec(id) ?? [];
  const cartId = `crt_${cart}`;
  if (!isCartId(cartId)) {
    throw new Error(`not an order id: ${id}`);
  }
  return [cartId, Number(generation)];
}

export function orderCart(id: OrderId): CartId {
  return partsOf(id)[0];
}

/** Which checkout of its cart the order is. */
export function orderGeneration(id: OrderId): number {
  return partsOf(id)[1];
}

export function orderShopper(id: OrderId): ShopperId {
  return cartShopper(orderCart(id));
}
