import type { Stamp } from "../clock/stamp.ts";
import type { OrderId } from "../ids/order-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";

/** Why a placement gave its units back. */
export const releaseReasons = ["expired", "declined", "superseded", "cancelled"] as const;
/** Why units went back. */
export type ReleaseReason = (typeof releaseReasons)[number];

/** What became of the cart's generation: committed units mean ordered, released ones failed. */
export const cartOutcomes = ["ordered", "failed"] as const;
/** What became of one generation. */
export type CartOutcome = (typeof cartOutcomes)[number];

/** What anybody may ask for, in any region. */
export const requestTypes = [
  "cancel-requested",
  "ship-requested",
  "deliver-requested",
  "return-requested",
] as const;
/** What one request asks for. */
export type RequestType = (typeof requestTypes)[number];

/** `done-already`: the order is there, or was. `too-late`: it went on in another way. */
export const rejectReasons = ["done-already", "too-late"] as const;
/** Why one request is refused. */
export type RejectReason = (typeof rejectReasons)[number];

/** Who asked. */
export const requesters = ["shopper", "operator"] as const;
/** Who asked for one thing. */
export type Requester = (typeof requesters)[number];

/** What a placing region says of its own placement. Where it answers a request, it names the request's operation id. */
export type OrderFact =
  | { readonly type: "placed" }
  | { readonly type: "witnessed"; readonly by: Origin }
  /** Who has won the cart's generation, and which payment says so. */
  | { readonly type: "claimed"; readonly winner: Origin; readonly paymentId: string }
  | { readonly type: "authorized" }
  | { readonly type: "declined"; readonly code: string }
  | { readonly type: "committed" }
  | { readonly type: "captured" }
  | { readonly type: "released"; readonly reason: ReleaseReason }
  /** The payment can never be captured any more. */
  | { readonly type: "voided" }
  | { readonly type: "cart-ended"; readonly outcome: CartOutcome }
  /** By a request, or because the provider let go of the money before it was captured. */
  | { readonly type: "cancelled"; readonly request?: OperationId; readonly code?: string }
  | { readonly type: "shipped"; readonly request: OperationId }
  | { readonly type: "delivered"; readonly request: OperationId }
  | { readonly type: "returned"; readonly request: OperationId }
  | { readonly type: "refunded" }
  | { readonly type: "rejected"; readonly request: OperationId; readonly reason: RejectReason };

/** What kinds of facts there are. */
export type FactType = OrderFact["type"];

/** What somebody asked for, as the region says that took the request. It changes nothing until the owner's log answers. */
export interface OrderRequest {
  readonly type: RequestType;
  readonly operationId: OperationId;
  readonly by: Requester;
}

/** What an entry of a log says. */
export type OrderEvent = OrderFact | OrderRequest;

/** One entry of an origin's log of one order. */
export interface LogEntry {
  readonly orderId: OrderId;
  readonly origin: Origin;
  /** From 1, without gaps. */
  readonly number: number;
  /** Above everything of the order that its writer had seen. */
  readonly stamp: Stamp;
  /** When the origin wrote it, by its own clock. */
  readonly atMs: number;
  readonly event: OrderEvent;
}

/** Whether an event asks for something, and says nothing that is so. */
export function isRequest(event: OrderEvent): event is OrderRequest {
  return requestTypes.some((type) => type === event.type);
}

/** The operation id of the request that a fact answers. */
export function answeredRequest(event: OrderEvent): OperationId | undefined {
  return "request" in event ? event.request : undefined;
}
