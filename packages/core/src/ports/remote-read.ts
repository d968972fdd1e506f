import type { ItemKey, StoredItem } from "../items/item.ts";
import type { GlobalTable } from "../items/tables.ts";
import type { Result } from "../result/result.ts";
import type { StorageError } from "./items.ts";

/** Reading, never writing, a global table in a named other region: for an answer that must cover what a client saw. */
export interface RemoteRead {
  /** Strongly consistent in that region. `unavailable` when it cannot be reached in time. */
  get(
    region: string,
    table: GlobalTable,
    key: ItemKey,
  ): Promise<Result<StoredItem | undefined, StorageError>>;
  /** Strongly consistent in that region. `unavailable` when it cannot be reached in time. */
  queryPartition(
    region: string,
    table: GlobalTable,
    pk: string,
  ): Promise<Result<readonly StoredItem[], StorageError>>;
}
