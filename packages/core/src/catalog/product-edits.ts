import { type Stamp, stampToText, textToStamp } from "../clock/stamp.ts";
import { type VersionVector, vectorEntries, vectorEntry } from "../clock/version-vector.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import { isProductId, type ProductId } from "../ids/product-ids.ts";
import { isOperationId, type OperationId } from "../ids/ulid.ts";
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
import { firstRules, isKnownRules } from "../strategy/strategies.ts";
import { type FieldName, holds, isFieldName } from "./fields.ts";

/** The last edit of one field by one origin. */
export interface Register {
  readonly value: ItemValue;
  readonly stamp: Stamp;
  /** The counters of the product's items whose edits of this field it replaced, and its own item's new one. */
  readonly clock: VersionVector;
  readonly operationId: OperationId;
}

/** All that one origin says of a product. */
export interface ProductEdits {
  readonly productId: ProductId;
  readonly origin: Origin;
  /** Grows with every write: the vector's entry. */
  readonly counter: number;
  readonly registers: ReadonlyMap<FieldName, Register>;
  /** The operations of the last days with a digest of what each changed, long after other edits replaced it. */
  readonly taken: ReadonlyMap<OperationId, number>;
  /** By which rules the writer serves siblings: `strategiesByRules`. */
  readonly rules: number;
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

/** A version vector kept as a map. */
export function readClock(value: ItemValue | undefined): VersionVector | undefined {
  if (!isItemMap(value)) {
    return undefined;
  }
  const clock: Record<Origin, number> = {};
  for (const origin of Object.keys(value)) {
    const counter = value[origin];
    if (!isOrigin(origin) || !isCounter(counter)) {
      return undefined;
    }
    clock[origin] = counter;
  }
  return clock;
}

/** Reads a register, kept alone or with more members beside it. */
export function readRegister(field: FieldName, value: ItemValue): Register | undefined {
  if (!isItemMap(value)) {
    return undefined;
  }
  const { value: held, stamp: stampText, clock: clockMap, op } = value;
  const stamp = typeof stampText === "string" ? textToStamp(stampText) : undefined;
  const clock = readClock(clockMap);
  if (held === undefined || !holds(field, held) || stamp?.ok !== true || clock === undefined) {
    return undefined;
  }
  return typeof op === "string" && isOperationId(op)
    ? { value: held, stamp: stamp.value, clock, operationId: op }
    : undefined;
}

/** Writes what `readRegister` reads. */
export function registerToValue({ value, stamp, clock, operationId }: Register) {
  return {
    value,
    stamp: stampToText(stamp),
    clock: Object.fromEntries(vectorEntries(clock)),
    op: operationId,
  };
}

interface Parts {
  readonly registers: Map<FieldName, Register>;
  readonly taken: Map<OperationId, number>;
}

/** Those that say of the whole item what it is; each of the others is a field's register or an operation. */
const ownAttributes: ReadonlySet<string> = new Set(["pk", "sk", "v", "touchedAt", "rules"]);

/** Takes one attribute into `parts`; the answer says what was wrong with it. */
function readAttribute(
  parts: Parts,
  name: string,
  value: ItemValue,
  own: { readonly origin: Origin; readonly counter: number },
): string | undefined {
  const id = name.startsWith("o#") ? name.slice(2) : "";
  if (isOperationId(id)) {
    parts.taken.set(id, isCounter(value) ? value : -1);
    return isCounter(value) ? undefined : "not an operation's digest";
  }
  const field = name.startsWith("f#") ? name.slice(2) : "";
  if (!isFieldName(field)) {
    return "not a field's register";
  }
  const register = readRegister(field, value);
  if (register === undefined) {
    return "not a field's register";
  }
  const counter = vectorEntry(register.clock, own.origin);
  if (counter < 1 || counter > own.counter) {
    return "its clock does not name a write of this item"; // others' clocks would seem to cover it
  }
  parts.registers.set(field, register);
  return undefined;
}

/** Reads one `EDIT#` item. A field, value or attribute that this code does not know is a failure. */
export function itemToEdits(item: StoredItem): Result<ProductEdits, ItemNotUnderstood> {
  const { pk, sk, v, touchedAt, rules = firstRules } = item;
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
  if (!isCounter(rules) || !isKnownRules(rules)) {
    return err(notUnderstood(item, "rules", "rules that this version does not know"));
  }
  const parts: Parts = { registers: new Map(), taken: new Map() };
  const own = { origin, counter: v };
  for (const name of Object.keys(item)) {
    const fault = ownAttributes.has(name) ? undefined : readAttribute(parts, name, item[name] ?? null, own);
    if (fault !== undefined) {
      return err(notUnderstood(item, name, fault));
    }
  }
  return ok({ productId, origin, counter: v, ...parts, rules, touchedAtMs: touchedAt });
}

/** Writes what `itemToEdits` reads. */
export function editsToItem(edits: ProductEdits): StoredItem {
  const registers = [...edits.registers].map(([field, register]): [string, ItemValue] => [
    `f#${field}`,
    registerToValue(register),
  ]);
  const taken = [...edits.taken].map(([id, digest]): [string, ItemValue] => [`o#${id}`, digest]);
  return {
    ...editsKey(edits.productId, edits.origin),
    v: edits.counter,
    ...(edits.rules === firstRules ? {} : { rules: edits.rules }),
    touchedAt: edits.touchedAtMs,
    ...Object.fromEntries(registers),
    ...Object.fromEntries(taken),
  };
}
