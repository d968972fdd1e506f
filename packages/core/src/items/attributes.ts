import { err, ok, type Result } from "../result/result.ts";
import type { ItemValue, StoredItem } from "./item.ts";

/** An attribute value in DynamoDB's JSON form, as requests carry it and stream images hold it. */
export type AttributeValue =
  | { S: string }
  | { N: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { SS: string[] }
  | { L: AttributeValue[] }
  | { M: Record<string, AttributeValue> };

export interface AttributesNotUnderstood {
  readonly type: "attributes-not-understood";
  /** Where, for example `f#title.value`. */
  readonly path: string;
  readonly reason: string;
}

/** DynamoDB's numbers lie between these, or are 0. */
const magnitudeMax = 1e126;
const magnitudeMin = 1e-130;

function isStorable(value: number): boolean {
  const magnitude = Math.abs(value);
  return value === 0 || (magnitude >= magnitudeMin && magnitude < magnitudeMax);
}

/** Throws on what DynamoDB would refuse (an empty set, a number out of its range): a bug of ours. */
export function toAttribute(value: ItemValue): AttributeValue {
  if (typeof value === "string") {
    return { S: value };
  }
  if (typeof value === "number") {
    if (!isStorable(value)) {
      throw new Error(`not a number that can be stored: ${value}`);
    }
    return { N: String(value) };
  }
  if (typeof value === "boolean") {
    return { BOOL: value };
  }
  if (value === null) {
    return { NULL: true };
  }
  if (value instanceof Set) {
    if (value.size === 0) {
      throw new Error("an empty set cannot be stored");
    }
    return { SS: [...value] };
  }
  return Array.isArray(value) ? { L: value.map(toAttribute) } : { M: toAttributes(value as StoredItem) };
}

/** A whole item in DynamoDB's JSON form. */
export function toAttributes(item: { readonly [name: string]: ItemValue }): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toAttribute(value)]));
}

/** Why a value was not understood. Its place is put together on the way out, so that what succeeds does not pay for it. */
class Refusal {
  readonly reason: string;
  readonly path: string;

  constructor(reason: string, path = "") {
    this.reason = reason;
    this.path = path;
  }

  within(step: string): Refusal {
    return new Refusal(this.reason, `${step}${this.path}`);
  }
}

/** Bare values: a result, a path and an entry for each attribute make reading a large cart three times slower. */
type Decoded = ItemValue | Refusal;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fromNumber(text: unknown): Decoded {
  const number = typeof text === "string" && text.trim() !== "" ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : new Refusal("not a number");
}

function fromSet(members: unknown): Decoded {
  return Array.isArray(members) && members.every((member) => typeof member === "string")
    ? new Set<string>(members)
    : new Refusal("not a string set");
}

function fromList(members: unknown): Decoded {
  if (!Array.isArray(members)) {
    return new Refusal("not a list");
  }
  const values: ItemValue[] = [];
  for (let index = 0; index < members.length; index += 1) {
    const value = fromAttribute(members[index]);
    if (value instanceof Refusal) {
      return value.within(`[${index}]`);
    }
    values.push(value);
  }
  return values;
}

/** Defined, not assigned, where assigning would do something else: any name is data. */
function setMember(values: Record<string, ItemValue>, name: string, value: ItemValue): void {
  if (name === "__proto__") {
    Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    values[name] = value;
  }
}

function fromMap(map: unknown): Record<string, ItemValue> | Refusal {
  if (!isRecord(map)) {
    return new Refusal("not a map");
  }
  const values: Record<string, ItemValue> = {};
  for (const name of Object.keys(map)) {
    const value = fromAttribute(map[name]);
    if (value instanceof Refusal) {
      return value.within(`.${name}`);
    }
    setMember(values, name, value);
  }
  return values;
}

function fromScalar(type: string, value: unknown): Decoded {
  if (type === "BOOL" && typeof value === "boolean") {
    return value;
  }
  return type === "NULL" && value === true ? null : new Refusal(`unexpected type ${type}`);
}

function fromAttribute(attribute: unknown): Decoded {
  const types = isRecord(attribute) ? Object.keys(attribute) : [];
  const type = types[0];
  if (!isRecord(attribute) || type === undefined || types.length > 1) {
    return new Refusal("not an attribute value");
  }
  const value = attribute[type];
  switch (type) {
    case "S":
      return typeof value === "string" ? value : new Refusal("unexpected type S");
    case "N":
      return fromNumber(value);
    case "SS":
      return fromSet(value);
    case "L":
      return fromList(value);
    case "M":
      return fromMap(value);
    default:
      return fromScalar(type, value);
  }
}

function notUnderstood(path: string, reason: string): Result<never, AttributesNotUnderstood> {
  return err({ type: "attributes-not-understood", path, reason });
}

function isKeyed(item: Record<string, ItemValue>): item is StoredItem {
  return typeof item["pk"] === "string" && typeof item["sk"] === "string";
}

/** Reads a whole item or stream image; binary data and number sets are not ours, so they are refused. */
export function fromAttributes(image: unknown): Result<StoredItem, AttributesNotUnderstood> {
  const item = fromMap(image);
  if (item instanceof Refusal) {
    return notUnderstood(item.path.slice(1), item.reason);
  }
  return isKeyed(item)
    ? ok(item)
    : notUnderstood(typeof item["pk"] === "string" ? "sk" : "pk", "not a string key");
}
