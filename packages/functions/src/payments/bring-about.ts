import { err, ok, type Payment, type PaymentError, type PaymentStatus, type Result } from "@antipode/core";
import { type Answer, errorOf } from "./answers.ts";
import { keysMax, keysSpentMax } from "./keys.ts";

type Outcome = Result<Payment, PaymentError>;

export interface Effect {
  readonly operation: string;
  /** Sends the request under the key of that turn; the payment when the answer shows it. */
  readonly send: (turn: number) => Promise<Answer<unknown>>;
  /** The answer of a first execution, as a payment. */
  readonly show: (value: unknown) => Promise<Outcome> | Outcome;
  readonly readNow: () => Promise<Outcome>;
  /** Whether the payment is as it was to become. */
  readonly isDone: (payment: Payment) => boolean;
  /** Whether it can still become so. */
  readonly isPossible: (payment: Payment) => boolean;
  /** Whether what was done can come undone, so that its key stands for nothing any more: a bank may send a refund back. */
  readonly canComeUndone?: boolean;
}

/** For effects that are states: one of these means that it is done, or that it can still be. */
export function isIn(...statuses: readonly PaymentStatus[]): (payment: Payment) => boolean {
  return ({ status }) => statuses.includes(status);
}

/**
 * Brings a payment into a state, whoever asked before and whatever came of it. Stripe keeps the first answer of a key for
 * ever, failures and refusals for a state that has passed too; then the payment itself is looked at, and where it is not
 * done and still possible, the next key is used. That is safe: the payment's own states let it be authorised, captured,
 * cancelled and refunded once only, under whatever keys.
 */
export async function bringAbout(effect: Effect): Promise<Outcome> {
  const { operation } = effect;
  let spent = 0;
  for (let turn = 0; turn < keysMax && spent < keysSpentMax; turn += 1) {
    const answer = await effect.send(turn);
    if (answer.type === "done" && !answer.replayed) {
      return effect.show(answer.value);
    }
    if (answer.type === "unavailable" || answer.type === "refused" || answer.type === "key-taken") {
      return err(errorOf(operation, answer));
    }
    const payment = await effect.readNow();
    if (!payment.ok || isAnswered(effect, answer) || effect.isDone(payment.value)) {
      return payment;
    }
    if (!effect.isPossible(payment.value)) {
      return err(refusedBy(operation, payment.value));
    }
    spent += "fresh" in answer && answer.fresh ? 1 : 0;
  }
  const reason = "Stripe failed, and keeps that as the answer of each key tried";
  return err({ type: "unavailable", operation, reason });
}

/** Whether the payment shows by now what came of the key's request: no other key would bring more. */
function isAnswered({ canComeUndone = false }: Effect, { type }: Answer<unknown>): boolean {
  return (type === "done" && !canComeUndone) || type === "declined";
}

function refusedBy(operation: string, { status }: Payment): PaymentError {
  return {
    type: "refused",
    operation,
    code: "payment_intent_unexpected_state",
    reason: `the payment is ${status}`,
  };
}

/** Asked beforehand of a payment that cannot become so, or is so already. */
export function settledBefore(
  effect: Pick<Effect, "operation" | "isDone" | "isPossible">,
  payment: Payment,
): Outcome | undefined {
  if (effect.isDone(payment)) {
    return ok(payment);
  }
  return effect.isPossible(payment) ? undefined : err(refusedBy(effect.operation, payment));
}
