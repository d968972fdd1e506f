import {
  isRequest,
  type OrderEvent,
  type RejectReason,
  type ReleaseReason,
  type RequestType,
} from "./events.ts";

/**
 * Where a placement stands, and with the winner's the order. `paid` is also where an order is that costs nothing, as soon
 * as its units are committed. `superseded`: another placement has won.
 */
export type OrderState =
  | "placed"
  | "authorized"
  | "confirmed"
  | "paid"
  | "shipped"
  | "delivered"
  | "returned"
  | "declined"
  | "expired"
  | "superseded"
  | "cancelled"
  | "refunded";

/** What moves the machine: a fact, where it matters with its reason, or with whether there is something to pay. */
export type MachineInput =
  | Exclude<OrderFactType, "released" | "committed" | "voided" | "placed">
  | `released:${ReleaseReason}`
  | `${"committed" | "voided"}:${"to-pay" | "free"}`;

type OrderFactType = Exclude<OrderEvent["type"], RequestType>;

type Row = Readonly<Partial<Record<MachineInput, OrderState>>>;

/** State × input → state. Anything that is not here is refused: it changes nothing. Requests never move the machine. */
export const orderMachine: Readonly<Record<OrderState, Row>> = {
  placed: {
    witnessed: "placed",
    claimed: "placed",
    authorized: "authorized",
    declined: "declined",
    "committed:free": "paid",
    "released:expired": "expired",
    "released:superseded": "superseded",
    cancelled: "cancelled",
    rejected: "placed",
  },
  authorized: {
    witnessed: "authorized",
    declined: "declined",
    "committed:to-pay": "confirmed",
    cancelled: "cancelled",
    rejected: "authorized",
  },
  confirmed: {
    witnessed: "confirmed",
    "cart-ended": "confirmed",
    captured: "paid",
    cancelled: "cancelled",
    rejected: "confirmed",
  },
  paid: {
    witnessed: "paid",
    "cart-ended": "paid",
    "voided:free": "paid",
    shipped: "shipped",
    cancelled: "cancelled",
    rejected: "paid",
  },
  shipped: { witnessed: "shipped", delivered: "delivered", rejected: "shipped" },
  delivered: { witnessed: "delivered", returned: "returned", rejected: "delivered" },
  returned: { witnessed: "returned", refunded: "refunded", rejected: "returned" },
  declined: {
    witnessed: "declined",
    "released:declined": "declined",
    "cart-ended": "declined",
    "voided:to-pay": "declined",
    refunded: "declined",
    rejected: "declined",
  },
  expired: {
    witnessed: "expired",
    claimed: "expired",
    "cart-ended": "expired",
    "voided:to-pay": "expired",
    "voided:free": "expired",
    refunded: "expired",
    rejected: "expired",
  },
  superseded: { witnessed: "superseded", "cart-ended": "superseded" },
  cancelled: {
    witnessed: "cancelled",
    "released:cancelled": "cancelled",
    "cart-ended": "cancelled",
    "voided:to-pay": "cancelled",
    "voided:free": "cancelled",
    refunded: "refunded",
    rejected: "cancelled",
  },
  refunded: { witnessed: "refunded", rejected: "refunded" },
};

function inputOf(event: OrderEvent, isFree: boolean): MachineInput | undefined {
  if (isRequest(event) || event.type === "placed") {
    return undefined;
  }
  if (event.type === "released") {
    return `released:${event.reason}`;
  }
  return event.type === "committed" || event.type === "voided"
    ? `${event.type}:${isFree ? "free" : "to-pay"}`
    : event.type;
}

/** The state after an event, or nothing where the machine refuses it. */
export function moveOrder(state: OrderState, event: OrderEvent, isFree: boolean): OrderState | undefined {
  const input = inputOf(event, isFree);
  return input === undefined ? undefined : orderMachine[state][input];
}

/** What the owner does about a request. `later`: what has to come before it is not there yet. */
export type RequestVerdict =
  | { readonly type: "apply" }
  | { readonly type: "later" }
  | { readonly type: "reject"; readonly reason: RejectReason };

const apply: RequestVerdict = { type: "apply" };
const later: RequestVerdict = { type: "later" };
const doneAlready: RequestVerdict = { type: "reject", reason: "done-already" };
const tooLate: RequestVerdict = { type: "reject", reason: "too-late" };

const ended: Readonly<Record<RequestType, RequestVerdict>> = {
  "cancel-requested": tooLate,
  "ship-requested": tooLate,
  "deliver-requested": tooLate,
  "return-requested": tooLate,
};

const notShipped: Readonly<Record<RequestType, RequestVerdict>> = {
  "cancel-requested": apply,
  "ship-requested": later,
  "deliver-requested": later,
  "return-requested": later,
};

/**
 * State × request → verdict. A delivery may be asked for in a region that has not heard of the shipment, so what comes too
 * early waits, and what can never come is rejected.
 */
const verdicts: Readonly<Record<OrderState, Readonly<Record<RequestType, RequestVerdict>>>> = {
  placed: notShipped,
  authorized: notShipped,
  confirmed: notShipped,
  paid: { ...notShipped, "ship-requested": apply },
  shipped: {
    "cancel-requested": tooLate,
    "ship-requested": doneAlready,
    "deliver-requested": apply,
    "return-requested": later,
  },
  delivered: {
    "cancel-requested": tooLate,
    "ship-requested": doneAlready,
    "deliver-requested": doneAlready,
    "return-requested": apply,
  },
  returned: { ...ended, "return-requested": doneAlready },
  declined: ended,
  expired: ended,
  superseded: ended,
  cancelled: { ...ended, "cancel-requested": doneAlready },
  refunded: ended,
};

/** What the owner does about a request when its order is in that state. */
export function requestVerdict(state: OrderState, request: RequestType): RequestVerdict {
  return verdicts[state][request];
}
