import type { ItemKey, StoredItem } from "../items/item.ts";
import { itemBytes, itemBytesMax, transactionBytesMax } from "../items/item-size.ts";
import type { Table } from "../items/tables.ts";
import { compareUtf8 } from "../items/utf8.ts";
import { keyOfWrite } from "../items/write-form.ts";
import type { StorageError, TransactionWrite } from "../ports/items.ts";
import { err, ok, type Result } from "../result/result.ts";
import { allHold, asStored, updated } from "./item-changes.ts";

/** What became of one write of a request: the item that it left, or the one that its conditions did not hold on. */
export type Applied =
  | { readonly type: "written"; readonly item: StoredItem | undefined }
  | { readonly type: "refused"; readonly item: StoredItem | undefined };

/** Tables in memory, with DynamoDB's rules of what may be stored. */
export interface FakeTables {
  get(table: Table, key: ItemKey): StoredItem | undefined;
  /** Stores without a condition. */
  set(table: Table, item: StoredItem): void;
  /** Every item by key. */
  all(table: Table): readonly StoredItem[];
  /** The items of one partition by sort key. */
  partition(table: Table, pk: string): readonly StoredItem[];
  /** All of the writes or none: when one is refused, nothing is written. */
  apply(
    operation: string,
    writes: readonly TransactionWrite[],
  ): Result<readonly Applied[], StorageError & { type: "item-too-large" }>;
}

const keyText = ({ pk, sk }: ItemKey) => `${pk}\u0000${sk}`;

export function byKey(a: ItemKey, b: ItemKey): number {
  return compareUtf8(a.pk, b.pk) || compareUtf8(a.sk, b.sk);
}

function itemAfter(write: TransactionWrite, before: StoredItem | undefined): StoredItem | undefined {
  switch (write.type) {
    case "put":
      return asStored(write.item);
    case "update":
      return asStored(updated(write.key, before, write.update));
    case "check":
      return undefined;
  }
}

const bytesOf = (item: StoredItem | undefined) => (item === undefined ? 0 : itemBytes(item));

export function createFakeTables(): FakeTables {
  const itemsByTable = new Map<Table, Map<string, StoredItem>>();
  const itemsOf = (table: Table) => {
    const found = itemsByTable.get(table) ?? new Map<string, StoredItem>();
    itemsByTable.set(table, found);
    return found;
  };
  const get = (table: Table, key: ItemKey) => itemsOf(table).get(keyText(key));
  const set = (table: Table, item: StoredItem) => void itemsOf(table).set(keyText(item), item);

  /** Worked out and not yet made. An update is only worked out when it is allowed, a put's size is looked at first. */
  function attempt(write: TransactionWrite): Applied {
    const before = get(write.table, keyOfWrite(write));
    return allHold(write.type === "update" ? write.update.onlyIf : write.onlyIf, before)
      ? { type: "written", item: itemAfter(write, before) }
      : { type: "refused", item: before };
  }

  return {
    get,
    set,
    all: (table) => [...itemsOf(table).values()].sort(byKey),
    partition: (table, pk) => [...itemsOf(table).values()].filter((item) => item.pk === pk).sort(byKey),
    apply(operation, writes) {
      const tooLarge = err({ type: "item-too-large" as const, operation });
      if (writes.some((write) => write.type === "put" && itemBytes(asStored(write.item)) > itemBytesMax)) {
        return tooLarge;
      }
      const outcomes = writes.map(attempt);
      if (outcomes.some(({ type }) => type === "refused")) {
        return ok(outcomes);
      }
      const sizes = outcomes.map(({ item }) => bytesOf(item));
      if (
        sizes.some((bytes) => bytes > itemBytesMax) ||
        sizes.reduce((a, b) => a + b, 0) > transactionBytesMax
      ) {
        return tooLarge;
      }
      for (const [index, { item }] of outcomes.entries()) {
        const write = writes[index];
        if (write !== undefined && item !== undefined) {
          set(write.table, item);
        }
      }
      return ok(outcomes);
    },
  };
}
