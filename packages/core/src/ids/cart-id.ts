import { err, ok, type Result } from "../result/result.ts";
import { type Brand, type MalformedText, malformed } from "./brand.ts";
import { isUlid, type Ulid, ulidPattern } from "./ulid.ts";

/** An anonymous or known shopper: the `sub` of the session token. */
export type ShopperId = Ulid & Brand<"ShopperId">;

/** `crt_<shopper>_<cart>`: bound to its shopper, so that any region can verify ownership without a read. */
export type CartId = Brand<"CartId">;

const wholeCartId = new RegExp(`^crt_${ulidPattern}_${ulidPattern}$`);
const prefixChars = 4;
const ulidChars = 26;

export function isShopperId(text: string): text is ShopperId {
  return isUlid(text);
}

export function isCartId(text: string): text is CartId {
  return wholeCartId.test(text);
}

export function parseCartId(text: string): Result<CartId, MalformedText> {
  return isCartId(text) ? ok(text) : err(malformed("a cart id", text));
}

export function makeCartId(shopper: ShopperId, cart: Ulid): CartId {
  const text = `crt_${shopper}_${cart}`;
  if (!isCartId(text)) {
    throw new Error(`not a cart id: ${text}`);
  }
  return text;
}

export function cartShopper(id: CartId): ShopperId {
  const text = id.slice(prefixChars, prefixChars + ulidChars);
  if (!isShopperId(text)) {
    throw new Error(`not a shopper id: ${text}`);
  }
  return text;
}

/** The cart's own ULID, which holds when it was made. */
export function cartUlid(id: CartId): Ulid {
  const text = id.slice(-ulidChars);
  if (!isUlid(text)) {
    throw new Error(`not a ULID: ${text}`);
  }
  return text;
}
