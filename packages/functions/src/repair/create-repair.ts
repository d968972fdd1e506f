import { err, type OrderId, ok, type Result, type StorageError } from "@antipode/core";
import type { DecidingDeps } from "../orders/deps.ts";
import { eachAtOnce } from "./at-once.ts";
import { type Due, type DuePage, readDue } from "./read-due.ts";
import { reconcilePayments } from "./reconcile-payments.ts";
import { isLeftLying, repairOne } from "./repair-one.ts";

/** What one run has done. */
export interface RepairSummary {
  /** Orders that were due and brought as far as they go now, whether that is their end or a wait. */
  readonly repaired: number;
  /** Orders that could not be brought forward; the log has the reasons. */
  readonly failed: number;
  /**
   * Orders, of those that were due, that are open ten minutes after they should have been over, or that nobody could bring
   * forward for ten minutes.
   */
  readonly overdue: number;
  /** More are due than this run had time for. */
  readonly more: boolean;
  /** Payments that no order knows; absent when this run did not look, or not at all of them. */
  readonly unmatchedPayments?: number;
}

const ordersAtOnce = 8;

/** Of a function that has some 55 s: begin nothing that a slow provider would cut short. */
const timeNeededMs = 15_000;

type Counts = { -readonly [Key in "repaired" | "failed" | "overdue" | "left"]: number };

async function repairAll(
  deps: DecidingDeps,
  due: readonly Due[],
  timeLeftMs: () => number,
  counts: Counts,
): Promise<void> {
  await eachAtOnce(due, ordersAtOnce, async (one) => {
    if (timeLeftMs() < timeNeededMs) {
      counts.left += 1;
      counts.overdue += isLeftLying(deps, one) ? 1 : 0;
      return;
    }
    const { done, overdue } = await repairOne(deps, one);
    counts[done ? "repaired" : "failed"] += 1;
    counts.overdue += overdue ? 1 : 0;
  });
}

/** Where the next page begins: with the last one's ms again, which others may share, unless nothing else was on the page. */
function afterPage({ lastAtMs }: DuePage, isNew: boolean): number | undefined {
  return lastAtMs === undefined || !isNew ? lastAtMs : lastAtMs - 1;
}

/** Each order that is due, once, page after page while there is time. */
async function repairDue(
  deps: DecidingDeps,
  timeLeftMs: () => number,
): Promise<Result<Counts & { readonly more: boolean }, StorageError>> {
  const counts: Counts = { repaired: 0, failed: 0, overdue: 0, left: 0 };
  const taken = new Set<OrderId>();
  let after: number | undefined;
  do {
    const page = await readDue(deps, after);
    if (!page.ok) {
      return err(page.error);
    }
    const due = page.value.due.filter(({ id }) => !taken.has(id));
    for (const { id } of due) {
      taken.add(id);
    }
    await repairAll(deps, due, timeLeftMs, counts);
    after = afterPage(page.value, due.length > 0);
  } while (after !== undefined && counts.left === 0 && timeLeftMs() > timeNeededMs);
  return ok({ ...counts, more: counts.left > 0 || after !== undefined });
}

/**
 * Brings to its end what is due in this region: checkouts that were interrupted, holds that are over, payments that were slow.
 * Some runs then look for payments without an order. Each run may overlap another, and be repeated.
 */
export function createRepair(deps: DecidingDeps) {
  const { measurements } = deps;
  return async (timeLeftMs: () => number): Promise<Result<RepairSummary, StorageError>> => {
    const counts = await repairDue(deps, timeLeftMs);
    if (!counts.ok) {
      return counts;
    }
    const { repaired, failed, overdue, more } = counts.value;
    measurements.record("OrdersRepaired", [repaired]);
    measurements.record("OrdersNotRepaired", [failed]);
    measurements.record("OrdersOverdue", [overdue]);
    const unmatchedPayments = await reconcilePayments(deps, timeLeftMs);
    return ok({
      repaired,
      failed,
      overdue,
      more,
      ...(unmatchedPayments === undefined ? {} : { unmatchedPayments }),
    });
  };
}
