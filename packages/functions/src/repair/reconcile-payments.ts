import {
  err,
  type ItemNotUnderstood,
  type OrderId,
  type Origin,
  ok,
  originRegion,
  type Payment,
  type PaymentError,
  paymentAttempt,
  placementOf,
  type Result,
  type StorageError,
} from "@antipode/core";
import type { DecidingDeps } from "../orders/deps.ts";
import { readOrder } from "../orders/read-order.ts";
import { eachAtOnce } from "./at-once.ts";

/**
 * The share of runs that look, by chance: of one a minute about every tenth, so that most runs ask the provider for nothing. A
 * run that comes late, twice or never changes nothing by that, and nothing has to be kept between runs. That none of the
 * 120 runs of the time looked back looks happens to three payments in a million.
 */
const lookShare = 0.1;

/** Orders that are read at once: of a page of payments, a second's work at most. */
const readsAtOnce = 8;

/** Longer than an hour's outage of this function, with what a checkout needs to store its order first. */
const lookBackMs = 2 * 60 * 60_000;

/** An order is stored before its payment is made, but a region that is behind may see it a little later. */
const youngMs = 60_000;

/** For the payments that are being looked at when the time is over: the provider may be slow to let go. */
const timeNeededMs = 10_000;

/** What ends or spoils a look; the log says it. */
interface Incomplete {
  readonly cause: StorageError | ItemNotUnderstood | PaymentError | "no time is left";
}

/** What nobody ordered is let go while that is possible; what was taken is a person's to decide. */
async function letGo({ payments, log }: DecidingDeps, payment: Payment): Promise<void> {
  const { id, orderId, status, amount } = payment;
  const attempt = { orderId, paymentId: id, attempt: paymentAttempt };
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
async function isOurs(
  deps: DecidingDeps,
  placement: Origin,
  readRights: DecidingDeps["rights"],
): Promise<Result<boolean, Incomplete>> {
  if (originRegion(placement) === deps.deployment.region) {
    return ok(true);
  }
  const rights = await readRights();
  return rights.ok ? ok(rights.value.fenced.has(placement)) : err({ cause: rights.error });
}

/** An order that this version cannot read is there all the same. */
async function hasOrder(
  deps: DecidingDeps,
  orderId: OrderId,
  placement: Origin,
): Promise<Result<boolean, Incomplete>> {
  const order = await readOrder(deps, orderId);
  if (order.ok) {
    return ok(placementOf(order.value, placement) !== undefined);
  }
  return order.error.type === "item-not-understood" ? ok(true) : err({ cause: order.error });
}

interface Look {
  readonly nowMs: number;
  readonly timeLeftMs: () => number;
  /** Read once a look. */
  readonly readRights: DecidingDeps["rights"];
}

async function isUnmatched(
  deps: DecidingDeps,
  { placement, orderId, createdAtMs, status }: Payment,
  look: Look,
): Promise<Result<boolean, Incomplete>> {
  if (placement === undefined || status === "cancelled" || look.nowMs - createdAtMs < youngMs) {
    return ok(false);
  }
  const ours = await isOurs(deps, placement, look.readRights);
  if (!ours.ok || !ours.value) {
    return ours;
  }
  const known = await hasOrder(deps, orderId, placement);
  return known.ok ? ok(!known.value) : known;
}

/** How many of a page no order knows; each of those is let go. Nothing is begun once something has spoiled the look. */
async function lookAtPage(
  deps: DecidingDeps,
  page: readonly Payment[],
  look: Look,
): Promise<Result<number, Incomplete>> {
  let unmatched = 0;
  let spoiled: Incomplete | undefined;
  await eachAtOnce(page, readsAtOnce, async (payment) => {
    if (spoiled === undefined && look.timeLeftMs() < timeNeededMs) {
      spoiled = { cause: "no time is left" };
    }
    if (spoiled !== undefined) {
      return;
    }
    const found = await isUnmatched(deps, payment, look);
    if (!found.ok) {
      spoiled = found.error;
    } else if (found.value) {
      unmatched += 1;
      await letGo(deps, payment);
    }
  });
  return spoiled === undefined ? ok(unmatched) : err(spoiled);
}

async function lookAtAll(deps: DecidingDeps, look: Look): Promise<Result<number, Incomplete>> {
  let unmatched = 0;
  let after: string | undefined;
  do {
    if (look.timeLeftMs() < timeNeededMs) {
      return err({ cause: "no time is left" });
    }
    const page = await deps.payments.list({
      createdSinceMs: look.nowMs - lookBackMs,
      ...(after === undefined ? {} : { after }),
    });
    if (!page.ok) {
      return err({ cause: page.error });
    }
    const found = await lookAtPage(deps, page.value.payments, look);
    if (!found.ok) {
      return found;
    }
    unmatched += found.value;
    after = page.value.next;
  } while (after !== undefined);
  return ok(unmatched);
}

/** Asks once, whoever wants to know how often. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/**
 * Looks for payments of this region's placements that no order knows: money that was asked for and that nobody will deliver
 * for. Nothing in most runs. The number is said when all payments of the time looked back were looked at, and not otherwise:
 * few of some would sound like few. What an incomplete look has found it has let go, and named in the log.
 */
export async function reconcilePayments(
  deps: DecidingDeps,
  timeLeftMs: () => number,
): Promise<number | undefined> {
  const { clock, log, measurements, chance, rights } = deps;
  if (chance() >= lookShare) {
    return undefined;
  }
  const found = await lookAtAll(deps, { nowMs: clock.nowMs(), timeLeftMs, readRights: once(rights) });
  if (!found.ok) {
    log.warn("payments are not all looked at", { ...found.error });
    return undefined;
  }
  const unmatched = found.value;
  measurements.record("PaymentsUnmatched", [unmatched]);
  return unmatched;
}
