import { type Origin, type Product, productToItems, toAttributes } from "@antipode/core";
import type { Item } from "../engine/item-change.ts";

/** What a table import puts into every region's `Catalog` and `Views`: the same items everywhere. */
export interface SeedItems {
  readonly catalog: readonly Item[];
  readonly views: readonly Item[];
}

export interface SeedItemsOptions {
  /** Who counts as the writer of the products: the home region's origin. */
  readonly origin: Origin;
  /** When they count as written, in ms since 1970: before anything that happens in the world. */
  readonly writtenAtMs: number;
}

/** The products as table items in DynamoDB's JSON form. */
export function seedItems(
  products: readonly Product[],
  { origin, writtenAtMs }: SeedItemsOptions,
): SeedItems {
  const items = products.map((product) =>
    productToItems(product, origin, { ms: writtenAtMs, counter: 0, origin }),
  );
  return {
    catalog: items.map(({ catalog }) => toAttributes(catalog)),
    views: items.map(({ view }) => toAttributes(view)),
  };
}
