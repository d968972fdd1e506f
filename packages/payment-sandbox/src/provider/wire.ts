import type { Failure } from "./failure.ts";
import type { Charge, EventType, Intent, Refund } from "./intent.ts";
import { latestCharge } from "./intent.ts";

/** The provider's JSON. Times are whole seconds there. */
export type Json = Readonly<Record<string, unknown>>;

const seconds = (ms: number) => Math.floor(ms / 1_000);

export function chargeJson(charge: Charge, intent: Intent): Json {
  return {
    id: charge.id,
    object: "charge",
    amount: charge.amount,
    amount_captured: charge.amountCaptured,
    amount_refunded: charge.amountRefunded,
    captured: charge.captures > 0,
    created: seconds(charge.createdMs),
    currency: intent.currency,
    livemode: false,
    metadata: intent.metadata,
    paid: charge.status === "succeeded",
    payment_intent: intent.id,
    payment_method: charge.method,
    refunded: charge.amountRefunded === charge.amount,
    status: charge.status,
  };
}

/** @param expand fields to show whole that are else an id, as `latest_charge` */
export function intentJson(intent: Intent, expand: readonly string[] = []): Json {
  const charge = latestCharge(intent);
  const whole = charge !== undefined && expand.includes("latest_charge");
  return {
    id: intent.id,
    object: "payment_intent",
    amount: intent.amount,
    amount_capturable: intent.status === "requires_capture" ? (charge?.amount ?? 0) : 0,
    amount_received: charge?.amountCaptured ?? 0,
    canceled_at: intent.canceledMs === undefined ? null : seconds(intent.canceledMs),
    capture_method: intent.captureMethod,
    client_secret: intent.clientSecret,
    confirmation_method: "automatic",
    created: seconds(intent.createdMs),
    currency: intent.currency,
    last_payment_error: intent.lastError ?? null,
    latest_charge: whole ? chargeJson(charge, intent) : (charge?.id ?? null),
    livemode: false,
    metadata: intent.metadata,
    next_action: intent.status === "requires_action" ? { type: "use_stripe_sdk", use_stripe_sdk: {} } : null,
    payment_method: intent.method ?? null,
    payment_method_types: intent.methodTypes,
    status: intent.status,
  };
}

export function refundJson(refund: Refund, currency: string): Json {
  return {
    id: refund.id,
    object: "refund",
    amount: refund.amount,
    charge: refund.chargeId,
    created: seconds(refund.createdMs),
    currency,
    metadata: refund.metadata,
    payment_intent: refund.intentId,
    status: refund.status,
  };
}

export function listJson(url: string, data: readonly Json[], hasMore: boolean): Json {
  return { object: "list", url, has_more: hasMore, data };
}

export function searchJson(url: string, data: readonly Json[], nextPage: string | undefined): Json {
  return {
    object: "search_result",
    url,
    has_more: nextPage !== undefined,
    next_page: nextPage ?? null,
    data,
  };
}

export function failureJson(failure: Failure, intent?: Intent): Json {
  return {
    error: { ...failure.error, ...(intent === undefined ? {} : { payment_intent: intentJson(intent) }) },
  };
}

/** What an event is about: a payment's charge where money of it was given back, a refund where it failed. */
function objectOf(type: EventType, intent: Intent, refund: Refund | undefined): Json {
  const charge = latestCharge(intent);
  if (type === "charge.refunded" && charge !== undefined) {
    return chargeJson(charge, intent);
  }
  return refund === undefined ? intentJson(intent) : refundJson(refund, intent.currency);
}

/** Something that has happened to a payment. */
export interface Happened {
  readonly type: EventType;
  readonly intent: Intent;
  /** Where it happened to a refund of it. */
  readonly refund?: Refund;
}

export function eventJson(id: string, { type, intent, refund }: Happened, nowMs: number): Json {
  const object = objectOf(type, intent, refund);
  return {
    id,
    object: "event",
    created: seconds(nowMs),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    type,
  };
}
