import { declined, type Failure } from "./failure.ts";

/** What becomes of a confirmation with a payment method. */
export type MethodOutcome =
  | { readonly type: "approved" }
  | { readonly type: "declined"; readonly failure: Failure }
  | { readonly type: "needs-action" }
  /** Decided only after a while. */
  | { readonly type: "processing"; readonly result: "approved" | Failure };

export const cardDeclined: Failure = declined("card_declined", "generic_decline", "Your card was declined.");

const insufficientFunds = declined(
  "card_declined",
  "insufficient_funds",
  "Your card has insufficient funds.",
);

/** Of an action that the shopper did not do: the attempt is over. */
export const authenticationFailed: Failure = {
  status: 402,
  error: {
    type: "card_error",
    code: "payment_intent_authentication_failure",
    message: "The provided PaymentMethod has failed authentication.",
  },
};

/** The provider's own test tokens (docs.stripe.com/testing), and the sandbox's for a payment that is decided late. */
const outcomeByMethod: ReadonlyMap<string, MethodOutcome> = new Map<string, MethodOutcome>([
  ["pm_card_visa", { type: "approved" }],
  ["pm_card_mastercard", { type: "approved" }],
  ["pm_card_visa_chargeDeclined", { type: "declined", failure: cardDeclined }],
  ["pm_card_chargeDeclinedInsufficientFunds", { type: "declined", failure: insufficientFunds }],
  ["pm_card_visa_chargeDeclinedInsufficientFunds", { type: "declined", failure: insufficientFunds }],
  ["pm_card_authenticationRequired", { type: "needs-action" }],
  ["pm_sandbox_processing", { type: "processing", result: "approved" }],
  ["pm_sandbox_processingDeclined", { type: "processing", result: cardDeclined }],
]);

export function outcomeOf(method: string): MethodOutcome | undefined {
  return outcomeByMethod.get(method);
}
