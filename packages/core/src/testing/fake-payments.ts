import type { OrderId } from "../ids/order-id.ts";
import type { Money } from "../money/money.ts";
import type { Clock } from "../ports/clock.ts";
import {
  type Payment,
  type PaymentAttempt,
  type PaymentClaim,
  type PaymentError,
  type PaymentHint,
  type Payments,
  paymentMethodUnknown,
} from "../ports/payments.ts";
import { err, ok, type Result } from "../result/result.ts";
import { createPaymentFaults, type PaymentFault, type PaymentOperation } from "./fake-payment-faults.ts";
import {
  acted,
  cancelled,
  captured,
  confirmed,
  decided,
  type FakePayment,
  isTestMethod,
  refunded,
} from "./fake-payment-steps.ts";

/** A payment provider in memory, one for all regions: what it knows does not depend on who asks. */
export interface FakePayments extends Payments {
  /** The calls so far, for example `claim ord_…`. */
  readonly operations: readonly string[];
  /** Asked before each call, until another one is set. */
  faultWith(fault: (operation: PaymentOperation) => PaymentFault | undefined): void;
  /** The next calls of that operation have this fault. */
  failNext(operation: PaymentOperation, fault: PaymentFault, options?: { times?: number }): void;
  /** The shopper does what their bank asks for, or fails to. */
  act(paymentId: string, outcome: "success" | "failure"): void;
  /** The next claim of an order makes another payment, as at a provider that knows its keys no more and is not searched. */
  forgetClaims(): void;
  /** A person gives a part back in the provider's console. */
  giveBack(paymentId: string, amountMinor: number): void;
  /** Every payment with what was taken and given back, oldest first. */
  ledger(): readonly FakePayment[];
}

export interface FakePaymentsOptions {
  readonly clock: Clock;
  /** Waits on the same clock; without it a delay is none. */
  readonly delay?: (ms: number) => Promise<void>;
  /** How long a payment stays undecided that is decided late. */
  readonly processingMs?: number;
  /** Hears of each change of a payment, as a webhook would tell it. */
  readonly onChange?: (hint: PaymentHint) => void;
  /** Payments of one page of `list`. */
  readonly pageSize?: number;
}

type Outcome = Result<Payment, PaymentError>;

/** Below it no provider charges: of the largest currencies' minimum. */
const leastMinor = 50;

/** What the object is made with; a claim of nothing to pay leaves it. */
const placeholder: Money = { amountMinor: 100, currency: "USD" };

function refusal(operation: PaymentOperation, code: string, reason: string): Outcome {
  return err({ type: "refused", operation, code, reason });
}

/** The payments, each as it is by now. */
function createShelf({ clock, onChange }: FakePaymentsOptions) {
  const knownById = new Map<string, FakePayment>();
  const idByOrder = new Map<OrderId, string>();
  let events = 0;
  function put(known: FakePayment): Payment {
    knownById.set(known.payment.id, known);
    events += 1;
    const { orderId, placement, id } = known.payment;
    onChange?.({
      eventId: `evt_${events}`,
      orderId,
      paymentId: id,
      ...(placement === undefined ? {} : { placement }),
    });
    return known.payment;
  }
  function get(id: string): FakePayment | undefined {
    const known = knownById.get(id);
    const now = known === undefined ? undefined : decided(known, clock.nowMs());
    if (now !== undefined && now !== known) {
      put(now);
    }
    return now;
  }
  return {
    put,
    get,
    ofOrder: (order: OrderId) => get(idByOrder.get(order) ?? ""),
    add({ orderId, placement, amount }: PaymentClaim): Payment {
      const id = `pi_${knownById.size + 1}`;
      idByOrder.set(orderId, id);
      const payment: Payment = {
        id,
        orderId,
        placement,
        amount: amount.amountMinor === 0 ? placeholder : amount,
        status: "open",
        refundedMinor: 0,
        createdAtMs: clock.nowMs(),
      };
      return put({ payment, methodByAttempt: new Map(), captures: 0, refunds: 0 });
    },
    forgetClaims: () => idByOrder.clear(),
    all: (): readonly FakePayment[] => [...knownById.keys()].flatMap((id) => get(id) ?? []),
  };
}

type Shelf = ReturnType<typeof createShelf>;

/** Brings a payment into a state by a step, unless it is there or cannot get there. */
function stepTo(
  shelf: Shelf,
  operation: PaymentOperation,
  id: string,
  isDone: (payment: Payment) => boolean,
  step: (known: FakePayment) => FakePayment | undefined,
): Outcome {
  const known = shelf.get(id);
  if (known === undefined) {
    return refusal(operation, "resource_missing", `no payment ${id}`);
  }
  if (isDone(known.payment)) {
    return ok(known.payment);
  }
  const next = step(known);
  return next === undefined
    ? refusal(operation, "payment_intent_unexpected_state", `the payment is ${known.payment.status}`)
    : ok(shelf.put(next));
}

