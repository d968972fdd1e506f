import { isCartId } from "../ids/cart-id.ts";
import { isOrderId } from "../ids/order-id.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import { isProductId, isSku } from "../ids/product-ids.ts";
import { isUlid } from "../ids/ulid.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { ItemKey } from "./item.ts";
import type { GlobalTable } from "./tables.ts";

/** What a key of a global table names. */
export interface ParsedKey {
  /** The last part of the partition key: a product id, cart id, SKU, order id or origin. */
  readonly entity: string;
  /** The first part of the sort key, for example `R`, `EDIT`, `CELL`, `AT` or `HEARTBEAT`. */
  readonly kind: string;
  /** Who writes the item. */
  readonly writer: Origin;
  /** The number behind the origin of a cell, an allocation's attempt, a log's entry or a command. */
  readonly number?: number;
}

export interface KeyNotUnderstood {
  readonly type: "key-not-understood";
  readonly table: GlobalTable;
  readonly key: ItemKey;
  readonly reason: string;
}

/** Cells and attempts count from 0, logs from 1; leading zeros would make two keys for one number. */
const numberPattern = /^(?:0|[1-9][0-9]{0,14})$/;

interface SortKeyForm {
  readonly tail: "writer" | "writer-and-number" | "number" | "subject" | "nothing";
}

/** One kind of partition: where the sort key names no writer, the entity is the writer itself. */
interface PartitionKeys {
  readonly prefix: string;
  readonly isEntity: (text: string) => boolean;
  readonly kinds: Readonly<Record<string, SortKeyForm>>;
}

/** The key shapes of the global tables, as data. */
const keysByTable: Readonly<Record<GlobalTable, readonly PartitionKeys[]>> = {
  Catalog: [{ prefix: "PRODUCT", isEntity: isProductId, kinds: { EDIT: { tail: "writer" } } }],
  Carts: [{ prefix: "CART", isEntity: isCartId, kinds: { R: { tail: "writer" } } }],
  Stock: [
    { prefix: "SKU", isEntity: isSku, kinds: { CELL: { tail: "writer-and-number" } } },
    // Apart from the cells, which every checkout reads: a partition has each region's word on one delivery.
    { prefix: "DELIVERY", isEntity: isUlid, kinds: { AT: { tail: "writer" } } },
  ],
  Orders: [
    {
      prefix: "ORDER",
      isEntity: isOrderId,
      kinds: {
        PLACED: { tail: "writer" },
        WITNESS: { tail: "writer" },
        ALLOC: { tail: "writer-and-number" },
        EVENT: { tail: "writer-and-number" },
      },
    },
  ],
  Control: [
    {
      prefix: "REGION",
      isEntity: isOrigin,
      kinds: {
        HEARTBEAT: { tail: "nothing" },
        ECHOES: { tail: "nothing" },
        FENCES: { tail: "nothing" },
        ALARMS: { tail: "nothing" },
        SEEN: { tail: "nothing" },
        OBSERVATIONS: { tail: "nothing" },
        VOTES: { tail: "nothing" },
        COMMANDS: { tail: "number" },
        FAILOVERS: { tail: "subject" },
        RECOVERIES: { tail: "subject" },
      },
    },
  ],
};

interface Tail {
  readonly writer?: Origin;
  readonly number?: number;
}

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
    case "subject": // another region, of which the partition's says something
      return isOrigin(tail) ? {} : undefined;
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
  const [prefix, entity] = splitOnce(key.pk);
  const forms = keysByTable[table];
  const keys = forms.find((form) => form.prefix === prefix);
  if (keys === undefined || entity === undefined || !keys.isEntity(entity)) {
    return refuse(`the partition key is not ${forms.map((form) => `${form.prefix}#…`).join(" or ")}`);
  }
  const [kind, tailText] = splitOnce(key.sk);
  const form = Object.hasOwn(keys.kinds, kind) ? keys.kinds[kind] : undefined;
  if (form === undefined) {
    return refuse(`the sort key is none of ${Object.keys(keys.kinds).join(", ")}`);
  }
  const tail = parseTail(form, tailText);
  const writer = tail?.writer ?? (isOrigin(entity) ? entity : undefined);
  if (tail === undefined || writer === undefined) {
    return refuse(`the sort key is not a ${kind}`);
  }
  return ok({ entity, kind, ...tail, writer });
}
