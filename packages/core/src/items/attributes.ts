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

type Decoded = Result<ItemValue, AttributesNotUnderstood>;

function refuse(path: string, reason: string): { ok: false; error: AttributesNotUnderstood } {
  return err({ type: "attributes-not-understood", path, reason });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fromNumber(text: unknown, path: string): Decoded {
  const number = typeof text === "string" && text.trim() !== "" ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? ok(number) : refuse(path, "not a number");
}

function fromSet(members: unknown, path: string): Decoded {
  return Array.isArray(members) && members.every((member) => typeof member === "string")
    ? ok(new Set<string>(members))
    : refuse(path, "not a string set");
}

function fromList(members: unknown, path: string): Decoded {
  if (!Array.isArray(members)) {
    return refuse(path, "not a list");
  }
  const values: ItemValue[] = [];
  for (const [index, member] of members.entries()) {
    const decoded = fromAttribute(member, `${path}[${index}]`);
    if (!decoded.ok) {
      return decoded;
    }
    values.push(decoded.value);
  }
  return ok(values);
}

function fromMap(map: unknown, path: string): Result<Record<string, ItemValue>, AttributesNotUnderstood> {
  if (!isRecord(map)) {
    return refuse(path, "not a map");
  }
  const values: [string, ItemValue][] = [];
  for (const [name, value] of Object.entries(map)) {
    const decoded = fromAttribute(value, path === "" ? name : `${path}.${name}`);
    if (!decoded.ok) {
      return decoded;
    }
    values.push([name, decoded.value]);
  }
  return ok(Object.fromEntries(values)); // fromEntries defines members, so a name like __proto__ stays data
}

function fromScalar(type: string, value: unknown, path: string): Decoded {
  if (type === "S" && typeof value === "string") {
    return ok(value);
  }
  if (type === "BOOL" && typeof value === "boolean") {
    return ok(value);
  }
  return type === "NULL" && value === true ? ok(null) : refuse(path, `unexpected type ${type}`);
}

function fromAttribute(attribute: unknown, path: string): Decoded {
  const [entry, ...others] = isRecord(attribute) ? Object.entries(attribute) : [];
  if (entry === undefined || others.length > 0) {
    return refuse(path, "not an attribute value");
  }
  const [type, value] = entry;
  switch (type) {
    case "N":
      return fromNumber(value, path);
    case "SS":
      return fromSet(value, path);
    case "L":
      return fromList(value, path);
    case "M":
      return fromMap(value, path);
    default:
      return fromScalar(type, value, path);
  }
}

/** Reads a whole item or stream image; binary data and number sets are not ours, so they are refused. */
export function fromAttributes(image: unknown): Result<StoredItem, AttributesNotUnderstood> {
  const decoded = fromMap(image, "");
  if (!decoded.ok) {
    return decoded;
  }
  const { pk, sk } = decoded.value as { pk?: ItemValue; sk?: ItemValue };
  return typeof pk === "string" && typeof sk === "string"
    ? ok({ ...decoded.value, pk, sk })
    : refuse(typeof pk === "string" ? "sk" : "pk", "not a string key");
}
