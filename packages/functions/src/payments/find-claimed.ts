import {
  cartMadeAtMs,
  err,
  type OrderId,
  ok,
  orderCart,
  type Payment,
  type PaymentError,
  type Result,
} from "@antipode/core";
import { errorOf } from "./answers.ts";
import { readNow } from "./read-now.ts";
import type { StripeCalls } from "./stripe-calls.ts";

const operation = "claim";

/**
 * How long a key is relied on. Stripe keeps it for 24 hours at least; the four hours between are for carts whose ids are
 * ahead (`cartAheadMaxMs`), for clocks that differ, for requests that were under way, and for a search index that is behind.
 */
export const keysTrustedMs = 20 * 60 * 60_000;

/**
 * Whether a key of the order may have been used so long ago that Stripe knows it no more. None was before the cart was made.
 * A cart of the future was made by a clock that is wrong, and proves nothing.
 */
export function mayBeForgotten(order: OrderId, nowMs: number): boolean {
  const ageMs = nowMs - cartMadeAtMs(orderCart(order));
  return ageMs < 0 || ageMs > keysTrustedMs;
}

/**
 * Which of several payments is the order's: one that names a placement, of those the oldest, of the same second the one whose
 * id comes first. All of that stays as it is for ever, so every region that sees the same payments takes the same one.
 */
export function orderPayment(payments: readonly Payment[]): Payment | undefined {
  const [first] = payments
    .filter(({ placement }) => placement !== undefined)
    .sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
  return first;
}

/** The ids that Stripe's search index has for the order. */
async function search(calls: StripeCalls, order: OrderId): Promise<Result<readonly string[], PaymentError>> {
  const ids: string[] = [];
  let page: string | undefined;
  do {
    const answer = await calls.search(order, page);
    if (answer.type !== "done") {
      return err(errorOf(operation, answer));
    }
    const { data, has_more: hasMore, next_page: next } = answer.value;
    // the index compares without regard to case, and whatever else it may do
    ids.push(...data.filter(({ metadata }) => metadata["order"] === order).map(({ id }) => id));
    page = hasMore ? (next ?? undefined) : undefined;
  } while (page !== undefined);
  return ok(ids);
}

/**
 * The order's payment, where a placement has claimed one, whenever that was. The index is behind by a minute or more, so each
 * payment is read as it is by now.
 */
export async function findClaimed(
  calls: StripeCalls,
  order: OrderId,
): Promise<Result<Payment | undefined, PaymentError>> {
  const ids = await search(calls, order);
  if (!ids.ok) {
    return ids;
  }
  const payments: Payment[] = [];
  for (const id of ids.value) {
    const payment = await readNow(calls, operation, id);
    if (!payment.ok) {
      return payment;
    }
    payments.push(payment.value);
  }
  return ok(orderPayment(payments));
}
