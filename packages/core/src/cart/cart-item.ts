import type { CartId } from "../ids/cart-id.ts";
import { isCartId } from "../ids/cart-id.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import { isSku, type Sku } from "../ids/product-ids.ts";
import { isOperationId, type OperationId } from "../ids/ulid.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  isStringSet,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";

/**
 * `+` adds units; `=` says how many, and the largest concurrent one counts. `-` is the marker of a removal: of quantity
 * 0 and without effect on the value, it makes the removal's id known.
 */
export interface CartOperation {
  readonly sku: Sku;
  readonly kind: "+" | "=" | "-";
  readonly quantity: number;
}

/** All that one origin says of a cart: one item, so that its newest state contains all before. */
export interface CartItem {
  readonly cartId: CartId;
  readonly origin: Origin;
  /** Grows with every write: the vector's entry. */
  readonly counter: number;
  readonly generation: number;
  readonly operations: ReadonlyMap<OperationId, CartOperation>;
  /** The merges of guests' carts that this origin completed: markers as `-` is. */
  readonly merges: ReadonlyMap<OperationId, CartId>;
  /** Removed, or ordered in a generation that has ended. */
  readonly cancelled: ReadonlySet<OperationId>;
  /** By generation, the operations that this origin's checkout took; gone once the generation has ended here. */
  readonly ordered: ReadonlyMap<number, ReadonlySet<OperationId>>;
  readonly touchedAtMs: number;
  readonly expiresAtSeconds: number;
}

/** An `=` may say 0, a `+` may not, a `-` says nothing else; 99 is the most of one line that the shop sells at once. */
export const quantityMax = 99;

export function cartPartition(id: CartId): string {
  return `CART#${id}`;
}

export function cartKey(id: CartId, origin: Origin): ItemKey {
  return { pk: cartPartition(id), sk: `R#${origin}` };
}

export function operationAttribute(id: OperationId): string {
  return `o#${id}`;
}

export function mergeAttribute(id: OperationId): string {
  return `m#${id}`;
}

export function orderedAttribute(generation: number): string {
  return `k#${generation}`;
}

export function operationToText(operation: CartOperation): string {
  return `${operation.sku}|${operation.kind}|${operation.quantity}`;
}

const wholeQuantity = /^(?:0|[1-9][0-9]?)$/;

export function textToOperation(text: string): CartOperation | undefined {
  const bar = text.indexOf("|");
  const sku = text.slice(0, Math.max(0, bar));
  const kind = text[bar + 1];
  const digits = text[bar + 2] === "|" ? text.slice(bar + 3) : "";
  if (!isSku(sku) || !wholeQuantity.test(digits)) {
    return undefined;
  }
  const quantity = Number(digits);
  const fits = kind === "=" || (kind === "+" && quantity > 0) || (kind === "-" && quantity === 0);
  return fits ? { sku, kind, quantity } : undefined;
}

/** The text to store. Throws on what no region could read back: it would make the whole cart unreadable. */
export function operationToStore(operation: CartOperation): string {
  const text = operationToText(operation);
  if (textToOperation(text) === undefined) {
    throw new Error(`not an operation: ${text}`);
  }
  return text;
}

interface Parts {
  counter: number;
  generation: number;
  operations: Map<OperationId, CartOperation>;
  merges: Map<OperationId, CartId>;
  cancelled: ReadonlySet<OperationId>;
  ordered: Map<number, ReadonlySet<OperationId>>;
  touchedAtMs: number;
  expiresAtSeconds: number;
}

function isOperationIds(value: ItemValue): value is ReadonlySet<OperationId> {
  if (!isStringSet(value)) {
    return false;
  }
  for (const id of value) {
    if (!isOperationId(id)) {
      return false;
    }
  }
  return true;
}

