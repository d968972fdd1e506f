import { type Origin, originRegion, type Payment, placementOf } from "@antipode/core";
import type { SellingDeps } from "../orders/deps.ts";
import { readOrder } from "../orders/read-order.ts";

/** Repair runs every minute; a payment without an order has waited since a restore or a loss of storage. */
const everyMinutes = 10;

/** Longer than an hour's outage of this function, with what a checkout needs to store its order first. */
const lookBackMs = 2 * 60 * 60_000;

/** An order is stored before its payment is made, but a region that is behind may see it a little later. */
const youngMs = 60_000;

const timeNeededMs = 10_000;

/** What nobody ordered is let go while that is possible; what was taken is a person's to decide. */
async function letGo({ payments, log }: SellingDeps, payment: Payment): Promise<void> {
  const { id, orderId, status, amount } = payment;
  const attempt = { orderId, paymentId: id, attempt: 0 };
  const cancelled =
    status === "captured" || status === "cancelled" ? undefined : await payments.cancel(attempt);
  log.error("payment without an order", {
    payment: id,
    orderId,
    status,
    amount,
    cancelled: cancelled?.ok === true,
    ...(cancelled?.ok === false ? { cause: cancelled.error } : {}),
  });
}

/** Placements of this region, in any of its lives, and of regions that were given up: nobody else looks after those. */
async function isOurs(deps: SellingDeps, placement: Origin): Promise<boolean> {
  if (originRegion(placement) === deps.deployment.region) {
    return true;
  }
  const rights = await deps.rights();
  return rights.ok && rights.value.fenced.has(placement);
}

async function isUnmatched(deps: SellingDeps, payment: Payment, nowMs: number): Promise<boolean> {
  const { placement, orderId, createdAtMs, status } = payment;
  if (
    placement === undefined ||
    !(await isOurs(deps, placement)) ||
    status === "cancelled" ||
    nowMs - createdAtMs < youngMs
  ) {
    return false;
  }
  const order = await readOrder(deps, orderId);
  if (!order.ok) {
    deps.log.warn("an order is not read", { orderId, cause: order.error });
    return false;
  }
  return placementOf(order.value, placement) === undefined;
}

/**
 * Looks for payments of this region's placements that no order knows: money that was asked for and that nobody will deliver
 * for. Nothing in the runs between.
 */
export async function reconcilePayments(
  deps: SellingDeps,
  timeLeftMs: () => number,
): Promise<number | undefined> {
  const { payments, clock, log, measurements } = deps;
  const nowMs = clock.nowMs();
  if (Math.floor(nowMs / 60_000) % everyMinutes !== 0) {
    return undefined;
  }
  let unmatched = 0;
  let after: string | undefined;
  do {
    const page = await payments.list({
      createdSinceMs: nowMs - lookBackMs,
      ...(after === undefined ? {} : { after }),
    });
    if (!page.ok) {
      log.warn("payments are not listed", { cause: page.error });
      return undefined;
    }
    for (const payment of page.value.payments) {
      if (await isUnmatched(deps, payment, nowMs)) {
        unmatched += 1;
        await letGo(deps, payment);
      }
    }
    after = page.value.next;
  } while (after !== undefined && timeLeftMs() > timeNeededMs);
  measurements.record("PaymentsUnmatched", [unmatched]);
  return unmatched;
}
