import type { Failure } from "./failure.ts";

export type IntentStatus =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "processing"
  | "requires_capture"
  | "succeeded"
  | "canceled";

/** One attempt to get the money. */
export interface Charge {
  readonly id: string;
  readonly amount: number;
  readonly method: string;
  readonly status: "succeeded" | "pending" | "failed";
  readonly amountCaptured: number;
  readonly captures: number;
  /** What was given back, or let go because it was never captured. */
  readonly amountRefunded: number;
  readonly createdMs: number;
}

export interface Refund {
  readonly id: string;
  readonly intentId: string;
  readonly chargeId: string;
  readonly amount: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** A refund that was made can fail days later, where the bank knows the card no more. */
  readonly status: "succeeded" | "failed";
  readonly createdMs: number;
}

export interface Intent {
  readonly id: string;
  readonly clientSecret: string;
  readonly amount: number;
  readonly currency: string;
  readonly captureMethod: "automatic" | "manual";
  readonly metadata: Readonly<Record<string, string>>;
  readonly methodTypes: readonly string[];
  readonly status: IntentStatus;
  readonly method?: string;
  /** Oldest first. */
  readonly charges: readonly Charge[];
  readonly lastError?: Failure["error"];
  readonly createdMs: number;
  readonly canceledMs?: number;
  /** Of a payment that is processing: when it is decided, and how. */
  readonly decision?: { readonly atMs: number; readonly outcome: "approved" | Failure };
}

export type EventType =
  | "payment_intent.created"
  | "payment_intent.requires_action"
  | "payment_intent.processing"
  | "payment_intent.amount_capturable_updated"
  | "payment_intent.payment_failed"
  | "payment_intent.succeeded"
  | "payment_intent.canceled"
  | "charge.refunded"
  | "refund.failed";

/** What an operation does to an intent: nothing when it is refused, and a decline both changes and fails it. */
export type Step =
  | { readonly type: "done"; readonly intent: Intent; readonly events: readonly EventType[] }
  | { readonly type: "refused"; readonly failure: Failure }
  | {
      readonly type: "declined";
      readonly intent: Intent;
      readonly failure: Failure;
      readonly events: readonly EventType[];
    };

export function latestCharge(intent: Intent): Charge | undefined {
  return intent.charges.at(-1);
}