/** Takes one attribute into `parts`; the answer says what was wrong with it. */
function readAttribute(parts: Parts, name: string, value: ItemValue): string | undefined {
  if (name.startsWith("o#")) {
    const id = name.slice(2);
    const operation = typeof value === "string" ? textToOperation(value) : undefined;
    if (!isOperationId(id) || operation === undefined) {
      return "not an operation";
    }
    parts.operations.set(id, operation);
    return undefined;
  }
  if (name.startsWith("m#")) {
    const id = name.slice(2);
    if (!isOperationId(id) || typeof value !== "string" || !isCartId(value)) {
      return "not a merge";
    }
    parts.merges.set(id, value);
    return undefined;
  }
  if (name === "x" || name.startsWith("k#")) {
    if (!isOperationIds(value)) {
      return "not a set of operation ids";
    }
    if (name === "x") {
      parts.cancelled = value;
      return undefined;
    }
    if (!/^k#(?:0|[1-9][0-9]{0,8})$/.test(name)) {
      return "not a generation";
    }
    parts.ordered.set(Number(name.slice(2)), value);
    return undefined;
  }
  return readCounter(parts, name, value);
}

const partByAttribute = {
  v: "counter",
  g: "generation",
  touchedAt: "touchedAtMs",
  expiresAt: "expiresAtSeconds",
} as const;

function readCounter(parts: Parts, name: string, value: ItemValue): string | undefined {
  if (!isCounter(value)) {
    return "not a counter";
  }
  if (name === "v" || name === "g" || name === "touchedAt" || name === "expiresAt") {
    parts[partByAttribute[name]] = value;
    return undefined;
  }
  return name === "n" ? undefined : "unknown attribute";
}

/** Reads one item of a cart's partition. An attribute that this code does not know is a failure, not a guess. */
export function itemToCart(item: StoredItem): Result<CartItem, ItemNotUnderstood> {
  const cartId = item.pk.startsWith("CART#") ? item.pk.slice(5) : "";
  const origin = item.sk.startsWith("R#") ? item.sk.slice(2) : "";
  if (!isCartId(cartId)) {
    return err(notUnderstood(item, "pk", "not a cart's key"));
  }
  if (!isOrigin(origin)) {
    return err(notUnderstood(item, "sk", "not an origin's key"));
  }
  const parts: Parts = {
    counter: 0,
    generation: 0,
    operations: new Map(),
    merges: new Map(),
    cancelled: new Set(),
    ordered: new Map(),
    touchedAtMs: 0,
    expiresAtSeconds: 0,
  };
  for (const name of Object.keys(item)) {
    const fault =
      name === "pk" || name === "sk" ? undefined : readAttribute(parts, name, item[name] as ItemValue);
    if (fault !== undefined) {
      return err(notUnderstood(item, name, fault));
    }
  }
  return parts.counter > 0
    ? ok({ cartId, origin, ...parts })
    : err(notUnderstood(item, "v", "an item that was written has a counter"));
}

/** Writes what `itemToCart` reads. Empty sets are left out: they cannot be stored. */
export function cartToItem(cart: CartItem): StoredItem {
  const operations = [...cart.operations].map(([id, operation]): [string, ItemValue] => [
    operationAttribute(id),
    operationToText(operation),
  ]);
  const merges = [...cart.merges].map(([id, guest]): [string, ItemValue] => [mergeAttribute(id), guest]);
  const ordered = [...cart.ordered]
    .filter(([, ids]) => ids.size > 0)
    .map(([generation, ids]): [string, ItemValue] => [orderedAttribute(generation), ids]);
  return {
    ...cartKey(cart.cartId, cart.origin),
    v: cart.counter,
    n: cart.operations.size + cart.merges.size,
    g: cart.generation,
    ...Object.fromEntries([...operations, ...merges]),
    ...(cart.cancelled.size > 0 ? { x: cart.cancelled } : {}),
    ...Object.fromEntries(ordered),
    touchedAt: cart.touchedAtMs,
    expiresAt: cart.expiresAtSeconds,
  };
}
