import type { Stamp } from "../clock/stamp.ts";
import type { Origin } from "../ids/origin.ts";
import type { ItemValue, StoredItem } from "../items/item.ts";
import { type FieldName, priceField } from "./fields.ts";
import type { Product } from "./product.ts";
import { editsToItem, type Register } from "./product-edits.ts";
import { viewToItem } from "./view-item.ts";

/** The two items of a product that is loaded rather than edited. */
export interface ProductItems {
  /** For the Catalog table of every region. */
  readonly catalog: StoredItem;
  /** For each region's Views table, which a table import fills without any stream record. */
  readonly view: StoredItem;
}

/** A new product as its origin's first edit. The same arguments give the same items. */
export function productToItems(product: Product, origin: Origin, stamp: Stamp): ProductItems {
  const counter = 1;
  const vector = { [origin]: counter };
  const values: [FieldName, ItemValue][] = [
    ["title", product.title],
    ["description", product.description],
    ["category", product.category],
    ["media", product.media.map(({ url, alt }) => ({ url, alt }))],
    ["variants", product.variants.map(({ sku, title }) => ({ sku, title }))],
  ];
  for (const { sku, prices } of product.variants) {
    for (const { currency, amountMinor } of prices) {
      values.push([priceField(sku, currency), amountMinor]);
    }
  }
  const registers = values.map(([field, value]): [FieldName, Register] => [
    field,
    { value, stamp, clock: vector },
  ]);
  return {
    catalog: editsToItem({
      productId: product.id,
      origin,
      counter,
      registers: new Map(registers),
      touchedAtMs: stamp.ms,
    }),
    view: viewToItem({ product, vector }),
  };
}
