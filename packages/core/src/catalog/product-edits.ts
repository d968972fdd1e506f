import { type Stamp, stampToText, textToStamp } from "../clock/stamp.ts";
import { type VersionVector, vectorEntries } from "../clock/version-vector.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import { isProductId, type ProductId } from "../ids/product-ids.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  isItemMap,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";
import { type FieldName, holds, isFieldName } from "./fields.ts";

/** The last edit of one field by one origin. */
export interface Register {
  readonly value: ItemValue;
  readonly stamp: Stamp;
  /** The counters of the product's items that the editor had seen, its own new one included. */
  readonly clock: VersionVector;
}

/** All that one origin says of a product. */
export interface ProductEdits {
  readonly productId: ProductId;
  readonly origin: Origin;
  /** Grows with every write: the vector's entry. */
  readonly counter: number;
  readonly registers: ReadonlyMap<FieldName, Register>;
  readonly touchedAtMs: number;
}

export function productPartition(id: ProductId): string {
  return `PRODUCT#${id}`;
}

export function editsKey(id: ProductId, origin: Origin): ItemKey {
  return { pk: productPartition(id), sk: `EDIT#${origin}` };
}

/** The product that a partition of Catalog or Views is about. */
export function partitionToProductId(pk: string): ProductId | undefined {
  const id = pk.startsWith("PRODUCT#") ? pk.slice(8) : "";
  return isProductId(id) ? id : undefined;
}

function readClock(value: ItemValue | undefined): VersionVector | undefined {
  if (!isItemMap(value)) {
    return undefined;
  }
  const clock: Record<Origin, number> = {};
  for (const [origin, counter] of Object.entries(value)) {
    if (!isOrigin(origin) || !isCounter(counter)) {
      return undefined;
    }
    clock[origin] = counter;
  }
  return clock;
}

function readRegister(field: FieldName, value: ItemValue): Register | undefined {
  if (!isItemMap(value)) {
    return undefined;
  }
  const { value: held, stamp: stampText, clock: clockMap } = value;
  const stamp = typeof stampText === "string" ? textToStamp(stampText) : undefined;
  const clock = readClock(clockMap);
  if (held === undefined || !holds(field, held) || stamp?.ok !== true || clock === undefined) {
    return undefined;
  }
  return { value: held, stamp: stamp.value, clock };
}

/** Reads one `EDIT#` item. A field, value or attribute that this code does not know is a failure. */
export function itemToEdits(item: StoredItem): Result<ProductEdits, ItemNotUnderstood> {
  const { pk, sk, v, touchedAt, ...rest } = item;
  const productId = partitionToProductId(pk);
  const origin = sk.startsWith("EDIT#") ? sk.slice(5) : "";
  if (productId === undefined) {
    return err(notUnderstood(item, "pk", "not a product's key"));
  }
  if (!isOrigin(origin)) {
    return err(notUnderstood(item, "sk", "not an origin's key"));
  }
  if (!isCounter(v) || v === 0) {
    return err(notUnderstood(item, "v", "an item that was written has a counter"));
  }
  if (!isCounter(touchedAt)) {
    return err(notUnderstood(item, "touchedAt", "not a time in ms"));
  }
  const registers = new Map<FieldName, Register>();
  for (const [name, value] of Object.entries(rest)) {
    const field = name.startsWith("f#") ? name.slice(2) : "";
    const register = isFieldName(field) && value !== undefined ? readRegister(field, value) : undefined;
    if (!isFieldName(field) || register === undefined) {
      return err(notUnderstood(item, name, "not a field's register"));
    }
    registers.set(field, register);
  }
  return ok({ productId, origin, counter: v, registers, touchedAtMs: touchedAt });
}

/** Writes what `itemToEdits` reads. */
export function editsToItem(edits: ProductEdits): StoredItem {
  const registers = [...edits.registers].map(([field, { value, stamp, clock }]): [string, ItemValue] => [
    `f#${field}`,
    { value, stamp: stampToText(stamp), clock: Object.fromEntries(vectorEntries(clock)) },
  ]);
  return {
    ...editsKey(edits.productId, edits.origin),
    v: edits.counter,
    touchedAt: edits.touchedAtMs,
    ...Object.fromEntries(registers),
  };
}
