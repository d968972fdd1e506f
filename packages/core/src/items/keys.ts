import { isCartId } from "../ids/cart-id.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import { isProductId, isSku } from "../ids/product-ids.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { ItemKey } from "./item.ts";
import type { GlobalTable } from "./tables.ts";

/** What a key of a global table names. */
export interface ParsedKey {
  /** The last part of the partition key: a product id, cart id, SKU, order id or origin. */
  readonly entity: string;
  /** The first part of the sort key, for example `R`, `EDIT`, `CELL` or `HEARTBEAT`. */
  readonly kind: string;
  /** Who writes the item. Absent where the key does not say: a delivery names its writer in the item. */
  readonly writer?: Origin;
  /** The number behind the origin of a cell, an allocation's attempt, a log's entry or a command. */
  readonly number?: number;
  /** The delivery's id. */
  readonly id?: string;
}

export interface KeyNotUnderstood {
  readonly type: "key-not-understood";
  readonly table: GlobalTable;
  readonly key: ItemKey;
  readonly reason: string;
}

/** Cells and attempts count from 0, logs from 1; leading zeros would make two keys for one number. */
const numberPattern = /^(?:0|[1-9][0-9]{0,14})$/;
const opaqueIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

interface SortKeyForm {
  readonly tail: "writer" | "writer-and-number" | "number" | "id" | "nothing";
}

interface TableKeys {
  readonly prefix: string;
  readonly isEntity: (text: string) => boolean;
  readonly kinds: Readonly<Record<string, SortKeyForm>>;
}

const isOrderId = (text: string) => opaqueIdPattern.test(text);

/** The key shapes of the global tables, as data. */
const keysByTable: Readonly<Record<GlobalTable, TableKeys>> = {
  Catalog: { prefix: "PRODUCT", isEntity: isProductId, kinds: { EDIT: { tail: "writer" } } },
  Carts: { prefix: "CART", isEntity: isCartId, kinds: { R: { tail: "writer" } } },
  Stock: {
    prefix: "SKU",
    isEntity: isSku,
    kinds: { CELL: { tail: "writer-and-number" }, DELIVERY: { tail: "id" } },
  },
  Orders: {
    prefix: "ORDER",
    isEntity: isOrderId,
    kinds: {
      PLACED: { tail: "writer" },
      WITNESS: { tail: "writer" },
      ALLOC: { tail: "writer-and-number" },
      EVENT: { tail: "writer-and-number" },
    },
  },
  Control: {
    prefix: "REGION",
    isEntity: isOrigin,
    kinds: {
      HEARTBEAT: { tail: "nothing" },
      OBSERVATIONS: { tail: "nothing" },
      VOTES: { tail: "nothing" },
      COMMANDS: { tail: "number" },
    },
  },
};

type Tail = Pick<ParsedKey, "writer" | "number" | "id">;

function parseTail(form: SortKeyForm, tail: string | undefined): Tail | undefined {
  if (tail === undefined) {
    return form.tail === "nothing" ? {} : undefined;
  }
  const lastHash = tail.lastIndexOf("#");
  const head = tail.slice(0, lastHash);
  const last = tail.slice(lastHash + 1);
  switch (form.tail) {
    case "writer":
      return isOrigin(tail) ? { writer: tail } : undefined;
    case "writer-and-number":
      return isOrigin(head) && numberPattern.test(last) ? { writer: head, number: Number(last) } : undefined;
    case "number":
      return numberPattern.test(tail) ? { number: Number(tail) } : undefined;
    case "id":
      return opaqueIdPattern.test(tail) ? { id: tail } : undefined;
    case "nothing":
      return undefined;
  }
}

function splitOnce(text: string): readonly [string, string | undefined] {
  const at = text.indexOf("#");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Reads a key of a global table; a shape that the table does not have is a typed failure. */
export function parseKey(table: GlobalTable, key: ItemKey): Result<ParsedKey, KeyNotUnderstood> {
  const refuse = (reason: string) => err({ type: "key-not-understood" as const, table, key, reason });
  const keys = keysByTable[table];
  const [prefix, entity] = splitOnce(key.pk);
  if (prefix !== keys.prefix || entity === undefined || !keys.isEntity(entity)) {
    return refuse(`the partition key is not ${keys.prefix}#…`);
  }
  const [kind, tailText] = splitOnce(key.sk);
  const form = Object.hasOwn(keys.kinds, kind) ? keys.kinds[kind] : undefined;
  if (form === undefined) {
    return refuse(`the sort key is none of ${Object.keys(keys.kinds).join(", ")}`);
  }
  const tail = parseTail(form, tailText);
  if (tail === undefined) {
    return refuse(`the sort key is not a ${kind}`);
  }
  const writer = table === "Control" && isOrigin(entity) ? { writer: entity } : {};
  return ok({ entity, kind, ...tail, ...writer });
}
