import { fromAttributes, toAttributes } from "../items/attributes.ts";
import type { ItemKey, ItemValue, StoredItem } from "../items/item.ts";
import { isStringSet } from "../items/item.ts";
import type { Condition, Update } from "../ports/items.ts";

/** An attribute may be called `constructor`: what every object inherits is not in the item. */
function valueIn(item: StoredItem | undefined, name: string): ItemValue | undefined {
  return item !== undefined && Object.hasOwn(item, name) ? item[name] : undefined;
}

function holds(condition: Condition, item: StoredItem | undefined): boolean {
  const value = valueIn(item, condition.attribute);
  switch (condition.type) {
    case "absent":
      return value === undefined;
    case "present":
      return value !== undefined;
    case "equals":
      return value === condition.value;
    case "lacks":
      return value === undefined || (isStringSet(value) && !value.has(condition.member));
    case "below":
      return value === undefined || (typeof value === "number" && value < condition.limit);
    case "at-least":
      return typeof value === "number" && value >= condition.floor;
    case "fewer":
      return value === undefined || (isStringSet(value) && value.size < condition.limit);
  }
}

export function allHold(conditions: readonly Condition[], item: StoredItem | undefined): boolean {
  return conditions.every((condition) => holds(condition, item));
}

function grown(name: string, value: ItemValue | undefined, by: number | ReadonlySet<string>): ItemValue {
  if (typeof by === "number" && (value === undefined || typeof value === "number")) {
    return (value ?? 0) + by;
  }
  if (typeof by !== "number" && (value === undefined || isStringSet(value))) {
    return new Set([...(value ?? []), ...by]);
  }
  throw new Error(`${name} is of another type than what is added to it`);
}

/** The item as the store keeps it: what DynamoDB refuses throws, and a caller's later changes do not reach it. */
export function asStored(item: StoredItem): StoredItem {
  const stored = fromAttributes(toAttributes(item));
  if (!stored.ok) {
    throw new Error(`${stored.error.path}: ${stored.error.reason}`);
  }
  return stored.value;
}

/** The item after an update. */
export function updated(key: ItemKey, item: StoredItem | undefined, update: Update): StoredItem {
  const removed = new Set(update.remove);
  const kept = Object.entries(item ?? {}).filter(([name]) => !removed.has(name));
  const added = Object.entries(update.add ?? {}).map(
    ([name, by]) => [name, grown(name, valueIn(item, name), by)] as const,
  );
  return { ...Object.fromEntries(kept), ...update.set, ...Object.fromEntries(added), pk: key.pk, sk: key.sk };
}

function canonical(value: unknown): unknown {
  if (value instanceof Set) {
    return { set: [...value].sort() };
  }
  if (Array.isArray(value)) {
    return value.map(canonical);
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, member]) => [name, canonical(member)])
    : value;
}

/** One text for equal writes, however their members are ordered. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(canonical(value));
}
