import { latestStamp, nextStamp, type Stamp } from "../clock/stamp.ts";
import { emptyVector, mergeVectors, type VersionVector } from "../clock/version-vector.ts";
import { operationAgeMaxMs } from "../ids/operation-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { ProductId } from "../ids/product-ids.ts";
import { type OperationId, ulidTimeMs } from "../ids/ulid.ts";
import type { ItemValue, StoredItem } from "../items/item.ts";
import type { Condition } from "../ports/items.ts";
import { presentRules } from "../strategy/strategies.ts";
import { textDigest, valueToText } from "./content.ts";
import { type FieldName, priceField } from "./fields.ts";
import { editsVector, newestEdits } from "./fold.ts";
import type { Product } from "./product.ts";
import { editsToItem, type ProductEdits, type Register } from "./product-edits.ts";

export interface FieldEdit {
  readonly field: FieldName;
  readonly value: ItemValue;
}

export interface ProductChange {
  readonly productId: ProductId;
  readonly operationId: OperationId;
  /** At least one, each field once. */
  readonly changes: readonly FieldEdit[];
  readonly nowMs: number;
}

export type EditPlan =
  /** Put the own item if it is still the one that was read. */
  | { readonly type: "write"; readonly item: StoredItem; readonly onlyIf: readonly Condition[] }
  | { readonly type: "done-already" }
  /** The id stands for another change. */
  | { readonly type: "operation-id-reused" };

/** The door takes an id for a day; twice that, since the one who asks may be told the time by another clock. */
export const takenKeptMs = 2 * operationAgeMaxMs;

/** Operations that an item remembers: a repricing of every variant in every currency fits, in some 40 KB. */
export const takenMax = 1_000;

/** A whole product as changes, to create it. */
export function productToChanges(product: Product): readonly FieldEdit[] {
  const prices = product.variants.flatMap(({ sku, prices }) =>
    prices.map(({ currency, amountMinor }) => ({ field: priceField(sku, currency), value: amountMinor })),
  );
  return [
    { field: "title", value: product.title },
    { field: "description", value: product.description },
    { field: "category", value: product.category },
    { field: "media", value: product.media.map(({ url, alt }) => ({ url, alt })) },
    { field: "variants", value: product.variants.map(({ sku, title }) => ({ sku, title })) },
    ...prices,
  ];
}

/** The same number for the same changes in any order: what a retry is recognised by. */
export function changesDigest(changes: readonly FieldEdit[]): number {
  return textDigest(valueToText(Object.fromEntries(changes.map(({ field, value }) => [field, value]))));
}

function newestStamp(seen: readonly ProductEdits[]): Stamp | undefined {
  let newest: Stamp | undefined;
  for (const { registers } of seen) {
    for (const { stamp } of registers.values()) {
      newest = newest === undefined ? stamp : latestStamp(newest, stamp);
    }
  }
  return newest;
}

/**
 * What an edit of the field replaces: every edit in the items that were seen, and what those had replaced in items
 * that were not. Clocks of other fields say nothing here: their editors had seen items that this one has not.
 */
function replacedBy(seen: readonly ProductEdits[], field: FieldName): VersionVector {
  return seen
    .map(({ registers }) => registers.get(field)?.clock ?? emptyVector)
    .reduce(mergeVectors, editsVector(seen));
}

/**
 * The operations that the item remembers: its own, and those of every item in sight. Who has received an edit so knows
 * also what its editor had seen: a retry there is recognised, where it would undo the edits that came after it.
 */
function stillTaken(seen: readonly ProductEdits[], change: ProductChange): ProductEdits["taken"] {
  const kept = [...new Map(seen.flatMap(({ taken }) => [...taken]))]
    .filter(([id]) => ulidTimeMs(id) > change.nowMs - takenKeptMs)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .slice(1 - takenMax);
  return new Map([...kept, [change.operationId, changesDigest(change.changes)]]);
}

/**
 * The own origin's next item. `edits` is what was seen of the product: the own partition, read strongly, and whatever
 * was read elsewhere. The edit replaces all that was seen of its fields, so one made in sight of siblings settles them.
 */
export function planEdit(edits: readonly ProductEdits[], origin: Origin, change: ProductChange): EditPlan {
  const seen = newestEdits(edits);
  const digests = seen.map(({ taken }) => taken.get(change.operationId)).filter((one) => one !== undefined);
  if (digests.length > 0) {
    const same = digests.includes(changesDigest(change.changes));
    return { type: same ? "done-already" : "operation-id-reused" };
  }
  const own = seen.find((edit) => edit.origin === origin);
  const counter = (own?.counter ?? 0) + 1;
  const stamp = nextStamp(newestStamp(seen), change.nowMs, origin);
  const registers = new Map<FieldName, Register>(own?.registers);
  for (const { field, value } of change.changes) {
    const clock = { ...replacedBy(seen, field), [origin]: counter };
    registers.set(field, { value, stamp, clock, operationId: change.operationId });
  }
  return {
    type: "write",
    item: editsToItem({
      productId: change.productId,
      origin,
      counter,
      registers,
      taken: stillTaken(seen, change),
      rules: presentRules,
      touchedAtMs: change.nowMs,
    }),
    onlyIf: [
      own === undefined
        ? { type: "absent", attribute: "v" }
        : { type: "equals", attribute: "v", value: own.counter },
    ],
  };
}
