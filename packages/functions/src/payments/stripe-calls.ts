import { isOrderId, type Money, type OrderId, type Payment, type PaymentClaim } from "@antipode/core";
import type Stripe from "stripe";
import type { Delay } from "../platform/clock.ts";
import { type Answer, send } from "./answers.ts";
import type { StripeTimeouts } from "./stripe-client.ts";

/** Shown whole in each answer: what was refunded is written there. */
const expand = ["latest_charge"];

/**
 * What the payment is made with, the same whoever makes it: amount and currency are the claim's. Cards only, so that
 * confirming needs no address to come back to, and manual, so that money is taken after the stock is committed. What a bank
 * asks of the shopper is done by Stripe's script on the page (`use_stripe_sdk`).
 */
const placeholder = { amount: 100, currency: "usd" } as const;

/** Stripe charges nothing for no money: where there is nothing to pay the placeholder stays, and is never confirmed. */
function chargeOf({ amountMinor, currency }: Money) {
  return amountMinor === 0 ? {} : { amount: amountMinor, currency: currency.toLowerCase() };
}

/** An order id has letters, digits and underscores alone: nothing in it ends the quotation. Throws on anything else. */
export function orderQuery(order: OrderId): string {
  if (!isOrderId(order)) {
    throw new Error("not an order id");
  }
  return `metadata['order']:'${order}'`;
}

export interface StripeCallsOptions {
  readonly timeouts: StripeTimeouts;
  readonly delay: Delay;
  readonly searchPageSize: number;
}

/** The requests of the protocol, each under the key that it is given. */
export function createStripeCalls(stripe: Stripe, { timeouts, delay, searchPageSize }: StripeCallsOptions) {
  const intents = stripe.paymentIntents;
  const change = (idempotencyKey: string) => ({
    idempotencyKey,
    timeout: timeouts.changeMs,
    maxNetworkRetries: 0,
  });
  const read = { timeout: timeouts.readMs, maxNetworkRetries: 0 };
  type Intent = Promise<Answer<Stripe.PaymentIntent>>;
  return {
    create: (order: OrderId, key: string): Intent =>
      send(
        () =>
          intents.create(
            {
              ...placeholder,
              capture_method: "manual",
              allowed_payment_method_types: ["card"],
              metadata: { order },
              expand,
            },
            change(key),
          ),
        delay,
      ),
    claim: (id: string, { placement, amount }: PaymentClaim, key: string): Intent =>
      send(
        () => intents.update(id, { ...chargeOf(amount), metadata: { placement }, expand }, change(key)),
        delay,
      ),
    confirm: (id: string, method: string, key: string): Intent =>
      send(
        () => intents.confirm(id, { payment_method: method, use_stripe_sdk: true, expand }, change(key)),
        delay,
      ),
    capture: (id: string, key: string): Intent =>
      send(() => intents.capture(id, { expand }, change(key)), delay),
    cancel: (id: string, key: string): Intent =>
      send(() => intents.cancel(id, { expand }, change(key)), delay),
    /** A refund is an object of its own, and its events show no other names than its own. */
    refund: ({ id, orderId, placement }: Payment, key: string) =>
      send(
        () =>
          stripe.refunds.create(
            {
              payment_intent: id,
              metadata: { order: orderId, ...(placement === undefined ? {} : { placement }) },
            },
            change(key),
          ),
        delay,
      ),
    read: (id: string): Intent => send(() => intents.retrieve(id, { expand }, read), delay),
    search: (order: OrderId, page: string | undefined) =>
      send(
        () =>
          intents.search(
            {
              query: orderQuery(order),
              limit: searchPageSize,
              ...(page === undefined ? {} : { page }),
            },
            read,
          ),
        delay,
      ),
    list: (sinceSeconds: number, after: string | undefined, limit: number) =>
      send(
        () =>
          intents.list(
            {
              created: { gte: sinceSeconds },
              limit,
              expand: ["data.latest_charge"],
              ...(after === undefined ? {} : { starting_after: after }),
            },
            read,
          ),
        delay,
      ),
  };
}

export type StripeCalls = ReturnType<typeof createStripeCalls>;
