import { admitStamp, type Origin, type Product, productToItems, toAttributes } from "@antipode/core";
import type { Item } from "../engine/item-change.ts";

/** What a table import puts into every region's `Catalog` and `Views`: the same items everywhere. */
export interface SeedItems {
  readonly catalog: readonly Item[];
  readonly views: readonly Item[];
  /** For the same tables as the views. */
  readonly offers: readonly Item[];
}

export interface SeedItemsOptions {
  /** Who counts as the writer of the products: the home region's origin. */
  readonly origin: Origin;
  /** When they count as written, in ms since 1970: before anything that happens in the world. */
  readonly writtenAtMs: number;
  /** The world's time, in ms since 1970: an import of the future would win over every edit until then. */
  readonly nowMs: number;
}

/** The products as table items in DynamoDB's JSON form. Throws when they count as written in the future. */
export function seedItems(
  products: readonly Product[],
  { origin, writtenAtMs, nowMs }: SeedItemsOptions,
): SeedItems {
  const stamp = admitStamp({ ms: writtenAtMs, counter: 0, origin }, nowMs);
  if (!stamp.ok) {
    throw new Error(`the import's products count as written ${stamp.error.aheadMs} ms ahead`);
  }
  const items = products.map((product) => productToItems(product, origin, stamp.value));
  return {
    catalog: items.map(({ catalog }) => toAttributes(catalog)),
    views: items.map(({ view }) => toAttributes(view)),
    offers: items.flatMap(({ offers }) => offers.map(toAttributes)),
  };
}
