import type { Origin } from "../ids/origin.ts";
import { type StorageError, type TransactionWrite, transactionWritesMax } from "../ports/items.ts";
import { refuseForeign } from "./ownership.ts";
import { keyOfWrite } from "./write-form.ts";

/** What a transaction is called in failures and logs: its tables, in order of first use. */
export function transactionOperation(writes: readonly TransactionWrite[]): string {
  const tables = new Set(writes.map(({ table }) => table));
  return ["TransactWriteItems", ...tables].join(" ");
}

/** What every adapter refuses before anything is sent: too many writes, or an item of another origin. */
export function refuseTransaction(
  writes: readonly TransactionWrite[],
  origin: Origin,
): StorageError | undefined {
  const operation = transactionOperation(writes);
  if (writes.length > transactionWritesMax) {
    return { type: "too-many-writes", operation, count: writes.length, limit: transactionWritesMax };
  }
  return writes
    .filter(({ type }) => type !== "check")
    .map((write) => refuseForeign(operation, write.table, keyOfWrite(write), origin))
    .find((error) => error !== undefined);
}
