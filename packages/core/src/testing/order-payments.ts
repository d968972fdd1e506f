import type { OrderId } from "../ids/order-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { Money } from "../money/money.ts";
import type { Payment, PaymentError, PaymentStatus, Payments } from "../ports/payments.ts";
import { err, ok, type Result } from "../result/result.ts";

/** How the provider takes the first try to authorise, and how it ends where it does not know at once. */
export type ProviderMood =
  | "authorize"
  | "decline"
  | "processing-authorize"
  | "processing-decline"
  | "action-authorize";

interface Account {
  payment: Payment;
  authorizeTried: boolean;
  captures: number;
  refunds: number;
}

/** What the object is made with; a claim of nothing to pay leaves it. */
const placeholder: Money = { amountMinor: 100, currency: "USD" };

/** A payment provider in memory: the first claim wins, an attempt counts once, and what is final stays. */
export function createModelProvider(mood: ProviderMood) {
  const accounts = new Map<OrderId, Account>();
  const away = new Set<Origin>();
  let loseNext = false;

  const idOf = (order: OrderId) => `pay_${order}`;
  const set = (account: Account, change: Partial<Payment>) => {
    account.payment = { ...account.payment, ...change };
  };
  const refused = (operation: string, code: string) =>
    err({ type: "refused" as const, operation, code, reason: "the payment is in another state" });

  const firstStatus: Readonly<Record<ProviderMood, PaymentStatus>> = {
    authorize: "authorized",
    decline: "open",
    "processing-authorize": "processing",
    "processing-decline": "processing",
    "action-authorize": "needs-action",
  };

  function tryAuthorize(account: Account): Result<Payment, PaymentError> {
    if (!account.authorizeTried) {
      if (account.payment.status !== "open") {
        return refused("authorize", account.payment.status);
      }
      account.authorizeTried = true;
      const code = mood === "decline" ? { declineCode: "insufficient_funds" } : {};
      set(account, { status: firstStatus[mood], ...code });
    }
    return ok(account.payment);
  }

  function tryCancel(account: Account): Result<Payment, PaymentError> {
    const { status } = account.payment;
    if (status === "captured" || status === "processing") {
      return refused("cancel", status);
    }
    set(account, { status: "cancelled" });
    return ok(account.payment);
  }

  function tryCapture(account: Account): Result<Payment, PaymentError> {
    if (account.payment.status === "authorized") {
      account.captures += 1;
      set(account, { status: "captured" });
    }
    return account.payment.status === "captured"
      ? ok(account.payment)
      : refused("capture", account.payment.status);
  }

  function tryRefund(account: Account): Result<Payment, PaymentError> {
    if (account.payment.status !== "captured") {
      return refused("refund", account.payment.status);
    }
    const { amountMinor } = account.payment.amount;
    if (account.payment.refundedMinor < amountMinor) {
      account.refunds += 1;
      set(account, { refundedMinor: amountMinor });
    }
    return ok(account.payment);
  }

  function claim(order: OrderId, placement: Origin, asked: Money, nowMs: number): Account {
    const amount = asked.amountMinor === 0 ? placeholder : asked;
    const open = { id: idOf(order), orderId: order, placement, amount, status: "open" as const };
    const account = accounts.get(order) ?? {
      payment: { ...open, refundedMinor: 0, createdAtMs: nowMs },
      authorizeTried: false,
      captures: 0,
      refunds: 0,
    };
    accounts.set(order, account);
    return account;
  }

  /** The provider as one region reaches it: not at all, or with an answer lost after it took effect. */
  function from(origin: Origin, nowMs = 0): Payments {
    const call = async (
      operation: string,
      order: OrderId,
      take: (account: Account) => Result<Payment, PaymentError>,
    ): Promise<Result<Payment, PaymentError>> => {
      const unavailable = err({ type: "unavailable" as const, operation, reason: "no answer" });
      const account = accounts.get(order);
      if (away.has(origin) || account === undefined) {
        return unavailable;
      }
      const answer = take(account);
      const lost = loseNext;
      loseNext = false;
      return lost ? unavailable : answer;
    };
    return {
      claim({ orderId, placement, amount }) {
        if (!away.has(origin)) {
          claim(orderId, placement, amount, nowMs);
        }
        return call("claim", orderId, ({ payment }) => ok(payment));
      },
      read: (paymentId) =>
        call(
          "read",
          [...accounts.keys()].find((order) => idOf(order) === paymentId) ?? missing(paymentId),
          ({ payment }) => ok(payment),
        ),
      authorize: ({ orderId }) => call("authorize", orderId, tryAuthorize),
      capture: ({ orderId }) => call("capture", orderId, tryCapture),
      cancel: ({ orderId }) => call("cancel", orderId, tryCancel),
      refund: ({ orderId }) => call("refund", orderId, tryRefund),
      list: async () => ok({ payments: [...accounts.values()].map(({ payment }) => payment) }),
    };
  }

  return {
    from,
    accounts: accounts as ReadonlyMap<OrderId, Readonly<Account>>,
    setAway(origin: Origin, isAway: boolean) {
      if (isAway) {
        away.add(origin);
      } else {
        away.delete(origin);
      }
    },
    loseNextAnswer(lose = true) {
      loseNext = lose;
    },
    isAway: (origin: Origin) => away.has(origin),
    /** What the provider did not know it knows now; what the shopper had to do is done. */
    settle() {
      for (const account of accounts.values()) {
        const { status } = account.payment;
        if (status === "processing" && mood === "processing-decline") {
          set(account, { status: "open", declineCode: "do_not_honor" });
        } else if (status === "processing" || status === "needs-action") {
          set(account, { status: "authorized" });
        }
      }
    },
    /** A person gives a part of what was taken back, in the provider's console. */
    giveBack(amountMinor: number) {
      for (const account of accounts.values()) {
        if (account.payment.status === "captured") {
          set(account, { refundedMinor: account.payment.refundedMinor + amountMinor });
        }
      }
    },
    /** What was authorised and not captured is let go by the bank. */
    lapse() {
      for (const account of accounts.values()) {
        if (account.payment.status === "authorized") {
          set(account, { status: "cancelled" });
        }
      }
    },
  };
}

function missing(paymentId: string): never {
  throw new Error(`no payment ${paymentId}`);
}

export type ModelProvider = ReturnType<typeof createModelProvider>;
