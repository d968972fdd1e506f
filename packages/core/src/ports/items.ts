import type { Index } from "../items/indexes.ts";
import type { ItemKey, ItemValue, StoredItem } from "../items/item.ts";
import type { Table } from "../items/tables.ts";
import type { Result } from "../result/result.ts";

/** The store could not do it. `throttled` and `unavailable` may have taken effect when they were writes. */
export type StorageError =
  | { readonly type: "throttled"; readonly operation: string }
  | { readonly type: "unavailable"; readonly operation: string; readonly reason: string }
  | { readonly type: "item-too-large"; readonly operation: string }
  /** A transaction was on one of the items at the same moment: nothing was written, and another try may succeed. */
  | { readonly type: "contended"; readonly operation: string }
  /** More writes than one transaction takes: refused before anything is sent. */
  | {
      readonly type: "too-many-writes";
      readonly operation: string;
      readonly count: number;
      readonly limit: number;
    }
  /** An item of another origin: refused here, whatever permissions would allow. */
  | { readonly type: "foreign-item"; readonly operation: string; readonly key: ItemKey }
  /** A stored item that cannot be read as plain data. */
  | { readonly type: "unreadable"; readonly operation: string; readonly reason: string };

/**
 * Must hold on the own region's copy for a write to happen. Attribute names are top-level. A value of another type than
 * the condition is about never meets it: a text has no members, and is not below a number.
 */
export type Condition =
  | { readonly type: "absent"; readonly attribute: string }
  | { readonly type: "present"; readonly attribute: string }
  | { readonly type: "equals"; readonly attribute: string; readonly value: string | number }
  /** The string set lacks the member; a missing set lacks everything. */
  | { readonly type: "lacks"; readonly attribute: string; readonly member: string }
  /** The number is below the limit; a missing number is. */
  | { readonly type: "below"; readonly attribute: string; readonly limit: number }
  /** The number is at least the floor; a missing number is not. */
  | { readonly type: "at-least"; readonly attribute: string; readonly floor: number }
  /** The string set has fewer members than the limit; a missing set has none. */
  | { readonly type: "fewer"; readonly attribute: string; readonly limit: number };

/**
 * One conditional write of one item. Attributes are set, removed, or added to: a number by a whole number, which may be
 * negative, a string set by members. One attribute is in one of the three, and the key in none. Adding makes what is
 * missing; adding to another type is a bug and throws.
 */
export interface Update {
  readonly set?: Readonly<Record<string, ItemValue>>;
  readonly remove?: readonly string[];
  readonly add?: Readonly<Record<string, number | ReadonlySet<string>>>;
  readonly onlyIf: readonly Condition[];
}

/** `refused` carries the item as it stood, absent where there is none. */
export type WriteOutcome =
  | { readonly type: "written" }
  | { readonly type: "refused"; readonly item?: StoredItem };

export type UpdateOutcome =
  | { readonly type: "written"; readonly item: StoredItem }
  | { readonly type: "refused"; readonly item?: StoredItem };

/** One part of a transaction. A `check` writes nothing and may look at any origin's item. */
export type TransactionWrite =
  | {
      readonly type: "put";
      readonly table: Table;
      readonly item: StoredItem;
      readonly onlyIf: readonly Condition[];
    }
  | { readonly type: "update"; readonly table: Table; readonly key: ItemKey; readonly update: Update }
  | {
      readonly type: "check";
      readonly table: Table;
      readonly key: ItemKey;
      readonly onlyIf: readonly Condition[];
    };

/**
 * `refused` names the writes whose conditions failed, by their place, with the items as they stood. Where a transaction
 * was refused and contended at once it is refused: it would be again.
 */
export type TransactionOutcome =
  | { readonly type: "written" }
  | {
      readonly type: "refused";
      readonly refusals: readonly { readonly index: number; readonly item?: StoredItem }[];
    };

/** What one TransactWriteItems takes. */
export const transactionWritesMax = 100;

/**
 * Attributes that one update may set, remove and add to, and conditions that one write may have: with placeholders for
 * names and values both stay within the 4 KB that DynamoDB takes of an expression. More is a bug and throws.
 */
export const updateAttributesMax = 250;
export const conditionsMax = 40;

/** Items that a caller may ask of one page: a hundred to show, and one that says whether there are more. */
export const pageItemsMax = 101;
/** Items that a maintenance job may ask of one page. */
export const scanItemsMax = 1_000;

/** One page of an index: the items with that value of its hash key, by its range key. */
export interface IndexQuery {
  readonly value: string;
  /** Range keys above or below this, by UTF-8 bytes; all without. */
  readonly beyond?: { readonly side: "above" | "below"; readonly rangeKey: string };
  /** The greatest range key first. */
  readonly descending?: boolean;
  /** 1 to 101 */
  readonly limit: number;
}

/** One page of a partition, newest sort key first. */
export interface NewestQuery {
  /** Sort keys below this; from the end without. */
  readonly before?: string;
  /** 1 to 101 */
  readonly limit: number;
}

/** One page of a whole table, in the engine's own order. It may be shorter than asked, and empty. */
export interface ScanPage {
  readonly items: readonly StoredItem[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: ItemKey;
}

/**
 * The own region's tables. Reads by key are strongly consistent; writes go to items of the own origin only. One write
 * is one conditional request, and several are one transaction or none. What no request may be (an update of nothing,
 * two writes of one item in a transaction, a value that cannot be stored) is a bug and throws.
 *
 * An answer may be lost after its write took effect. Adapters send a request again within one call, so this shows in
 * two ways: `unavailable` or `throttled`, and `refused` with an item that holds the caller's own write. So each write
 * carries something that only it makes, an operation id or the counter's next value, and whoever is refused looks for
 * that in the item before taking the refusal for another's. A write that its own effect does not make fail can happen
 * twice; a transaction cannot within one call, nor with its `token` over several.
 */
export interface Items {
  get(table: Table, key: ItemKey): Promise<Result<StoredItem | undefined, StorageError>>;
  /** Every item of one partition, by sort key, however many pages it takes. */
  queryPartition(table: Table, pk: string): Promise<Result<readonly StoredItem[], StorageError>>;
  queryNewest(
    table: Table,
    pk: string,
    query: NewestQuery,
  ): Promise<Result<readonly StoredItem[], StorageError>>;
  put(
    table: Table,
    item: StoredItem,
    onlyIf: readonly Condition[],
  ): Promise<Result<WriteOutcome, StorageError>>;
  update(table: Table, key: ItemKey, update: Update): Promise<Result<UpdateOutcome, StorageError>>;
  /**
   * All of the writes or none, at most 100, each on another item, 4 MB in all. With a `token` of 1 to 36 characters the
   * same writes sent again within ten minutes of their being written are the same transaction, whatever has changed
   * since; other writes with it are a bug and throw. A refused transaction leaves its token free.
   */
  transact(
    writes: readonly TransactionWrite[],
    options?: { readonly token?: string },
  ): Promise<Result<TransactionOutcome, StorageError>>;
  /** A little behind the table; of an index that holds keys, the keys alone. */
  queryIndex(index: Index, query: IndexQuery): Promise<Result<readonly StoredItem[], StorageError>>;
  /** For maintenance: a page of the whole table, `limit` 1 to 1,000 items. Not a snapshot. */
  scan(
    table: Table,
    page: { readonly after?: ItemKey; readonly limit: number },
  ): Promise<Result<ScanPage, StorageError>>;
}