function authorize(
  shelf: Shelf,
  { paymentId, attempt, method }: PaymentAttempt & { readonly method: string },
  told: { readonly decideAtMs: number; readonly decline: boolean },
): Outcome {
  const known = shelf.get(paymentId);
  const earlier = known?.methodByAttempt.get(attempt);
  if (known !== undefined && earlier !== undefined) {
    return earlier === method
      ? ok(known.payment)
      : refusal("authorize", "idempotency_error", "the attempt was made with another method");
  }
  if (known?.payment.status === "open" && !isTestMethod(method)) {
    return refusal("authorize", paymentMethodUnknown, `no method ${method}`);
  }
  const isDone = ({ status }: Payment) => ["processing", "authorized", "captured"].includes(status);
  return stepTo(shelf, "authorize", paymentId, isDone, (before) => {
    const next = before.payment.status === "cancelled" ? undefined : confirmed(before, method, told);
    return next === undefined
      ? undefined
      : { ...next, methodByAttempt: new Map(before.methodByAttempt).set(attempt, method) };
  });
}

function claim(shelf: Shelf, asked: PaymentClaim): Outcome {
  const { amountMinor } = asked.amount;
  if (amountMinor !== 0 && amountMinor < leastMinor) {
    return refusal("claim", "amount_not_chargeable", `${amountMinor} ${asked.amount.currency}`);
  }
  return ok(shelf.ofOrder(asked.orderId)?.payment ?? shelf.add(asked));
}

function page(
  shelf: Shelf,
  { createdSinceMs, after }: Parameters<Payments["list"]>[0],
  pageSize: number,
): Awaited<ReturnType<Payments["list"]>> {
  const newestFirst = shelf.all().map(({ payment }) => payment);
  const listed = newestFirst.reverse().filter(({ createdAtMs }) => createdAtMs >= createdSinceMs);
  const from = after === undefined ? 0 : listed.findIndex(({ id }) => id === after) + 1;
  const payments = listed.slice(from, from + pageSize);
  const next = from + pageSize < listed.length ? payments.at(-1)?.id : undefined;
  return ok({ payments, ...(next === undefined ? {} : { next }) });
}

/** The payments port in memory, deterministic: for tests on virtual time. */
export function createFakePayments(options: FakePaymentsOptions): FakePayments {
  const { clock, delay = async () => {}, processingMs = 500, pageSize = 100 } = options;
  const shelf = createShelf(options);
  const faults = createPaymentFaults();
  const operations: string[] = [];

  async function run<T>(
    operation: PaymentOperation,
    subject: string,
    call: (fault: PaymentFault) => Result<T, PaymentError>,
  ): Promise<Result<T, PaymentError>> {
    operations.push(`${operation} ${subject}`);
    const fault = faults.draw(operation);
    await delay(fault.delayMs ?? 0);
    const answer = fault.lost === "request" ? undefined : call(fault);
    return answer === undefined || fault.lost === "answer"
      ? err({ type: "unavailable", operation, reason: `the ${fault.lost} was lost` })
      : answer;
  }

  const to = (
    operation: PaymentOperation,
    isDone: (payment: Payment) => boolean,
    step: (known: FakePayment) => FakePayment | undefined,
  ) => {
    return ({ paymentId }: PaymentAttempt) =>
      run(operation, paymentId, () => stepTo(shelf, operation, paymentId, isDone, step));
  };

  return {
    operations,
    faultWith: faults.faultWith,
    failNext: faults.failNext,
    ledger: shelf.all,
    forgetClaims: shelf.forgetClaims,
    act(paymentId, outcome) {
      const known = shelf.get(paymentId);
      if (known !== undefined) {
        shelf.put(acted(known, outcome));
      }
    },
    giveBack(paymentId, amountMinor) {
      const known = shelf.get(paymentId);
      const given = known === undefined ? undefined : refunded(known, amountMinor);
      if (given !== undefined) {
        shelf.put(given);
      }
    },
    claim: (asked) => run("claim", asked.orderId, () => claim(shelf, asked)),
    read: (id) =>
      run("read", id, () =>
        stepTo(
          shelf,
          "read",
          id,
          () => true,
          () => undefined,
        ),
      ),
    authorize: (attempt) =>
      run("authorize", attempt.paymentId, ({ decline = false }) =>
        authorize(shelf, attempt, { decideAtMs: clock.nowMs() + processingMs, decline }),
      ),
    capture: to("capture", ({ status }) => status === "captured", captured),
    cancel: to("cancel", ({ status }) => status === "cancelled", cancelled),
    refund: to(
      "refund",
      ({ refundedMinor, amount }) => refundedMinor >= amount.amountMinor,
      (known) => refunded(known),
    ),
    list: (query) => run("list", query.after ?? "", () => page(shelf, query, pageSize)),
  };
}
