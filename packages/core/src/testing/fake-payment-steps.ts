import type { Payment } from "../ports/payments.ts";

/** What a payment method does in tests: the provider's own test tokens, and two of the sandbox for late decisions. */
export const testMethods = {
  approved: "pm_card_visa",
  declined: "pm_card_visa_chargeDeclined",
  insufficientFunds: "pm_card_chargeDeclinedInsufficientFunds",
  needsAction: "pm_card_authenticationRequired",
  processing: "pm_sandbox_processing",
  processingDeclined: "pm_sandbox_processingDeclined",
} as const;

/** Whether the provider knows the method. */
export function isTestMethod(method: string): boolean {
  return Object.values<string>(testMethods).includes(method);
}

/** A payment with all that was ever tried and taken, for whoever judges a run. */
export interface FakePayment {
  readonly payment: Payment;
  /** Payment method by attempt: one that was made is not made again. */
  readonly methodByAttempt: ReadonlyMap<number, string>;
  readonly captures: number;
  readonly refunds: number;
  /** Of a payment that is processing. */
  readonly decision?: { readonly atMs: number; readonly declineCode?: string };
}

function without({ declineCode, clientSecret, ...rest }: Payment): Payment {
  return rest;
}

function become(known: FakePayment, status: Payment["status"], more: Partial<Payment> = {}): FakePayment {
  const { decision, ...rest } = known;
  return { ...rest, payment: { ...without(known.payment), status, ...more } };
}

/** A payment that is processing, decided when it is time. */
export function decided(known: FakePayment, nowMs: number): FakePayment {
  const { decision } = known;
  if (decision === undefined || nowMs < decision.atMs) {
    return known;
  }
  return decision.declineCode === undefined
    ? become(known, "authorized")
    : become(known, "open", { declineCode: decision.declineCode });
}

/** What the method makes of a confirmation; nothing for a method that is not known. */
export function confirmed(
  known: FakePayment,
  method: string,
  { decideAtMs, decline }: { readonly decideAtMs: number; readonly decline: boolean },
): FakePayment | undefined {
  if (decline) {
    return become(known, "open", { declineCode: "generic_decline" });
  }
  switch (method) {
    case testMethods.approved:
      return become(known, "authorized");
    case testMethods.declined:
      return become(known, "open", { declineCode: "generic_decline" });
    case testMethods.insufficientFunds:
      return become(known, "open", { declineCode: "insufficient_funds" });
    case testMethods.needsAction:
      return become(known, "needs-action", { clientSecret: `${known.payment.id}_secret` });
    case testMethods.processing:
      return { ...become(known, "processing"), decision: { atMs: decideAtMs } };
    case testMethods.processingDeclined:
      return {
        ...become(known, "processing"),
        decision: { atMs: decideAtMs, declineCode: "generic_decline" },
      };
    default:
      return undefined;
  }
}

/** The shopper did what their bank asked, or failed to. */
export function acted(known: FakePayment, outcome: "success" | "failure"): FakePayment {
  if (known.payment.status !== "needs-action") {
    return known;
  }
  return outcome === "success"
    ? become(known, "authorized")
    : become(known, "open", { declineCode: "payment_intent_authentication_failure" });
}

export function captured(known: FakePayment): FakePayment | undefined {
  return known.payment.status === "authorized"
    ? { ...become(known, "captured"), captures: known.captures + 1 }
    : undefined;
}

export function cancelled(known: FakePayment): FakePayment | undefined {
  return ["open", "needs-action", "authorized"].includes(known.payment.status)
    ? become(known, "cancelled")
    : undefined;
}

/** Gives back what is left of what was captured, or that part of it; nothing where less is left. */
export function refunded(known: FakePayment, amountMinor?: number): FakePayment | undefined {
  const { status, refundedMinor, amount } = known.payment;
  const left = status === "captured" ? amount.amountMinor - refundedMinor : 0;
  const given = amountMinor ?? left;
  return left === 0 || given > left
    ? undefined
    : {
        ...become(known, "captured", { refundedMinor: refundedMinor + given }),
        refunds: known.refunds + 1,
      };
}
