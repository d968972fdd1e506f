import { type MalformedText, malformed } from "../ids/brand.ts";
import { isProductId, type ProductId } from "../ids/product-ids.ts";
import { err, ok, type Result } from "../result/result.ts";
import { type Category, categorySlugs, isCategory } from "./categories.ts";

/** Where a listing goes on: behind this product of this category. */
export interface ListingPosition {
  readonly category: Category;
  readonly after: ProductId;
}

export const listingLimitMax = 100;
export const listingLimitDefault = 20;

/** The cursor's text, for example `audio:amber-headphones-001`. Clients treat it as opaque. */
export function positionToCursor(position: ListingPosition): string {
  return `${position.category}:${position.after}`;
}

export function cursorToPosition(cursor: string): Result<ListingPosition, MalformedText> {
  const [category = "", after = "", ...rest] = cursor.split(":");
  return rest.length === 0 && isCategory(category) && isProductId(after)
    ? ok({ category, after })
    : err(malformed("a cursor from an earlier page", cursor));
}

/**
 * The categories that a listing still has to walk, the current one first. Without a category it walks all ten in
 * order: an index partition of all products would be one hot partition.
 */
export function categoriesToWalk(
  category: Category | undefined,
  position: ListingPosition | undefined,
): readonly Category[] {
  if (category !== undefined) {
    return [category];
  }
  return position === undefined
    ? categorySlugs
    : categorySlugs.slice(categorySlugs.indexOf(position.category));
}
