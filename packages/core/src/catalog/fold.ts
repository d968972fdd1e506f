import { type VersionVector, vectorEntry } from "../clock/version-vector.ts";
import type { Origin } from "../ids/origin.ts";
import type { ProductId, Sku } from "../ids/product-ids.ts";
import type { ItemValue } from "../items/item.ts";
import { isCounter } from "../items/item.ts";
import { currencyCodes, type Money } from "../money/money.ts";
import { type StrategiesByRules, strategiesByRules, strategiesFor } from "../strategy/strategies.ts";
import { conflictId, type FieldConflict, type Sibling, serve, standingValues } from "./conflicts.ts";
import {
  compareFields,
  type FieldName,
  type FieldValues,
  fieldReaders,
  type PlainField,
  plainFields,
  priceField,
  registerKind,
} from "./fields.ts";
import type { Product, Variant } from "./product.ts";
import type { ProductEdits } from "./product-edits.ts";

/** A product merged from its origins' edits, and the counters of the items that were merged. */
export interface ProductView {
  readonly product: Product;
  readonly vector: VersionVector;
  /** By field. Served like everything else, until somebody who saw them edits the field. */
  readonly conflicts: readonly FieldConflict[];
  /** How many conflicts a stored view had no room for: the Catalog's items and the feed have all. */
  readonly conflictsLeftOut?: number;
}

export type Fold =
  | { readonly type: "product"; readonly view: ProductView }
  /** Some fields have not arrived yet: another region's edit overtook the item that made the product. */
  | { readonly type: "incomplete"; readonly missing: readonly PlainField[] };

/** Of each origin the newest: merging what two places hold of a product is this, of both together. */
export function newestEdits(edits: Iterable<ProductEdits>): readonly ProductEdits[] {
  const newest = new Map<Origin, ProductEdits>();
  for (const edit of edits) {
    const known = newest.get(edit.origin);
    if (known === undefined || edit.counter > known.counter) {
      newest.set(edit.origin, edit);
    }
  }
  return [...newest.values()];
}

/** The counters of the items: what an answer made of them has seen. */
export function editsVector(edits: Iterable<ProductEdits>): VersionVector {
  const vector: Record<Origin, number> = {};
  for (const { origin, counter } of edits) {
    vector[origin] = Math.max(vectorEntry(vector, origin), counter);
  }
  return vector;
}

function registersByField(newest: readonly ProductEdits[]): ReadonlyMap<FieldName, readonly Sibling[]> {
  const byField = new Map<FieldName, Sibling[]>();
  for (const { origin, registers } of newest) {
    for (const [field, register] of registers) {
      const edits = byField.get(field) ?? [];
      edits.push({ ...register, origin });
      byField.set(field, edits);
    }
  }
  return byField;
}

interface MergedFields {
  readonly served: ReadonlyMap<FieldName, Sibling>;
  readonly conflicts: readonly FieldConflict[];
}

/** Each field by itself: no edit of one changes what another shows. */
function mergeFields(newest: readonly ProductEdits[], tables: StrategiesByRules): MergedFields {
  const strategies = strategiesFor(
    newest.map(({ rules }) => rules),
    tables,
  );
  const servedByField = new Map<FieldName, Sibling>();
  const conflicts: FieldConflict[] = [];
  for (const [field, edits] of registersByField(newest)) {
    const siblings = standingValues(edits);
    const winner = serve(siblings, strategies[registerKind(field)].serve);
    if (winner !== undefined) {
      servedByField.set(field, winner);
      if (siblings.length > 1) {
        conflicts.push({ id: conflictId(field, siblings), field, siblings, served: winner });
      }
    }
  }
  return {
    served: servedByField,
    conflicts: conflicts.sort((left, right) => compareFields(left.field, right.field)),
  };
}

function pricesOf(sku: Sku, served: ReadonlyMap<FieldName, Sibling>): readonly Money[] {
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
  served: ReadonlyMap<FieldName, Sibling>,
): FieldValues[Field] | undefined {
  const register = served.get(field);
  return register === undefined ? undefined : fieldReaders[field](register.value);
}

/** Merges any number of edits of one product, in any order, repeats and old versions included. */
export function foldProduct(
  id: ProductId,
  edits: Iterable<ProductEdits>,
  tables: StrategiesByRules = strategiesByRules,
): Fold {
  const newest = newestEdits(edits);
  const { served, conflicts } = mergeFields(newest, tables);
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
  const product: Product = { id, category, title, description, media, variants };
  return { type: "product", view: { product, vector: editsVector(newest), conflicts } };
}
