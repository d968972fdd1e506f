import { type PaymentError, paymentMethodUnknown } from "@antipode/core";
import Stripe from "stripe";
import type { Delay } from "../platform/clock.ts";

/** A key whose stored answer is of no use, so that another one is used. */
interface Spent {
  /** Not found so: this request spent the key. */
  readonly fresh: boolean;
  readonly reason: string;
}

/** What came of one request under an idempotency key, as the protocol needs to know it. */
export type Answer<T> =
  /** `replayed`: executed earlier, so the object may have changed since. */
  | { readonly type: "done"; readonly value: T; readonly replayed: boolean }
  | { readonly type: "declined" }
  /** The key stands for other parameters: somebody else took it. */
  | { readonly type: "key-taken"; readonly reason: string }
  /** Stripe failed, and keeps that as the key's answer for ever: this key can do nothing any more. */
  | ({ readonly type: "stored-failure" } & Spent)
  /** The object's state does not allow it: stored under the key, though the state may change. */
  | ({ readonly type: "state-refused"; readonly code: string } & Spent)
  | { readonly type: "refused"; readonly code: string; readonly reason: string }
  /** It may or may not have taken effect; the same request may be sent again. */
  | { readonly type: "unavailable"; readonly reason: string };

/** A failure that another try under the same key a moment later may turn into an answer. */
type Failure = Exclude<Answer<never>, { type: "done" }> & { readonly againSoon?: true };

/** Codes of refusals that are about the object's state and not about the request. */
const stateCodes: ReadonlySet<string> = new Set([
  "payment_intent_unexpected_state",
  "charge_already_captured",
  "charge_already_refunded",
]);

/** Waits before another try: another request holds the key, or Stripe failed and the try tells whether that is stored. */
const againMs = [100, 300] as const;

/** Stripe says so of each answer that it gives again (docs.stripe.com/error-low-level#idempotency). */
function isReplayed(headers: unknown): boolean {
  if (headers instanceof Headers) {
    return headers.get("idempotent-replayed") === "true";
  }
  return (
    typeof headers === "object" && headers !== null && Reflect.get(headers, "idempotent-replayed") === "true"
  );
}

/** Whose message Stripe's own page has, by the request. */
function withRequest(reason: string, { requestId }: Stripe.errors.StripeError): string {
  return requestId === undefined ? reason : `${reason} (${requestId})`;
}

/** Never the message of a refused key: nothing that could name a secret. */
function reasonOf(error: Stripe.errors.StripeError): string {
  return withRequest(error.message, error);
}

/** Throws what is no failure of a request: a bug. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof Stripe.errors.StripeError)) {
    throw error;
  }
  const { statusCode: status = 0, rawType, code = rawType ?? "unknown" } = error;
  if (status === 401 || status === 403) {
    return { type: "unavailable", reason: `Stripe does not accept our key (${status})` };
  }
  if (status === 409 || code === "lock_timeout") {
    return { type: "unavailable", reason: reasonOf(error), againSoon: true };
  }
  if (status >= 500) {
    return isReplayed(error.headers)
      ? { type: "stored-failure", fresh: false, reason: reasonOf(error) }
      : { type: "unavailable", reason: reasonOf(error), againSoon: true };
  }
  if (status === 402) {
    return { type: "declined" };
  }
  if (status < 400 || status === 429) {
    return { type: "unavailable", reason: reasonOf(error) };
  }
  if (rawType === "idempotency_error") {
    return { type: "key-taken", reason: reasonOf(error) };
  }
  const reason = reasonOf(error);
  if (code === "resource_missing" && error.param === "payment_method") {
    // Stripe's own words repeat what the shopper's page sent, whatever that was
    return { type: "refused", code: paymentMethodUnknown, reason: withRequest("no such method", error) };
  }
  return stateCodes.has(code)
    ? { type: "state-refused", code, fresh: !isReplayed(error.headers), reason }
    : { type: "refused", code, reason };
}

async function once<T extends object>(call: () => Promise<Stripe.Response<T>>): Promise<Answer<T> | Failure> {
  try {
    const value = await call();
    return { type: "done", value, replayed: isReplayed(value.lastResponse.headers) };
  } catch (error) {
    return failureOf(error);
  }
}

/** Sends a request, and once or twice again where that may settle it. */
export async function send<T extends object>(
  call: () => Promise<Stripe.Response<T>>,
  delay: Delay,
): Promise<Answer<T>> {
  let answer = await once(call);
  for (const waitMs of againMs) {
    if (!("againSoon" in answer)) {
      break;
    }
    await delay(waitMs);
    const next = await once(call);
    answer = next.type === "stored-failure" ? { ...next, fresh: true } : next; // the try before stored it
  }
  return answer;
}

/** The port's word for an answer that brought nothing. */
export function errorOf(operation: string, answer: Exclude<Answer<unknown>, { type: "done" }>): PaymentError {
  switch (answer.type) {
    case "unavailable":
    case "stored-failure":
      return { type: "unavailable", operation, reason: answer.reason };
    case "key-taken":
      return { type: "refused", operation, code: "idempotency_error", reason: answer.reason };
    case "declined":
      return { type: "refused", operation, code: "card_declined", reason: "the card was declined" };
    case "refused":
    case "state-refused":
      return { type: "refused", operation, code: answer.code, reason: answer.reason };
  }
}
