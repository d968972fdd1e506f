import type { CartId } from "../ids/cart-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { Payment, PaymentAttempt, PaymentClaim } from "../ports/payments.ts";
import type { Allocation } from "./alloc-item.ts";
import type { CartOutcome, OrderFact, ReleaseReason } from "./events.ts";

/**
 * How the payment looked when this run last asked, or that the provider could not be reached or refused to say who has won.
 * Who is refused anything else reads the payment, and asks with that. Nothing when this run has not asked. An old sight is
 * harmless: what it leads to is said at the end of the log as it was read, or is a call that takes effect once.
 */
export type PaymentSight = Payment | "out-of-reach";

/**
 * What the placing region does next for its placement. Each step may be done again, by any instance, at any time; after
 * it the log is read and `nextStep` asked again, with the payment that the step's call answered. So a crash before a
 * call, after it, or before its record leads back to the same call, which takes effect once.
 */
export type OrderStep =
  /**
   * Asks the provider who has won, also where there is nothing to pay: two placements of one generation may differ in that,
   * and have to ask the same decider. Repairs a crash after placing, and an answer that was lost: the first claim stays.
   */
  | { readonly type: "claim"; readonly claim: PaymentClaim }
  /** Looks how the payment is, where it is too late to start one. Repairs a crash after an authorisation. */
  | { readonly type: "read-payment"; readonly paymentId: string }
  /** Repairs a crash before or after the call: the provider takes one attempt once. */
  | { readonly type: "authorize"; readonly attempt: PaymentAttempt & { readonly method: string } }
  /** Says what a call has brought about (`planRecord`). Repairs a crash between the two. */
  | { readonly type: "record"; readonly fact: OrderFact }
  /** Answers a request (`planRecord`). Repairs a notice of it that was lost: every pending request is looked at. */
  | { readonly type: "decide"; readonly request: OperationId; readonly fact: OrderFact }
  /** Units become sold, with the cells (`planAllocationChange`). Repairs a crash after the authorisation was recorded. */
  | { readonly type: "commit"; readonly allocation: Allocation; readonly fact: CommittedFact }
  /** Units go back, with the cells. Repairs a hold that nobody ended, and a crash after a decline or a cancellation. */
  | {
      readonly type: "release";
      readonly reason: ReleaseReason;
      readonly allocation: Allocation;
      readonly fact: ReleasedFact;
    }
  /**
   * Ends the own cart's generation (`planOrdered`, `planFailed`) and says so, in one transaction. When the cart was ended
   * before, only the record is missing. Repairs a crash after the units were decided, and a cart still in checkout.
   */
  | {
      readonly type: "end-cart";
      readonly cart: CartId;
      readonly generation: number;
      readonly outcome: CartOutcome;
      readonly winner: Origin;
      readonly fact: Extract<OrderFact, { type: "cart-ended" }>;
    }
  /** Takes the money. Repairs a crash after the commit: confirmed and never paid. */
  | { readonly type: "capture"; readonly attempt: PaymentAttempt }
  /**
   * Lets the money go, authorised or not yet; where there is nothing to pay, the object that only named the winner. Repairs a
   * crash after the units went back, and a late authorisation.
   */
  | { readonly type: "cancel-payment"; readonly attempt: PaymentAttempt }
  /** Gives the money back. Repairs a crash after a cancellation or a return was said. */
  | { readonly type: "refund"; readonly attempt: PaymentAttempt }
  /** Nothing to do before that time, or before something arrives; the executor puts `dueAt` off (`planPutOff`). */
  | { readonly type: "wait"; readonly for: WaitReason; readonly untilMs?: number }
  /** All is done: repair need not look again (`planClose`). Repairs a crash after the last fact. */
  | { readonly type: "close" }
  /** This region has nothing to do for the order. */
  | { readonly type: "nothing" };

type CommittedFact = Extract<OrderFact, { type: "committed" }>;
type ReleasedFact = Extract<OrderFact, { type: "released" }>;

/** `own-items`: the reading saw half of a transaction. `winner`: how its placement ends. `shopper`: their bank's page. */
export type WaitReason = "own-items" | "winner" | "shopper" | "provider";
