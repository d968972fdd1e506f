import type { Payments } from "../ports/payments.ts";

export type PaymentOperation = keyof Payments;

/** What befalls one call. */
export interface PaymentFault {
  /** The call waits that long before it takes effect. */
  readonly delayMs?: number;
  /** It does not arrive, or its answer does not: then the effect is there. */
  readonly lost?: "request" | "answer";
  /** The bank says no, whatever the method. */
  readonly decline?: boolean;
}

/** Decides what befalls each call: what a test said next, else what it said in general. */
export function createPaymentFaults() {
  let standing: (operation: PaymentOperation) => PaymentFault | undefined = () => undefined;
  const queue: { readonly operation: PaymentOperation; readonly fault: PaymentFault; left: number }[] = [];
  return {
    faultWith(fault: typeof standing) {
      standing = fault;
    },
    failNext(operation: PaymentOperation, fault: PaymentFault, { times = 1 } = {}) {
      queue.push({ operation, fault, left: times });
    },
    draw(operation: PaymentOperation): PaymentFault {
      const next = queue.find((candidate) => candidate.operation === operation && candidate.left > 0);
      if (next === undefined) {
        return standing(operation) ?? {};
      }
      next.left -= 1;
      return next.fault;
    },
  };
}
