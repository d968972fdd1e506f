import {
  err,
  type ItemNotUnderstood,
  logOf,
  type Origin,
  ok,
  originRegion,
  type Payment,
  type PaymentError,
  paymentAttempt,
  placementOf,
  placementProgress,
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

/** What is wrong with a payment: nobody ordered for it, or its order is paid by another one. */
type Stray = "payment without an order" | "second payment of an order";

/**
 * What is not an order's is let go while that is possible. What was taken goes back where the order has another payment, and is
 * a person's to decide where nobody knows of an order.
 */
async function letGo({ payments, log }: DecidingDeps, payment: Payment, stray: Stray): Promise<void> {
  const { id, orderId, status, amount } = payment;
  const attempt = { orderId, paymentId: id, attempt: paymentAttempt };
  const refunds = status === "captured" && stray === "second payment of an order";
  const settled = refunds
    ? await payments.refund(attempt)
    : status === "captured"
      ? undefined
      : await payments.cancel(attempt);
  log.error(stray, {
    payment: id,
    orderId,
    status,
    amount,
    [refunds ? "refunded" : "cancelled"]: settled?.ok === true,
    ...(settled?.ok === false ? { cause: settled.error } : {}),
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
async function strayOf(
  deps: DecidingDeps,
  { id, orderId, amount, refundedMinor }: Payment,
  origin: Origin,
): Promise<Result<Stray | undefined, Incomplete>> {
  const order = await readOrder(deps, orderId);
  if (!order.ok) {
    return order.error.type === "item-not-understood" ? ok(undefined) : err({ cause: order.error });
  }
  const placement = placementOf(order.value, origin);
  if (placement === undefined) {
    return ok("payment without an order");
  }
  const { paymentId = id } = placementProgress(logOf(order.value, origin), placement);
  const isSettled = refundedMinor >= amount.amountMinor;
  return ok(paymentId === id || isSettled ? undefined : "second payment of an order");
}

interface Look {
  readonly nowMs: number;
  readonly timeLeftMs: () => number;
  /** Read once a look. */
  readonly readRights: DecidingDeps["rights"];
}

async function lookAt(
  deps: DecidingDeps,
  payment: Payment,
  look: Look,
): Promise<Result<Stray | undefined, Incomplete>> {
  const { placement, createdAtMs, status } = payment;
  if (placement === undefined || status === "cancelled" || look.nowMs - createdAtMs < youngMs) {
    return ok(undefined);
  }
  const ours = await isOurs(deps, placement, look.readRights);
  if (!ours.ok) {
    return ours;
  }
  return ours.value ? strayOf(deps, payment, placement) : ok(undefined);
}

/** How many of a page are no order's; each of those is let go. Nothing is begun once something has spoiled the look. */
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
    const found = await lookAt(deps, payment, look);
    if (!found.ok) {
      spoiled = found.error;
    } else if (found.value !== undefined) {
      unmatched += 1;
      await letGo(deps, payment, found.value);
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
 * Looks for payments of this region's placements that no order knows, or that are not the one their order knows: money that was
 * asked for and that nobody will deliver for. Nothing in most runs. The number is said when all payments of the time looked back were looked at, and not otherwise:
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
