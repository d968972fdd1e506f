import {
  type Money,
  type OrderId,
  type Origin,
  type Payment,
  type PaymentAttempt,
  type PaymentError,
  parseOrderId,
  parseOrigin,
  type Result,
} from "@antipode/core";
import { ulidAt } from "@antipode/core/testing";

let count = 0;

/** An order that no test has used, of a cart that was made then. */
export function newOrder(madeAtMs = Date.now()): OrderId {
  count += 1;
  const name = ulidAt(madeAtMs, count);
  const order = parseOrderId(`ord_${name}_${name}_0`);
  if (!order.ok) {
    throw new Error("not an order id");
  }
  return order.value;
}

function origin(text: string): Origin {
  const parsed = parseOrigin(text);
  if (!parsed.ok) {
    throw new Error(`not an origin: ${text}`);
  }
  return parsed.value;
}

/** Who places, by region of the suite. */
export const placements = [origin("us-east-1#1"), origin("eu-west-1#1")] as const;

/** What each placement asks for: the amounts differ, as those of carts that had not met. */
export const amounts: readonly [Money, Money] = [
  { amountMinor: 2_500, currency: "EUR" },
  { amountMinor: 4_100, currency: "JPY" },
];

/** What a placement asks for that costs nothing. */
export const nothing: Money = { amountMinor: 0, currency: "EUR" };

export function answered<T>(result: Result<T, PaymentError>): T {
  if (!result.ok) {
    throw new Error(`failed: ${JSON.stringify(result.error)}`);
  }
  return result.value;
}

export function refused<T>(result: Result<T, PaymentError>): PaymentError {
  if (result.ok) {
    throw new Error(`did not fail: ${JSON.stringify(result.value)}`);
  }
  return result.error;
}

export function attemptOf({ orderId, id }: Payment, attempt = 0): PaymentAttempt {
  return { orderId, paymentId: id, attempt };
}
