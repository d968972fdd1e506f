/** What an attribute of a stored item may hold: plain data, no binary. A `Set` is a string set, never empty. */
export type ItemValue =
  | string
  | number
  | boolean
  | null
  | ReadonlySet<string>
  | readonly ItemValue[]
  | { readonly [name: string]: ItemValue };

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** One item of a table, as plain data. */
export type StoredItem = ItemKey & { readonly [attribute: string]: ItemValue };

/** When its origin wrote an item of a global table, in ms since 1970: what replication lag is measured from. */
export const touchedAtAttribute = "touchedAt";

/** An item that this code does not understand: corrupt, or written by a newer version. Never skipped in silence. */
export interface ItemNotUnderstood {
  readonly type: "item-not-understood";
  readonly key: ItemKey;
  /** The attribute at fault, or `pk` or `sk`. */
  readonly attribute: string;
  readonly reason: string;
}

export function notUnderstood(key: ItemKey, attribute: string, reason: string): ItemNotUnderstood {
  return { type: "item-not-understood", key: { pk: key.pk, sk: key.sk }, attribute, reason };
}

export function isItemMap(value: ItemValue | undefined): value is { readonly [name: string]: ItemValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Set);
}

export function isItemList(value: ItemValue | undefined): value is readonly ItemValue[] {
  return Array.isArray(value);
}

export function isStringSet(value: ItemValue | undefined): value is ReadonlySet<string> {
  return value instanceof Set;
}

/** A counter: an integer from 0 that JavaScript holds exactly. */
export function isCounter(value: ItemValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
