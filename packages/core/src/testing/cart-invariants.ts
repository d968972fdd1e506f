import { type CartItem, cartToItem, itemToCart } from "../cart/cart-item.ts";
import { isStringSet, type StoredItem } from "../items/item.ts";
import { canonicalText } from "./item-changes.ts";

/** Reads an item of the tests' own making. */
export function readCart(item: StoredItem): CartItem {
  const cart = itemToCart(item);
  if (!cart.ok) {
    throw new Error(JSON.stringify(cart.error));
  }
  return cart.value;
}

/** What must hold between two successive states of one item, whatever was written. */
export function itemFaults(before: StoredItem | undefined, after: StoredItem): readonly string[] {
  const old = before === undefined ? undefined : readCart(before);
  const cart = readCart(after);
  const cancelledBefore = old?.cancelled ?? new Set();
  const dropped = [...(old?.operations ?? [])].filter(([id]) => !cart.operations.has(id));
  const rules: readonly (readonly [string, boolean])[] = [
    ["the counter grows by one", cart.counter === (old?.counter ?? 0) + 1],
    ["the generation never goes back", cart.generation >= (old?.generation ?? 0)],
    ["n is what the item holds", after["n"] === cart.operations.size + cart.merges.size],
    ["a cancelled id stays", [...cancelledBefore].every((id) => cart.cancelled.has(id))],
    [
      "only cancelled operations are dropped",
      dropped.every(([id, { kind }]) => kind === "-" || cart.cancelled.has(id)),
    ],
    ["a checkout is of the item's generation", [...cart.ordered.keys()].every((g) => g === cart.generation)],
    ["a set is not empty", Object.values(after).every((value) => !isStringSet(value) || value.size > 0)],
    [
      "what is stored reads back",
      canonicalText(cartToItem(cart)) === canonicalText({ ...after, g: cart.generation }),
    ],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => `${after.sk}: ${rule}`);
}
