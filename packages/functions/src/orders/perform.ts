import {
  commitWrite,
  type LogEntry,
  type OrderChange,
  type OrderId,
  type OrderStep,
  type OwnPlacement,
  ok,
  type Payment,
  type PaymentAttempt,
  type PaymentError,
  type PaymentSight,
  planAllocationChange,
  planClose,
  planRecord,
  type Result,
  releaseWrite,
  type TransactionWrite,
} from "@antipode/core";
import { writeAll } from "../platform/write-all.ts";
import type { AdvancingDeps } from "./deps.ts";
import { planCartEnding } from "./end-cart.ts";
import { failed, type StepFailure } from "./failure.ts";

/** What one step has brought about, for the next look at the order. */
export interface Performed {
  /** How the payment is, where the step asked. */
  readonly payment?: PaymentSight;
  /** What the provider said when it refused: the payment is in another state, or will never be as was asked. */
  readonly refused?: PaymentError;
  /** What was put at the end of the own log, where nothing else of the order was written. */
  readonly appended?: LogEntry;
  /** The order has to be read again: more of it was written, by this step or by others. */
  readonly stale?: boolean;
  /** Others were writing the same items. */
  readonly contended?: boolean;
  /** The placement is closed: nothing is left to do. */
  readonly closed?: boolean;
  /** Nothing more can be done now. */
  readonly stuck?: boolean;
}

type Outcome = Result<Performed, StepFailure>;

type PaymentAnswer = Result<Payment, PaymentError>;

/**
 * A provider that cannot be reached is waited for. A claim that it refuses is no word on who has won, and none will come by
 * itself: somebody must look, and meanwhile the units go back when the hold is over. An answer that is not understood stops
 * the run.
 */
function sightOf({ log }: AdvancingDeps, orderId: OrderId, step: string, answer: PaymentAnswer): Outcome {
  if (answer.ok) {
    return ok({ payment: answer.value });
  }
  const { error } = answer;
  if (error.type === "unavailable") {
    log.warn("the payment provider is away", { orderId, step, cause: error });
    return ok({ payment: "out-of-reach" });
  }
  if (error.type === "refused" && step === "claim") {
    log.error("the payment provider refuses a claim", { orderId, cause: error });
    return ok({ payment: "out-of-reach" });
  }
  return failed(step, error);
}

/** What changes a payment that was claimed. Refused, it was changed meanwhile in another way: the payment says how. */
async function changePayment(
  deps: AdvancingDeps,
  step: string,
  { orderId, paymentId }: PaymentAttempt,
  answer: PaymentAnswer,
): Promise<Outcome> {
  if (answer.ok || answer.error.type !== "refused") {
    return sightOf(deps, orderId, step, answer);
  }
  const refused = answer.error;
  deps.log.warn("the payment provider refuses", { orderId, step, cause: refused });
  const read = sightOf(deps, orderId, step, await deps.payments.read(paymentId));
  if (!read.ok) {
    return read;
  }
  const { payment } = read.value;
  if (step === "authorize" && payment !== "out-of-reach" && payment?.status === "open") {
    // a method that the provider does not know, or not for this: as good as a bank that says no
    return ok({ payment: { ...payment, declineCode: payment.declineCode ?? refused.code } });
  }
  return ok({ ...read.value, refused });
}

interface Change {
  readonly step: OrderStep["type"];
  /** What is written of the order. */
  readonly order: OrderChange;
  /** What is written with it: cells, the cart. */
  readonly beside?: readonly TransactionWrite[];
}

async function change(deps: AdvancingDeps, { step, order, beside = [] }: Change): Promise<Outcome> {
  const written = await writeAll(deps.items, [...order.writes, ...beside]);
  if (!written.ok) {
    return failed(step, written.error);
  }
  if (written.value !== "written") {
    return ok({ stale: true, ...(written.value === "contended" ? { contended: true } : {}) });
  }
  const { entry } = order;
  if (entry !== undefined) {
    deps.measurements.record("OrderFacts", [1], { fact: entry.event.type });
  }
  return ok(entry !== undefined && order.writes.length === 1 ? { appended: entry } : { stale: true });
}

async function endCart(
  deps: AdvancingDeps,
  own: OwnPlacement,
  step: Extract<OrderStep, { type: "end-cart" }>,
): Promise<Outcome> {
  const ending = await planCartEnding(deps, step);
  if (!ending.ok) {
    return ending;
  }
  if (ending.value === "winner-away") {
    return ok({ stuck: true });
  }
  return change(deps, { step: step.type, order: planRecord(own, step.fact), beside: ending.value });
}

/** Makes one step. Each may be made again by anybody at any time. */
export async function performStep(deps: AdvancingDeps, own: OwnPlacement, step: OrderStep): Promise<Outcome> {
  const { payments } = deps;
  const { nowMs } = own;
  const { orderId } = own.replicas;
  const seen = (answer: PaymentAnswer) => sightOf(deps, orderId, step.type, answer);
  switch (step.type) {
    case "claim":
      return seen(await payments.claim(step.claim));
    case "read-payment":
      return seen(await payments.read(step.paymentId));
    case "authorize":
      return changePayment(deps, step.type, step.attempt, await payments.authorize(step.attempt));
    case "capture":
      return changePayment(deps, step.type, step.attempt, await payments.capture(step.attempt));
    case "cancel-payment":
      return changePayment(deps, step.type, step.attempt, await payments.cancel(step.attempt));
    case "refund":
      return changePayment(deps, step.type, step.attempt, await payments.refund(step.attempt));
    case "record":
    case "decide":
      return change(deps, { step: step.type, order: planRecord(own, step.fact) });
    case "commit": {
      const cells = step.allocation.units.map((units) => commitWrite(units, nowMs));
      return change(deps, { step: step.type, order: planAllocationChange(own, step.fact), beside: cells });
    }
    case "release": {
      const cells = step.allocation.units.map((units) => releaseWrite(units, nowMs));
      return change(deps, { step: step.type, order: planAllocationChange(own, step.fact), beside: cells });
    }
    case "end-cart":
      return endCart(deps, own, step);
    case "close": {
      const closed = await writeAll(deps.items, planClose(own).writes);
      if (!closed.ok) {
        return failed(step.type, closed.error);
      }
      return ok(
        closed.value === "written"
          ? { closed: true }
          : { stale: true, contended: closed.value === "contended" },
      );
    }
    case "wait":
    case "nothing":
      return ok({});
  }
}
