import {
  type Clock,
  err,
  ok,
  type Payment,
  type PaymentAttempt,
  type PaymentPage,
  type Payments,
} from "@antipode/core";
import { type Delay, systemClock, systemDelay } from "../platform/clock.ts";
import { errorOf } from "./answers.ts";
import { bringAbout, type Effect, isIn, settledBefore } from "./bring-about.ts";
import { claimPayment } from "./claim-payment.ts";
import { keysOf } from "./keys.ts";
import { readNow } from "./read-now.ts";
import { isOfOrder, readPayment } from "./read-payment.ts";
import { createStripeCalls, type StripeCalls } from "./stripe-calls.ts";
import {
  createStripeClient,
  defaultTimeouts,
  type StripeAccess,
  type StripeTimeouts,
} from "./stripe-client.ts";

export interface StripePaymentsOptions extends StripeAccess {
  readonly timeouts?: StripeTimeouts;
  readonly delay?: Delay;
  readonly clock?: Clock;
  /** Payments of one page of a list or a search; Stripe gives 100 at most. */
  readonly pageSize?: number;
}

const pageSizeMax = 100;

type Goal = Pick<Effect, "operation" | "isDone" | "isPossible" | "canComeUndone">;

const goals = {
  authorize: {
    operation: "authorize",
    isDone: isIn("needs-action", "processing", "authorized", "captured"),
    isPossible: isIn("open"),
  },
  capture: { operation: "capture", isDone: isIn("captured"), isPossible: isIn("authorized") },
  cancel: {
    operation: "cancel",
    isDone: isIn("cancelled"),
    isPossible: isIn("open", "needs-action", "authorized"),
  },
  refund: {
    operation: "refund",
    isDone: ({ status, refundedMinor, amount }: Payment) =>
      status === "captured" && refundedMinor >= amount.amountMinor,
    isPossible: isIn("captured"),
    canComeUndone: true,
  },
} as const satisfies Record<string, Goal>;

/** An effect whose answer is the payment itself. */
function effectOf(calls: StripeCalls, goal: Goal, id: string, send: Effect["send"]): Effect {
  return {
    ...goal,
    send,
    show: (value) => readPayment(goal.operation, value),
    readNow: () => readNow(calls, goal.operation, id),
  };
}

async function refund(calls: StripeCalls, { paymentId }: PaymentAttempt) {
  const payment = await readNow(calls, "refund", paymentId);
  if (!payment.ok) {
    return payment;
  }
  const settled = settledBefore(goals.refund, payment.value);
  if (settled !== undefined) {
    return settled;
  }
  const send = (turn: number) => calls.refund(payment.value, keysOf.refund(paymentId, turn));
  // a refund's answer is the refund: the payment is asked for
  return bringAbout({
    ...effectOf(calls, goals.refund, paymentId, send),
    show: () => readNow(calls, "refund", paymentId),
  });
}

/** Stripe lists the newest first. Payments of others in the account are left out. */
async function list(
  calls: StripeCalls,
  query: { readonly createdSinceMs: number; readonly after?: string },
  pageSize: number,
): ReturnType<Payments["list"]> {
  const answer = await calls.list(Math.floor(query.createdSinceMs / 1_000), query.after, pageSize);
  if (answer.type !== "done") {
    return err(errorOf("list", answer));
  }
  const { data, has_more: hasMore } = answer.value;
  const payments: Payment[] = [];
  for (const intent of data.filter(({ metadata }) => isOfOrder(metadata))) {
    const payment = readPayment("list", intent);
    if (!payment.ok) {
      return payment;
    }
    payments.push(payment.value);
  }
  const next = hasMore ? data.at(-1)?.id : undefined;
  return ok<PaymentPage>({ payments, ...(next === undefined ? {} : { next }) });
}

/** Payments at Stripe, through its own SDK. */
export function createStripePayments(options: StripePaymentsOptions): Payments {
  const {
    timeouts = defaultTimeouts,
    delay = systemDelay,
    clock = systemClock,
    pageSize = pageSizeMax,
  } = options;
  const calls = createStripeCalls(createStripeClient(options), { timeouts, delay, searchPageSize: pageSize });
  const run = (goal: Goal, { paymentId }: PaymentAttempt, send: Effect["send"]) =>
    bringAbout(effectOf(calls, goal, paymentId, send));
  return {
    claim: (claim) => claimPayment({ calls, delay, nowMs: clock.nowMs() }, claim),
    read: (paymentId) => readNow(calls, "read", paymentId),
    authorize: (attempt) =>
      run(goals.authorize, attempt, (turn) =>
        calls.confirm(
          attempt.paymentId,
          attempt.method,
          keysOf.authorize(attempt.orderId, attempt.attempt, turn),
        ),
      ),
    capture: (attempt) =>
      run(goals.capture, attempt, (turn) =>
        calls.capture(attempt.paymentId, keysOf.capture(attempt.paymentId, turn)),
      ),
    cancel: (attempt) =>
      run(goals.cancel, attempt, (turn) =>
        calls.cancel(attempt.paymentId, keysOf.cancel(attempt.paymentId, turn)),
      ),
    refund: (attempt) => refund(calls, attempt),
    list: (query) => list(calls, query, pageSize),
  };
}
