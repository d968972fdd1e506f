import type { Condition, TransactionWrite, Update } from "../ports/items.ts";
import { conditionsMax, updateAttributesMax } from "../ports/items.ts";
import { toAttribute, toAttributes } from "./attributes.ts";
import type { ItemKey, StoredItem } from "./item.ts";

// The checks that every adapter of the items port makes of its caller's writes. A malformed one is a bug: it throws.

/** DynamoDB's limit for a transaction's token. */
const tokenLengthMax = 36;

function checkConditions(conditions: readonly Condition[]): void {
  if (conditions.length > conditionsMax) {
    throw new Error(`a write has at most ${conditionsMax} conditions, not ${conditions.length}`);
  }
  for (const condition of conditions) {
    if (condition.type === "fewer" && condition.limit < 1) {
      throw new Error(`no set has fewer members than ${condition.limit}`);
    }
  }
}

/** The SDK loses an attribute of this name on the way back: better refused than lost. */
const lostName = "__proto__";

function checkNames(names: readonly string[]): void {
  if (names.includes(lostName)) {
    throw new Error(`no attribute can be called ${lostName}`);
  }
}

/** A put's item as it can be stored, and its conditions. */
export function checkPut(item: StoredItem, onlyIf: readonly Condition[]): void {
  checkNames(Object.keys(item));
  toAttributes(item);
  checkConditions(onlyIf);
}

export function checkUpdate({ set = {}, remove = [], add = {}, onlyIf }: Update): void {
  const names = [...Object.keys(set), ...remove, ...Object.keys(add)];
  if (names.length === 0 || names.length > updateAttributesMax) {
    throw new Error(`an update changes 1 to ${updateAttributesMax} attributes, not ${names.length}`);
  }
  if (new Set(names).size < names.length) {
    throw new Error(`an update names an attribute twice: ${names.join(", ")}`);
  }
  if (names.includes("pk") || names.includes("sk")) {
    throw new Error("an update cannot change its item's key");
  }
  checkNames(names);
  for (const value of [...Object.values(set), ...Object.values(add)]) {
    toAttribute(value);
  }
  for (const [name, by] of Object.entries(add)) {
    if (typeof by === "number" && !Number.isSafeInteger(by)) {
      throw new Error(`${name}: only whole numbers are added, ${by} is none that adds exactly`);
    }
  }
  checkConditions(onlyIf);
}

function checkCheck({ pk, sk }: ItemKey, onlyIf: readonly Condition[]): void {
  if (onlyIf.length === 0) {
    throw new Error(`a check without conditions: ${pk} ${sk}`);
  }
  checkConditions(onlyIf);
}

export function checkPageLimit(limit: number, max: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > max) {
    throw new Error(`a page has 1 to ${max} items, not ${limit}`);
  }
}

export function keyOfWrite(write: TransactionWrite): ItemKey {
  const { pk, sk } = write.type === "put" ? write.item : write.key;
  return { pk, sk };
}

function checkWrite(write: TransactionWrite): void {
  if (write.type === "put") {
    checkPut(write.item, write.onlyIf);
  } else if (write.type === "update") {
    checkUpdate(write.update);
  } else {
    checkCheck(write.key, write.onlyIf);
  }
}

export function checkTransaction(writes: readonly TransactionWrite[], token: string | undefined): void {
  if (writes.length === 0) {
    throw new Error("a transaction without writes");
  }
  if (token !== undefined && (token.length === 0 || token.length > tokenLengthMax)) {
    throw new Error(`a transaction's token has 1 to ${tokenLengthMax} characters, not ${token.length}`);
  }
  const seen = new Set<string>();
  for (const write of writes) {
    const { pk, sk } = keyOfWrite(write);
    const identity = JSON.stringify([write.table, pk, sk]);
    if (seen.has(identity)) {
      throw new Error(`a transaction has two writes of one item: ${identity}`);
    }
    seen.add(identity);
    checkWrite(write);
  }
}
