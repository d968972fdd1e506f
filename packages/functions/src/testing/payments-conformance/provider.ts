import type { OrderId, Payments } from "@antipode/core";

/** What was taken for one order, as the provider's own books say. */
export interface Books {
  /** Payment objects of the order; those that nobody claimed included. */
  readonly payments: readonly {
    readonly id: string;
    /** Empty when nobody claimed it. */
    readonly placement: string;
    readonly amountMinor: number;
    readonly currency: string;
    readonly captures: number;
    readonly capturedMinor: number;
    readonly refundedMinor: number;
  }[];
}

/** One provider, asked by two regions, as the port's suite needs it. */
export interface ConformanceProvider {
  readonly regions: readonly [Payments, Payments];
  /** Pages of `list` are this small. */
  readonly pageSize: number;
  /** The next call that changes something does not arrive, or takes effect without an answer. */
  loseNext(
    what: "request" | "answer",
    operation: "claim" | "authorize" | "capture" | "cancel" | "refund",
  ): Promise<void>;
  /** No call arrives any more, until the next `heal`. */
  goAway(): Promise<void>;
  heal(): Promise<void>;
  /** A person gives a part back in the provider's console. */
  giveBack(paymentId: string, amountMinor: number): Promise<void>;
  /** The shopper does what their bank asks for, or fails to. */
  act(paymentId: string, outcome: "success" | "failure"): Promise<void>;
  /** As long as a payment that is decided late takes. */
  passProcessing(): Promise<void>;
  nowMs(): number;
  books(order: OrderId): Promise<Books>;
  close(): Promise<void>;
}

export type OpenProvider = () => Promise<ConformanceProvider>;
