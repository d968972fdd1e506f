import {
  type CartId,
  cartKey,
  type ItemKey,
  type Items,
  isCartId,
  type Result,
  type StorageError,
  type StoredItem,
  type Table,
} from "@antipode/core";
import { origin, ulidAt } from "@antipode/core/testing";

/** One adapter of the items port, with what a test must be able to do behind its back. */
export interface ConformanceStore {
  readonly items: Items;
  /** Puts an item as replication would: no condition, any origin. */
  load(table: Table, item: StoredItem): Promise<void>;
  /** The next request of that operation takes effect, and its answer is lost. */
  loseNext(operation: "PutItem" | "UpdateItem" | "TransactWriteItems"): void;
  close(): Promise<void>;
}

/** What a part of the suite gets: the store only exists once the tests run. */
export type OpenStore = () => ConformanceStore;

/** Whose items the adapters write. */
export const conformanceOrigin = origin("us-east-1#1");
export const otherOrigin = origin("eu-west-1#1");

const madeAtMs = 1_760_000_000_000;
let carts = 0;

/** A cart that no other test uses: engines keep what earlier tests wrote. */
export function newCart(): CartId {
  carts += 1;
  const id = `crt_${ulidAt(madeAtMs, 1)}_${ulidAt(madeAtMs, carts)}`;
  if (!isCartId(id)) {
    throw new Error(id);
  }
  return id;
}

/** The own item of a cart that no other test uses. */
export function newKey(): Pick<ItemKey, "pk" | "sk"> {
  return cartKey(newCart(), conformanceOrigin);
}

export async function expectOk<T>(call: Promise<Result<T, StorageError>>): Promise<T> {
  const result = await call;
  if (!result.ok) {
    throw new Error(JSON.stringify(result.error));
  }
  return result.value;
}

export const written = { ok: true, value: { type: "written" } } as const;

export function refusedWith(item: StoredItem | undefined) {
  return { ok: true, value: { type: "refused", ...(item === undefined ? {} : { item }) } } as const;
}
