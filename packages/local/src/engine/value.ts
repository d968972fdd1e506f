import { Buffer } from "node:buffer";
import { compareDecimals, decimalSize, decimalSortText } from "./decimal.ts";
import type { ScalarType } from "./engine.ts";
import type { AttributeValue, Item } from "./item-change.ts";

export type AttributeType = "S" | "N" | "B" | "BOOL" | "NULL" | "SS" | "NS" | "BS" | "L" | "M";

/** Which of the ten types a value has. Values were validated at the door: exactly one member. */
export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType;
  throw new Error("an attribute value without a type");
}

/** Bytes as one character each: JavaScript's string order is then DynamoDB's byte order. */
function byteText(bytes: Buffer): string {
  return bytes.toString("latin1");
}

/** A string that sorts as DynamoDB sorts keys of this type. */
export function sortText(value: AttributeValue): string {
  if ("S" in value) return byteText(Buffer.from(value.S, "utf8"));
  if ("N" in value) return decimalSortText(value.N);
  if ("B" in value) return byteText(Buffer.from(value.B, "base64"));
  throw new Error(`a ${typeOf(value)} has no order`);
}

/** Negative, zero or positive; undefined when the two have no common order. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if ("N" in a && "N" in b) return compareDecimals(a.N, b.N);
  if (("S" in a && "S" in b) || ("B" in a && "B" in b)) {
    const left = sortText(a);
    const right = sortText(b);
    return left < right ? -1 : left > right ? 1 : 0;
  }
  return undefined;
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((member) => b.includes(member));
}

export function valuesEqual(a: AttributeValue, b: AttributeValue): boolean {
  if (a === b) return true;
  if ("S" in a) return "S" in b && a.S === b.S;
  if ("N" in a) return "N" in b && a.N === b.N;
  if ("B" in a) return "B" in b && a.B === b.B;
  if ("BOOL" in a) return "BOOL" in b && a.BOOL === b.BOOL;
  if ("NULL" in a) return "NULL" in b;
  if ("SS" in a) return "SS" in b && sameMembers(a.SS, b.SS);
  if ("NS" in a) return "NS" in b && sameMembers(a.NS, b.NS);
  if ("BS" in a) return "BS" in b && sameMembers(a.BS, b.BS);
  if ("L" in a) {
    if (!("L" in b) || a.L.length !== b.L.length) return false;
    return a.L.every((member, index) => {
      const other = b.L[index];
      return other !== undefined && valuesEqual(member, other);
    });
  }
  return "M" in b && itemsEqual(a.M, b.M);
}

/** Deep equality; sets have no order. */
export function itemsEqual(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const left = a[name];
    const right = b[name];
    return left !== undefined && right !== undefined && valuesEqual(left, right);
  });
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}

/** Bytes of one value by DynamoDB's rules: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function valueSize(value: AttributeValue): number {
  if ("S" in value) return Buffer.byteLength(value.S, "utf8");
  if ("N" in value) return decimalSize(value.N);
  if ("B" in value) return Buffer.byteLength(value.B, "base64");
  if ("BOOL" in value || "NULL" in value) return 1;
  if ("SS" in value) return sum(value.SS.map((member) => Buffer.byteLength(member, "utf8")));
  if ("NS" in value) return sum(value.NS.map(decimalSize));
  if ("BS" in value) return sum(value.BS.map((member) => Buffer.byteLength(member, "base64")));
  if ("L" in value) return 3 + sum(value.L.map((member) => 1 + valueSize(member)));
  return 3 + Object.keys(value.M).length + itemSize(value.M);
}

/** Bytes of an item: its attribute names in UTF-8 and their values. */
export function itemSize(item: Item): number {
  let size = 0;
  for (const [name, value] of Object.entries(item))
    size += Buffer.byteLength(name, "utf8") + valueSize(value);
  return size;
}

/** The scalar inside a key attribute, or undefined when it is of another type. */
export function scalarOf(value: AttributeValue | undefined, type: ScalarType): string | undefined {
  if (value === undefined) return undefined;
  const scalar = (value as Partial<Record<ScalarType, unknown>>)[type];
  return typeof scalar === "string" ? scalar : undefined;
}
