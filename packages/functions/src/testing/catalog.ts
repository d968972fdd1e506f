import {
  editsToItem,
  type FieldName,
  foldProduct,
  type Items,
  type ItemValue,
  itemToEdits,
  type Origin,
  offerClaims,
  offerToItem,
  type Product,
  type ProductEdits,
  type ProductView,
  planEdit,
  productToItems,
  type StoredItem,
} from "@antipode/core";
import { type FakeItems, operationId, origin, productId, sku, ulidAt } from "@antipode/core/testing";
import type { RebuildDeps } from "../dispatcher/catalog/rebuild-view.ts";
import { createRecordingLog, createRecordingMeasurements, createStepClock, startMs } from "./test-world.ts";

export const us = origin("us-east-1#1");
export const eu = origin("eu-west-1#1");

export const lamp: Product = {
  id: productId("desk-lamp"),
  category: "home",
  title: "Lamp",
  description: "",
  media: [],
  variants: [{ sku: sku("LAMP"), title: "Only", prices: [{ amountMinor: 100, currency: "EUR" }] }],
};

/** The lamp as us-east-1 made it. */
export const lampItem: StoredItem = productToItems(lamp, us, { ms: startMs, counter: 0, origin: us }).catalog;

export const priceOfLamp: FieldName = "price#LAMP#EUR";

/** An origin's item of the lamp with these fields, whose editor had seen the lamp as it was made and nothing else. */
export function lampEdit(
  at: Origin,
  counter: number,
  values: Readonly<Record<string, ItemValue>>,
): StoredItem {
  const registers = Object.entries(values).map(
    ([field, value]) =>
      [
        field as FieldName,
        {
          value,
          stamp: { ms: startMs + counter, counter: 0, origin: at },
          clock: { [us]: 1, [at]: counter },
          operationId: operationId(ulidAt(startMs, counter)),
        },
      ] as const,
  );
  return editsToItem({
    productId: lamp.id,
    origin: at,
    counter,
    registers: new Map(registers),
    taken: new Map(),
    rules: 1,
    touchedAtMs: startMs,
  });
}

let operations = 0;

export function editsOf(items: readonly StoredItem[]): readonly ProductEdits[] {
  return items.map((item) => {
    const read = itemToEdits(item);
    if (!read.ok) {
      throw new Error(read.error.reason);
    }
    return read.value;
  });
}

export function viewOf(items: readonly StoredItem[]): ProductView {
  const fold = foldProduct(lamp.id, editsOf(items));
  if (fold.type !== "product") {
    throw new Error("the test's own product is incomplete");
  }
  return fold.view;
}

/** The next item of an origin that edits in sight of these. */
export function nextItem(
  seen: readonly StoredItem[],
  at: Origin,
  changes: Readonly<Record<string, ItemValue>>,
): StoredItem {
  operations += 1;
  const plan = planEdit(editsOf(seen), at, {
    productId: lamp.id,
    operationId: operationId(ulidAt(startMs, operations)),
    changes: Object.entries(changes).map(([field, value]) => ({ field: field as FieldName, value })),
    nowMs: startMs + operations,
  });
  if (plan.type !== "write") {
    throw new Error(plan.type);
  }
  return plan.item;
}

/** The products' views, without their offers. */
export const viewsIn = (items: FakeItems) => items.dump("Views").filter(({ sk }) => sk === "VIEW");

/** What the lamp's offer is when a view made of these items is written. */
export function offersOf(items: readonly StoredItem[]): readonly StoredItem[] {
  return [...offerClaims(viewOf(items), editsOf(items))].map(([sku, holder]) =>
    offerToItem({ sku, counter: 1, holder, others: [] }),
  );
}

export function rebuildDeps<T extends Items>(items: T) {
  return {
    items,
    clock: createStepClock(),
    log: createRecordingLog(),
    measurements: createRecordingMeasurements(),
  } satisfies RebuildDeps;
}
