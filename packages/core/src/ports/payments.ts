import type { OrderId } from "../ids/order-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { Money } from "../money/money.ts";
import type { Result } from "../result/result.ts";

/**
 * Where the money of an order stands at the provider. `open`: nothing was authorised, or the last attempt was declined.
 * `needs-action`: the shopper must do something at their bank. `processing`: the provider does not know yet.
 */
export type PaymentStatus = "open" | "needs-action" | "processing" | "authorized" | "captured" | "cancelled";

/** The one payment object of an order at the provider. */
export interface Payment {
  readonly id: string;
  readonly orderId: OrderId;
  /** The placement that the object names: it wins the cart's generation, for good. Absent until one has claimed it. */
  readonly placement?: Origin;
  /** As it was claimed; the object's own where nobody has claimed it, or where there is nothing to pay. */
  readonly amount: Money;
  readonly status: PaymentStatus;
  readonly refundedMinor: number;
  /** Why the last attempt was declined, the provider's word, for example `insufficient_funds`. */
  readonly declineCode?: string;
  /** What the shopper's page needs to do what `needs-action` asks for. A secret of the shopper: never logged or stored. */
  readonly clientSecret?: string;
  readonly createdAtMs: number;
}

export type PaymentError =
  /** Not reached, or no answer in time: it may have taken effect. Ask again with the same arguments. */
  | { readonly type: "unavailable"; readonly operation: string; readonly reason: string }
  /** The provider understood and will not: the payment is in another state, or the request is wrong. Nothing happened. */
  | { readonly type: "refused"; readonly operation: string; readonly code: string; readonly reason: string }
  /** The provider's answer is not what this version understands. */
  | { readonly type: "unreadable"; readonly operation: string; readonly reason: string };

/** The code of an authorisation that is refused since the provider knows no such method: nobody's bank was asked. */
export const paymentMethodUnknown = "payment_method_unknown";

export interface PaymentClaim {
  readonly orderId: OrderId;
  /** Who placed the order, and in which region. */
  readonly placement: Origin;
  /** Zero where there is nothing to pay: the claim names its placement, and the payment is never authorised. */
  readonly amount: Money;
}

export interface PaymentAttempt {
  readonly orderId: OrderId;
  readonly paymentId: string;
  /** From 0; the provider takes one attempt once, whoever sends it how often. */
  readonly attempt: number;
}

/** Payments of one page, newest first, as providers list. A page may be empty and have a next one. */
export interface PaymentPage {
  readonly payments: readonly Payment[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

/**
 * A payment provider. Each call may be sent again with the same arguments, from any region, and takes effect once;
 * amounts are never sent twice in different ways. An answer says how the payment is by then.
 */
export interface Payments {
  /**
   * Finds or creates the order's payment and claims it for a placement: the first claim names its placement and amount
   * in the object, for good; each later one gets the payment as it was claimed. So the answer says who has won, and
   * a payment without a placement is never answered. A claim of nothing to pay names its placement alone: the amount stays
   * whatever the object was made with, and means nothing. An amount that the provider does not charge is refused with
   * `amount_not_chargeable`. Claims of one order are compared whenever they come, a day apart too, when a
   * provider has forgotten their keys.
   */
  claim(claim: PaymentClaim): Promise<Result<Payment, PaymentError>>;
  read(paymentId: string): Promise<Result<Payment, PaymentError>>;
  /**
   * Asks for the money with the shopper's payment method, not yet taking it. A decline is an `open` payment with its code,
   * and another attempt may follow. Only for the placement that the payment names. A payment that is processing,
   * authorised or captured is answered as it is; a cancelled one refuses. A method that the provider does not know is refused
   * with `payment_method_unknown`, and the attempt is not made.
   */
  authorize(attempt: PaymentAttempt & { readonly method: string }): Promise<Result<Payment, PaymentError>>;
  /** Takes what was authorised; of a payment that is captured, nothing more. */
  capture(attempt: PaymentAttempt): Promise<Result<Payment, PaymentError>>;
  /**
   * Gives up a payment that is not captured: what was authorised is let go, and it can never be authorised again. One that
   * is processing refuses until it is decided.
   */
  cancel(attempt: PaymentAttempt): Promise<Result<Payment, PaymentError>>;
  /** Gives back what is left of what was captured: all of it, or what remains where a person has given back a part. */
  refund(attempt: PaymentAttempt): Promise<Result<Payment, PaymentError>>;
  /**
   * Payments of this shop, for reconciliation: those created since then, a page at a time. Those of no order are left out;
   * one that no placement has claimed may be there, and never holds money.
   */
  list(query: {
    readonly createdSinceMs: number;
    readonly after?: string;
  }): Promise<Result<PaymentPage, PaymentError>>;
}

/** What a provider's webhook says, once its signature is good: a hint to look, not a fact to act on. */
export interface PaymentHint {
  readonly eventId: string;
  readonly orderId: OrderId;
  readonly placement?: Origin;
  readonly paymentId: string;
  /** What was given back came back to the provider: the shopper does not have it. */
  readonly refundFailed?: true;
}

export type WebhookRefusal =
  | { readonly type: "bad-signature" }
  | { readonly type: "malformed"; readonly reason: string };

/** Reads a webhook's body as it was sent. Nothing for an event of no order of ours. */
export interface Webhooks {
  read(
    body: string,
    signature: string,
    nowMs: number,
  ): Promise<Result<PaymentHint | undefined, WebhookRefusal>>;
}
