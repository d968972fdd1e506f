import type { Intent, Refund } from "./intent.ts";

/** A payment with all that was ever tried, taken and given back, for whoever judges a run. */
export interface LedgerPayment {
  readonly id: string;
  /** The order's id, from the metadata; empty when the payment is of none. */
  readonly order: string;
  /** The placement that it names; empty when nobody claimed it. */
  readonly placement: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: Intent["status"];
  readonly charges: readonly {
    readonly id: string;
    readonly amount: number;
    readonly status: string;
    readonly captures: number;
    readonly amountCaptured: number;
  }[];
  readonly refunds: readonly Pick<Refund, "id" | "amount" | "status">[];
}

export interface Ledger {
  readonly payments: readonly LedgerPayment[];
}

/** @param order only that order's payments; all when absent */
export function ledgerOf(
  intents: readonly Intent[],
  refunds: readonly Refund[],
  order: string | undefined,
): Ledger {
  return {
    payments: intents
      .filter(({ metadata }) => order === undefined || metadata["order"] === order)
      .map((intent) => ({
        id: intent.id,
        order: intent.metadata["order"] ?? "",
        placement: intent.metadata["placement"] ?? "",
        amount: intent.amount,
        currency: intent.currency,
        status: intent.status,
        charges: intent.charges.map(({ id, amount, status, captures, amountCaptured }) => ({
          id,
          amount,
          status,
          captures,
          amountCaptured,
        })),
        refunds: refunds
          .filter(({ intentId }) => intentId === intent.id)
          .map(({ id, amount, status }) => ({ id, amount, status })),
      })),
  };
}
