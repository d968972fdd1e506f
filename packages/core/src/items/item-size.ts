import type { ItemValue, StoredItem } from "./item.ts";
import { isItemList, isItemMap, isStringSet } from "./item.ts";
import { utf8Bytes } from "./utf8.ts";

/** DynamoDB's limit for one item, names of attributes included. */
export const itemBytesMax = 400 * 1024;

/** DynamoDB's limit for all items of one transaction together. */
export const transactionBytesMax = 4 * 1024 * 1024;

/** A list or map takes this many bytes, and one more for each member. */
const containerBytes = 3;

/** Significant digits and the exponent of the first of them. */
function digitsOf(value: number): { readonly digits: number; readonly exponent: number } {
  const [mantissa = "", exponent = "0"] = Math.abs(value).toExponential().split("e");
  return { digits: mantissa.replace(".", "").length, exponent: Number(exponent) };
}

/** Half a byte a significant digit, one for the exponent, one for a minus sign; two digits share a byte by place. */
function numberBytes(value: number): number {
  if (value === 0) {
    return 1;
  }
  const { digits, exponent } = digitsOf(value);
  const straddles = digits % 2 === 0 && exponent % 2 === 0 ? 1 : 0;
  return 1 + Math.ceil(digits / 2) + straddles + (value < 0 ? 1 : 0);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}

function valueBytes(value: ItemValue): number {
  if (typeof value === "string") {
    return utf8Bytes(value);
  }
  if (typeof value === "number") {
    return numberBytes(value);
  }
  if (isStringSet(value)) {
    return sum([...value].map(utf8Bytes));
  }
  if (isItemList(value)) {
    return containerBytes + sum(value.map((member) => 1 + valueBytes(member)));
  }
  return isItemMap(value) ? containerBytes + Object.keys(value).length + membersBytes(value) : 1;
}

function membersBytes(members: { readonly [name: string]: ItemValue }): number {
  return sum(Object.entries(members).map(([name, value]) => utf8Bytes(name) + valueBytes(value)));
}

/**
 * Bytes of an item as DynamoDB counts them against its limit:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: StoredItem): number {
  return membersBytes(item);
}
