import type { ItemKey, ItemValue, StoredItem } from "../items/item.ts";
import type { Table } from "../items/tables.ts";
import type { Result } from "../result/result.ts";

/** The store could not do it. `throttled` and `unavailable` may have taken effect when they were writes. */
export type StorageError =
  | { readonly type: "throttled"; readonly operation: string }
  | { readonly type: "unavailable"; readonly operation: string; readonly reason: string }
  | { readonly type: "item-too-large"; readonly operation: string }
  /** An item of another origin: refused here, whatever permissions would allow. */
  | { readonly type: "foreign-item"; readonly operation: string; readonly key: ItemKey }
  /** A stored item that cannot be read as plain data. */
  | { readonly type: "unreadable"; readonly operation: string; readonly reason: string };

/** Must hold on the own region's copy for a write to happen. Attribute names are top-level. */
export type Condition =
  | { readonly type: "absent"; readonly attribute: string }
  | { readonly type: "equals"; readonly attribute: string; readonly value: string | number }
  /** The string set lacks the member; a missing set lacks everything. */
  | { readonly type: "lacks"; readonly attribute: string; readonly member: string }
  /** The number is below the limit; a missing number is. */
  | { readonly type: "below"; readonly attribute: string; readonly limit: number };

/** A write that needs no read before it: attributes set, counters and string sets that only grow. */
export interface Update {
  readonly set?: Readonly<Record<string, ItemValue>>;
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

/** One page of a category of the regional `Views` table, by `listKey`. */
export interface ListQuery {
  readonly category: string;
  /** Views whose `listKey` is greater than this; from the start without. */
  readonly after?: ItemKey & { readonly listKey: string };
  /** 1 to 101 */
  readonly limit: number;
}

/**
 * The own region's tables. Reads by key are strongly consistent; writes go to items of the own origin only, and each
 * is one conditional request. The next kinds of write (an adjustment with a floor, several items at once) belong here.
 */
export interface Items {
  get(table: Table, key: ItemKey): Promise<Result<StoredItem | undefined, StorageError>>;
  /** Every item of one partition, by sort key, however many pages it takes. */
  queryPartition(table: Table, pk: string): Promise<Result<readonly StoredItem[], StorageError>>;
  put(
    table: Table,
    item: StoredItem,
    onlyIf: readonly Condition[],
  ): Promise<Result<WriteOutcome, StorageError>>;
  update(table: Table, key: ItemKey, update: Update): Promise<Result<UpdateOutcome, StorageError>>;
  /** From an index, so a little behind: the only read that is not strongly consistent. */
  listViews(query: ListQuery): Promise<Result<readonly StoredItem[], StorageError>>;
}
