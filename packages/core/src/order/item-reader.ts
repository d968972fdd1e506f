import type { OrderId } from "../ids/order-id.ts";
import { isOrderId } from "../ids/order-id.ts";
import type { Origin } from "../ids/origin.ts";
import {
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  isItemList,
  isItemMap,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { parseKey } from "../items/keys.ts";
import { err, ok, type Result } from "../result/result.ts";

/** Reads one value; nothing where it is not what it should be. */
export type Form<T> = (value: ItemValue) => T | undefined;

/** Takes an item's attributes by name. Each is taken once, and what nobody takes is unknown. */
export interface AttributeReader {
  one<T>(attribute: string, expected: string, form: Form<T>): T;
  optional<T>(attribute: string, expected: string, form: Form<T>): T | undefined;
  refuse(attribute: string, reason: string): never;
}

/** Leaves the body of `readItem`, and no other function. */
class Fault extends Error {
  readonly attribute: string;
  constructor(attribute: string, reason: string) {
    super(reason);
    this.attribute = attribute;
  }
}

function createReader(members: { readonly [name: string]: ItemValue }, taken: Set<string>): AttributeReader {
  const optional = <T>(attribute: string, expected: string, form: Form<T>): T | undefined => {
    const value = Object.hasOwn(members, attribute) ? members[attribute] : undefined;
    taken.add(attribute);
    if (value === undefined) {
      return undefined;
    }
    const read = form(value);
    if (read === undefined) {
      throw new Fault(attribute, `not ${expected}`);
    }
    return read;
  };
  return {
    optional,
    refuse(attribute, reason) {
      throw new Fault(attribute, reason);
    },
    one(attribute, expected, form) {
      const read = optional(attribute, expected, form);
      if (read === undefined) {
        throw new Fault(attribute, `missing: ${expected}`);
      }
      return read;
    },
  };
}

function readAll<T>(
  members: { readonly [name: string]: ItemValue },
  body: (reader: AttributeReader) => T,
): T {
  const taken = new Set<string>();
  const value = body(createReader(members, taken));
  const unknown = Object.keys(members).find((name) => !taken.has(name));
  if (unknown !== undefined) {
    throw new Fault(unknown, "unknown attribute");
  }
  return value;
}

/** Reads a map whole, with nothing in it that is unknown. */
export function mapForm<T>(body: (reader: AttributeReader) => T): Form<T> {
  return (value) => {
    if (!isItemMap(value)) {
      return undefined;
    }
    try {
      return readAll(value, body);
    } catch (error) {
      if (error instanceof Fault) {
        return undefined;
      }
      throw error;
    }
  };
}

/** What an order item's key says. */
export interface OrderItemKey {
  readonly orderId: OrderId;
  readonly origin: Origin;
  readonly number: number;
}

/** Reads an item of one kind of an order's partition, whole: an attribute that is unknown is a failure. */
export function readItem<T>(
  item: StoredItem,
  kind: string,
  body: (reader: AttributeReader, key: OrderItemKey) => T,
): Result<T, ItemNotUnderstood> {
  const key = parseKey("Orders", item);
  if (!key.ok || key.value.kind !== kind || !isOrderId(key.value.entity)) {
    return err(notUnderstood(item, "sk", key.ok ? `not a ${kind}` : key.error.reason));
  }
  const { entity: orderId, writer: origin, number = 0 } = key.value;
  const { pk: _pk, sk: _sk, ...attributes } = item;
  try {
    return ok(readAll(attributes, (reader) => body(reader, { orderId, origin, number })));
  } catch (error) {
    if (error instanceof Fault) {
      return err(notUnderstood(item, error.attribute, error.message));
    }
    throw error;
  }
}

/** A text of 1 to that many characters. */
export function textForm(charsMax: number): Form<string> {
  return (value) =>
    typeof value === "string" && value.length > 0 && value.length <= charsMax ? value : undefined;
}

/** A text that is one kind of id. */
export function idForm<T extends string>(is: (text: string) => text is T): Form<T> {
  return (value) => (typeof value === "string" && is(value) ? value : undefined);
}

/** One of a few words. */
export function wordForm<T extends string>(words: readonly T[]): Form<T> {
  return (value) => words.find((word) => word === value);
}

/** A whole number from `min` to `max`. */
export function countForm(min: number, max: number = Number.MAX_SAFE_INTEGER): Form<number> {
  return (value) => (isCounter(value) && value >= min && value <= max ? value : undefined);
}

/** ms since 1970 */
export const timeForm = countForm(0);

/** A list of 1 to that many members. */
export function listForm<T>(member: Form<T>, membersMax: number): Form<readonly T[]> {
  return (value) => {
    if (!isItemList(value) || value.length === 0 || value.length > membersMax) {
      return undefined;
    }
    const members: T[] = [];
    for (const entry of value) {
      const read = member(entry);
      if (read === undefined) {
        return undefined;
      }
      members.push(read);
    }
    return members;
  };
}
