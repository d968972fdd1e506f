import { err, isOrderId, type OrderId, ok, type Result, type StorageError, sortableMs } from "@antipode/core";
import { advanceOrder, putOff } from "../orders/advance.ts";
import type { SellingDeps } from "../orders/deps.ts";
import { reconcilePayments } from "./reconcile-payments.ts";

export interface RepairSummary {
  /** Orders that were due and brought as far as they go now. */
  readonly repaired: number;
  /** Orders that could not be brought forward; the log has the reasons. */
  readonly failed: number;
  /** Orders that have been due for more than ten minutes. */
  readonly overdue: number;
  /** More are due than this run had time for. */
  readonly more: boolean;
  /** Payments that no order knows; absent when this run did not look. */
  readonly unmatchedPayments?: number;
}

const pageSize = 100;
const ordersAtOnce = 8;

/** Of a function that has some 55 s: begin nothing that a slow provider would cut short. */
const timeNeededMs = 15_000;

/** Well beyond what a provider's hiccup or a cut link takes; an operator should look. */
const overdueMs = 10 * 60_000;

interface Due {
  readonly id: OrderId;
  readonly dueAtMs: number;
}

async function readDue(
  { items, deployment, clock }: SellingDeps,
  after: string | undefined,
): Promise<Result<{ readonly due: readonly Due[]; readonly last: string | undefined }, StorageError>> {
  const found = await items.queryIndex("byDue", {
    value: deployment.origin,
    limit: pageSize,
    ...(after === undefined ? {} : { beyond: { side: "above", rangeKey: after } }),
  });
  if (!found.ok) {
    return found;
  }
  const now = sortableMs(clock.nowMs());
  const due = found.value.flatMap((item): Due[] => {
    const id = item.pk.slice("ORDER#".length);
    const dueAt = item["dueAt"];
    return isOrderId(id) && typeof dueAt === "string" && dueAt <= now ? [{ id, dueAtMs: Number(dueAt) }] : [];
  });
  const last = found.value.length === pageSize ? found.value.at(-1)?.["dueAt"] : undefined;
  return ok({ due, last: typeof last === "string" && last <= now ? last : undefined });
}

async function repairOne(deps: SellingDeps, { id }: Due): Promise<boolean> {
  const advanced = await advanceOrder(deps, id);
  const done = advanced.ok ? await putOff(deps, advanced.value) : advanced;
  if (!done.ok) {
    deps.log.error("order not brought forward", { orderId: id, ...done.error });
  }
  return done.ok;
}

async function repairAll(deps: SellingDeps, due: readonly Due[], timeLeftMs: () => number) {
  const waiting = due.values();
  const counts = { repaired: 0, failed: 0, left: 0 };
  const workers = Array.from({ length: ordersAtOnce }, async () => {
    for (const one of waiting) {
      if (timeLeftMs() < timeNeededMs) {
        counts.left += 1;
      } else if (await repairOne(deps, one)) {
        counts.repaired += 1;
      } else {
        counts.failed += 1;
      }
    }
  });
  await Promise.all(workers);
  return counts;
}

/**
 * Brings to its end what is due in this region: checkouts that were interrupted, holds that are over, payments that were slow.
 * Every tenth run looks for payments without an order. Each run may overlap another, and be repeated.
 */
export function createRepair(deps: SellingDeps) {
  const { clock, measurements } = deps;
  return async (timeLeftMs: () => number): Promise<Result<RepairSummary, StorageError>> => {
    const summary = { repaired: 0, failed: 0, overdue: 0, more: false };
    let after: string | undefined;
    do {
      const page = await readDue(deps, after);
      if (!page.ok) {
        return err(page.error);
      }
      const nowMs = clock.nowMs();
      const counts = await repairAll(deps, page.value.due, timeLeftMs);
      summary.repaired += counts.repaired;
      summary.failed += counts.failed;
      summary.overdue += page.value.due.filter(({ dueAtMs }) => nowMs - dueAtMs > overdueMs).length;
      summary.more = counts.left > 0 || page.value.last !== undefined;
      after = counts.left > 0 ? undefined : page.value.last;
    } while (after !== undefined && timeLeftMs() > timeNeededMs);
    measurements.record("OrdersRepaired", [summary.repaired]);
    measurements.record("OrdersNotRepaired", [summary.failed]);
    measurements.record("OrdersOverdue", [summary.overdue]);
    const unmatchedPayments = await reconcilePayments(deps, timeLeftMs);
    return ok({ ...summary, ...(unmatchedPayments === undefined ? {} : { unmatchedPayments }) });
  };
}
