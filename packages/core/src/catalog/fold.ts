import { compareStamps } from "../clock/stamp.ts";
import { type VersionVector, vectorEntry } from "../clock/version-vector.ts";
import type { Origin } from "../ids/origin.ts";
import type { ProductId, Sku } from "../ids/product-ids.ts";
import type { ItemValue } from "../items/item.ts";
import { isCounter } from "../items/item.ts";
import { currencyCodes, type Money } from "../money/money.ts";
import {
  type FieldName,
  type FieldValues,
  fieldReaders,
  type PlainField,
  plainFields,
  priceField,
} from "./fields.ts";
import type { Product, Variant } from "./product.ts";
import type { ProductEdits, Register } from "./product-edits.ts";

/** A product merged from its origins' edits, and the counters of the items that were merged. */
export interface ProductView {
  readonly product: Product;
  readonly vector: VersionVector;
}

export type Fold =
  | { readonly type: "product"; readonly view: ProductView }
  /** Some fields have not arrived yet: another region's edit overtook the item that made the product. */
  | { readonly type: "incomplete"; readonly missing: readonly PlainField[] };

function newestOfEachOrigin(edits: Iterable<ProductEdits>): readonly ProductEdits[] {
  const newest = new Map<Origin, ProductEdits>();
  for (const edit of edits) {
    const known = newest.get(edit.origin);
    if (known === undefined || edit.counter > known.counter) {
      newest.set(edit.origin, edit);
    }
  }
  return [...newest.values()];
}

/** For each field the register with the newest stamp: what is served. Fields do not depend on each other. */
function servedRegisters(edits: Iterable<ProductEdits>): ReadonlyMap<FieldName, Register> {
  const served = new Map<FieldName, Register>();
  for (const { registers } of edits) {
    for (const [field, register] of registers) {
      const rival = served.get(field);
      if (rival === undefined || compareStamps(register.stamp, rival.stamp) > 0) {
        served.set(field, register);
      }
    }
  }
  return served;
}

function pricesOf(sku: Sku, served: ReadonlyMap<FieldName, Register>): readonly Money[] {
  const prices: Money[] = [];
  for (const currency of currencyCodes) {
    const amountMinor: ItemValue | undefined = served.get(priceField(sku, currency))?.value;
    if (isCounter(amountMinor)) {
      prices.push({ amountMinor, currency });
    }
  }
  return prices;
}

function readField<Field extends PlainField>(
  field: Field,
  served: ReadonlyMap<FieldName, Register>,
): FieldValues[Field] | undefined {
  const register = served.get(field);
  return register === undefined ? undefined : fieldReaders[field](register.value);
}

/** Merges any number of edits of one product, in any order, repeats and old versions included. */
export function foldProduct(id: ProductId, edits: Iterable<ProductEdits>): Fold {
  const newest = newestOfEachOrigin(edits);
  const served = servedRegisters(newest);
  const title = readField("title", served);
  const description = readField("description", served);
  const category = readField("category", served);
  const media = readField("media", served);
  const entries = readField("variants", served);
  if (
    title === undefined ||
    description === undefined ||
    category === undefined ||
    media === undefined ||
    entries === undefined
  ) {
    return { type: "incomplete", missing: plainFields.filter((field) => !served.has(field)) };
  }
  const variants = entries.map((entry): Variant => ({ ...entry, prices: pricesOf(entry.sku, served) }));
  const vector: Record<Origin, number> = {};
  for (const edit of newest) {
    vector[edit.origin] = Math.max(vectorEntry(vector, edit.origin), edit.counter);
  }
  return {
    type: "product",
    view: { product: { id, category, title, description, media, variants }, vector },
  };
}
