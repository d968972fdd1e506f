import { type Failure, invalid, unexpectedState } from "./failure.ts";
import type { Charge, Intent, IntentStatus, Step } from "./intent.ts";
import { latestCharge } from "./intent.ts";
import { authenticationFailed, type MethodOutcome } from "./methods.ts";

/** Names for what a step makes, and when it happens. */
export interface StepContext {
  readonly nowMs: number;
  readonly chargeId: string;
  readonly processingMs: number;
}

const unconfirmed: readonly IntentStatus[] = [
  "requires_payment_method",
  "requires_confirmation",
  "requires_action",
];

function refuse(failure: Failure): Step {
  return { type: "refused", failure };
}

function without(intent: Intent, ...names: readonly ("lastError" | "decision")[]): Intent {
  const { lastError, decision, ...rest } = intent;
  return {
    ...rest,
    ...(lastError === undefined || names.includes("lastError") ? {} : { lastError }),
    ...(decision === undefined || names.includes("decision") ? {} : { decision }),
  };
}

export interface Changes {
  readonly amount?: number;
  readonly currency?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Amount and currency change until a method is confirmed; metadata until the intent is canceled. */
export function update(intent: Intent, changes: Changes): Step {
  const changesMoney = changes.amount !== undefined || changes.currency !== undefined;
  if (intent.status === "canceled" || (changesMoney && !unconfirmed.includes(intent.status))) {
    const what = changesMoney ? "amount" : "object";
    return refuse(
      unexpectedState(
        `This PaymentIntent's ${what} could not be updated because it has a status of ${intent.status}.`,
      ),
    );
  }
  const metadata = Object.fromEntries(
    Object.entries({ ...intent.metadata, ...changes.metadata }).filter(([, value]) => value !== ""),
  );
  const { amount = intent.amount, currency = intent.currency } = changes;
  return { type: "done", intent: { ...intent, amount, currency, metadata }, events: [] };
}

function chargeOf(intent: Intent, method: string, status: Charge["status"], context: StepContext): Charge {
  return {
    id: context.chargeId,
    amount: intent.amount,
    method,
    status,
    amountCaptured: 0,
    captures: 0,
    amountRefunded: 0,
    createdMs: context.nowMs,
  };
}

function withCharge(intent: Intent, charge: Charge): Intent {
  return { ...intent, charges: [...intent.charges.filter(({ id }) => id !== charge.id), charge] };
}

/** The bank said yes: held for capture, or taken at once. */
function approve(intent: Intent, charge: Charge): Step {
  const approved = withCharge(without(intent, "lastError", "decision"), { ...charge, status: "succeeded" });
  return intent.captureMethod === "manual"
    ? {
        type: "done",
        intent: { ...approved, status: "requires_capture" },
        events: ["payment_intent.amount_capturable_updated"],
      }
    : capture({ ...approved, status: "requires_capture" }, undefined);
}

function decline(intent: Intent, charge: Charge | undefined, failure: Failure): Step {
  const base = without(intent, "decision");
  const failed = charge === undefined ? base : withCharge(base, { ...charge, status: "failed" });
  return {
    type: "declined",
    intent: { ...failed, status: "requires_payment_method", lastError: failure.error },
    failure,
    events: ["payment_intent.payment_failed"],
  };
}

/** Asks for the money with a method; what comes of it is the method's. */
export function confirm(intent: Intent, method: string, outcome: MethodOutcome, context: StepContext): Step {
  if (!unconfirmed.includes(intent.status)) {
    return refuse(
      unexpectedState(`You cannot confirm this PaymentIntent because it has a status of ${intent.status}.`),
    );
  }
  const asked = { ...intent, method };
  switch (outcome.type) {
    case "approved":
      return approve(asked, chargeOf(asked, method, "succeeded", context));
    case "declined":
      return decline(asked, chargeOf(asked, method, "failed", context), outcome.failure);
    case "needs-action":
      return {
        type: "done",
        intent: { ...without(asked, "lastError"), status: "requires_action" },
        events: ["payment_intent.requires_action"],
      };
    case "processing": {
      const decision = { atMs: context.nowMs + context.processingMs, outcome: outcome.result };
      const pending = withCharge(without(asked, "lastError"), chargeOf(asked, method, "pending", context));
      return {
        type: "done",
        intent: { ...pending, status: "processing", decision },
        events: ["payment_intent.processing"],
      };
    }
  }
}

/** The shopper did at their bank what was asked, or failed to. */
export function act(intent: Intent, outcome: "success" | "failure", context: StepContext): Step {
  if (intent.status !== "requires_action" || intent.method === undefined) {
    return refuse(unexpectedState(`No action is asked for: the status is ${intent.status}.`));
  }
  return outcome === "success"
    ? approve(intent, chargeOf(intent, intent.method, "succeeded", context))
    : decline(intent, undefined, authenticationFailed);
}

/** What was processing is decided, once it is time; else nothing. @param nowMs Infinity decides at once */
export function decide(intent: Intent, nowMs: number): Step | undefined {
  const charge = latestCharge(intent);
  if (intent.decision === undefined || charge === undefined || nowMs < intent.decision.atMs) {
    return undefined;
  }
  const { outcome } = intent.decision;
  return outcome === "approved" ? approve(intent, charge) : decline(intent, charge, outcome);
}

/** Takes what was authorised, or a part of it: the rest is let go. */
export function capture(intent: Intent, amount: number | undefined): Step {
  const charge = latestCharge(intent);
  if (intent.status !== "requires_capture" || charge === undefined) {
    return refuse(
      unexpectedState(
        `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      ),
    );
  }
  const taken = amount ?? charge.amount;
  if (taken > charge.amount) {
    return refuse(
      invalid("amount_too_large", "The requested capture amount is greater than the amount you can capture."),
    );
  }
  const captured: Charge = {
    ...charge,
    amountCaptured: taken,
    captures: charge.captures + 1,
    amountRefunded: charge.amount - taken,
  };
  return {
    type: "done",
    intent: { ...withCharge(intent, captured), status: "succeeded" },
    events: ["payment_intent.succeeded"],
  };
}

/** Gives up: what was authorised and not captured is let go, which the provider books as refunded. */
export function cancel(intent: Intent, nowMs: number): Step {
  if (intent.status !== "requires_capture" && !unconfirmed.includes(intent.status)) {
    return refuse(
      unexpectedState(`You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`),
    );
  }
  const charge = latestCharge(intent);
  const released =
    intent.status === "requires_capture" && charge !== undefined
      ? withCharge(intent, { ...charge, amountRefunded: charge.amount })
      : intent;
  return {
    type: "done",
    intent: { ...released, status: "canceled", canceledMs: nowMs },
    events: ["payment_intent.canceled"],
  };
}

/** The bank sends back what was given back: the provider has it again, as if it had not been refunded. */
export function refundFails(intent: Intent, amount: number): Intent {
  const charge = latestCharge(intent);
  return charge === undefined
    ? intent
    : withCharge(intent, { ...charge, amountRefunded: charge.amountRefunded - amount });
}

/** Gives back what was captured, or a part of what is left of it. */
export function refund(intent: Intent, asked: number | undefined): Step & { readonly amount?: number } {
  const charge = latestCharge(intent);
  if (intent.status !== "succeeded" || charge === undefined) {
    return refuse(
      unexpectedState(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`),
    );
  }
  const left = charge.amount - charge.amountRefunded;
  if (left === 0) {
    return refuse(invalid("charge_already_refunded", `Charge ${charge.id} has already been refunded.`));
  }
  const amount = asked ?? left;
  if (amount > left) {
    return refuse(
      invalid("amount_too_large", `Refund amount (${amount}) is greater than unrefunded amount (${left}).`),
    );
  }
  const refunded = { ...charge, amountRefunded: charge.amountRefunded + amount };
  return { type: "done", intent: withCharge(intent, refunded), events: ["charge.refunded"], amount };
}
