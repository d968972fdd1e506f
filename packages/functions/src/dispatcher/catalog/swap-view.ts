import {
  type Condition,
  type Items,
  ok,
  type ProductId,
  type ProductView,
  type Result,
  type StorageError,
  type StoredItem,
  type TransactionWrite,
  transactionWritesMax,
  viewKey,
  viewToItem,
  type WriteOutcome,
} from "@antipode/core";

export interface Swap {
  /** The version of the view that the swap was planned on; absent when there was no view. */
  readonly version: string | undefined;
  /** Absent when the stored one is to stay. */
  readonly view?: ProductView;
  readonly puts: readonly TransactionWrite[];
  /** Writes in one transaction; a test takes fewer than a store does. */
  readonly writesMax?: number;
}

type Written = Promise<Result<WriteOutcome["type"], StorageError>>;

async function transact(items: Items, writes: readonly TransactionWrite[]): Written {
  const outcome = await items.transact(writes);
  return outcome.ok ? ok(outcome.value.type) : outcome;
}

async function put(items: Items, item: StoredItem, onlyIf: readonly Condition[]): Written {
  const outcome = await items.put("Views", item, onlyIf);
  return outcome.ok ? ok(outcome.value.type) : outcome;
}

/**
 * Writes a product's view and its offers if the stored view is still the one that was looked at: so no offer goes back
 * behind a view that has moved on. They are one transaction. More than fit into one are several, each held to the stored
 * view and the view in the last of them, so that a view which is written has its offers already written; what is cut
 * short between two of them is done again by whoever rebuilds the product next.
 */
export async function swapView(
  items: Items,
  id: ProductId,
  { version, view, puts, writesMax = transactionWritesMax }: Swap,
): Written {
  const onlyIf: readonly Condition[] = [
    version === undefined
      ? { type: "absent", attribute: "version" }
      : { type: "equals", attribute: "version", value: version },
  ];
  const check: TransactionWrite = { type: "check", table: "Views", key: viewKey(id), onlyIf };
  if (view !== undefined && puts.length === 0) {
    return put(items, viewToItem(view), onlyIf);
  }
  let rest = puts;
  while (rest.length >= writesMax) {
    const outcome = await transact(items, [check, ...rest.slice(0, writesMax - 1)]);
    if (!outcome.ok || outcome.value === "refused") {
      return outcome;
    }
    rest = rest.slice(writesMax - 1);
  }
  if (view === undefined && rest.length === 0) {
    return ok("written");
  }
  const last: TransactionWrite =
    view === undefined ? check : { type: "put", table: "Views", item: viewToItem(view), onlyIf };
  return transact(items, [last, ...rest]);
}
