import { textToVector, vectorToText } from "../clock/vector-text.ts";
import type { ProductId } from "../ids/product-ids.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  isItemList,
  isItemMap,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { itemBytes } from "../items/item-size.ts";
import { currencyCodes, type Money } from "../money/money.ts";
import { err, ok, type Result } from "../result/result.ts";
import { conflictToValue, readConflict } from "./conflict-item.ts";
import type { FieldConflict } from "./conflicts.ts";
import { fieldReaders } from "./fields.ts";
import type { ProductView } from "./fold.ts";
import type { Variant } from "./product.ts";
import { partitionToProductId, productPartition } from "./product-edits.ts";

export function viewKey(id: ProductId): ItemKey {
  return { pk: productPartition(id), sk: "VIEW" };
}

/** The place in a category's listing. The id never changes, so no edit moves a product past a reader's cursor. */
export function listKeyOf(id: ProductId): string {
  return id;
}

/** A product at all its limits takes some 110 KB of an item's 400; beyond this, conflicts are counted only. */
export const viewConflictsBytesMax = 200 * 1024;

/** The conflicts as far as they fit, in their order, and how many do not. None leave no trace in the item. */
function conflictsToValues({ conflicts, conflictsLeftOut = 0 }: ProductView) {
  const kept: ItemValue[] = [];
  let bytes = 0;
  for (const conflict of conflicts) {
    const value = conflictToValue(conflict);
    const size = itemBytes({ pk: "", sk: "", value });
    if (bytes + size <= viewConflictsBytesMax) {
      bytes += size;
      kept.push(value);
    }
  }
  const leftOut = conflictsLeftOut + conflicts.length - kept.length;
  return {
    ...(kept.length > 0 ? { conflicts: kept } : {}),
    ...(leftOut > 0 ? { conflictsLeftOut: leftOut } : {}),
  };
}

/** Amounts by currency. */
export function pricesToValue(prices: readonly Money[]): { readonly [currency: string]: number } {
  return Object.fromEntries(prices.map(({ currency, amountMinor }) => [currency, amountMinor]));
}

/** A view as the regional table keeps it. `version` is its vector's text: what a rebuild compares and swaps. */
export function viewToItem(view: ProductView): StoredItem {
  const { product, vector } = view;
  const variants = product.variants.map((variant) => ({
    sku: variant.sku,
    title: variant.title,
    prices: pricesToValue(variant.prices),
  }));
  return {
    ...viewKey(product.id),
    category: product.category,
    listKey: listKeyOf(product.id),
    version: vectorToText(vector),
    title: product.title,
    description: product.description,
    media: product.media.map(({ url, alt }) => ({ url, alt })),
    variants,
    ...conflictsToValues(view),
  };
}

function readConflicts(value: ItemValue | undefined): readonly FieldConflict[] | undefined {
  if (value === undefined) {
    return [];
  }
  const conflicts = isItemList(value) ? value.map(readConflict) : [undefined];
  return conflicts.every((conflict) => conflict !== undefined) ? conflicts : undefined;
}

/** Reads what `pricesToValue` writes. */
export function readPrices(value: ItemValue | undefined): readonly Money[] | undefined {
  if (!isItemMap(value)) {
    return undefined;
  }
  const prices: Money[] = [];
  for (const currency of currencyCodes) {
    const amountMinor = value[currency];
    if (isCounter(amountMinor)) {
      prices.push({ amountMinor, currency });
    }
  }
  return prices.length === Object.keys(value).length ? prices : undefined;
}

function readVariants(value: ItemValue | undefined): readonly Variant[] | undefined {
  const entries = value === undefined ? undefined : fieldReaders.variants(value);
  if (entries === undefined || !isItemList(value)) {
    return undefined;
  }
  const variants: Variant[] = [];
  for (const [index, entry] of entries.entries()) {
    const member = value[index];
    const prices = isItemMap(member) ? readPrices(member["prices"]) : undefined;
    if (prices === undefined) {
      return undefined;
    }
    variants.push({ ...entry, prices });
  }
  return variants;
}

/** Reads what `viewToItem` writes. */
export function itemToView(item: StoredItem): Result<ProductView, ItemNotUnderstood> {
  const id = partitionToProductId(item.pk);
  if (id === undefined || item.sk !== "VIEW") {
    return err(notUnderstood(item, "pk", "not a product view's key"));
  }
  const read = <T>(name: string, reader: (value: ItemValue) => T | undefined): T | undefined => {
    const value = item[name];
    return value === undefined ? undefined : reader(value);
  };
  const title = read("title", fieldReaders.title);
  const description = read("description", fieldReaders.description);
  const category = read("category", fieldReaders.category);
  const media = read("media", fieldReaders.media);
  const variants = read("variants", readVariants);
  const conflicts = readConflicts(item["conflicts"]);
  const leftOut = item["conflictsLeftOut"] ?? 0;
  const version = read("version", (value) => (typeof value === "string" ? textToVector(value) : undefined));
  if (
    title === undefined ||
    description === undefined ||
    category === undefined ||
    media === undefined ||
    variants === undefined ||
    conflicts === undefined ||
    !isCounter(leftOut) ||
    version?.ok !== true
  ) {
    const conflictsLeftOut = isCounter(leftOut) ? leftOut : undefined;
    const fields = { title, description, category, media, variants, conflicts, conflictsLeftOut };
    const fault = Object.entries(fields).find(([, value]) => value === undefined)?.[0] ?? "version";
    return err(notUnderstood(item, fault, "missing or not readable"));
  }
  return ok({
    product: { id, category, title, description, media, variants },
    vector: version.value,
    conflicts,
    ...(leftOut > 0 ? { conflictsLeftOut: leftOut } : {}),
  });
}
