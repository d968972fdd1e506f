import { err, type Items, ok, type Result, type StorageError, type TransactionWrite } from "@antipode/core";
import type { Delay } from "./clock.ts";

/**
 * What became of one change. `refused`: something of it was written by somebody else, or by an earlier try whose answer was
 * lost. `contended`: others were writing the same items at that moment. Either way: read again and decide again.
 */
export type Written = "written" | "refused" | "contended";

export interface WaitDeps {
  readonly delay: Delay;
  /** From 0 to below 1: how much of a wait is waited. */
  readonly chance: () => number;
}

/** Below what a shopper notices, and longer each time: the n-th try waits up to n times this. */
const contendedWaitMs = 40;

/** Waits a random time, longer after each try, so that those who met once do not meet again. */
export async function waitAfterContention({ delay, chance }: WaitDeps, tries: number): Promise<void> {
  await delay(Math.ceil(chance() * contendedWaitMs * tries));
}

/** Makes one change: a single conditional write, or all of them in one transaction. */
export async function writeAll(
  items: Items,
  writes: readonly TransactionWrite[],
): Promise<Result<Written, StorageError>> {
  const [only, ...others] = writes;
  const outcome =
    only?.type === "put" && others.length === 0
      ? await items.put(only.table, only.item, only.onlyIf)
      : await items.transact(writes);
  if (outcome.ok) {
    return ok(outcome.value.type);
  }
  return outcome.error.type === "contended" ? ok("contended") : err(outcome.error);
}
