import { stampToText } from "../clock/stamp.ts";
import type { OrderId } from "../ids/order-id.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import { isOperationId } from "../ids/ulid.ts";
import type { ItemKey, ItemNotUnderstood, StoredItem } from "../items/item.ts";
import type { Result } from "../result/result.ts";
import {
  cartOutcomes,
  type FactType,
  type LogEntry,
  type OrderEvent,
  type RequestType,
  rejectReasons,
  releaseReasons,
  requesters,
} from "./events.ts";
import {
  type AttributeReader,
  countForm,
  idForm,
  mapForm,
  readItem,
  textForm,
  timeForm,
  wordForm,
} from "./item-reader.ts";
import { paymentTextCharsMax } from "./limits.ts";
import { orderPartition, stampForm } from "./placed-item.ts";

/** One entry of an origin's log, from 1. */
export function eventKey(id: OrderId, origin: Origin, number: number): ItemKey {
  return { pk: orderPartition(id), sk: `EVENT#${origin}#${number}` };
}

type Body = (reader: AttributeReader) => OrderEvent;

const operationForm = idForm(isOperationId);
const paymentForm = textForm(paymentTextCharsMax);
const request = (reader: AttributeReader) => reader.one("request", "an operation id", operationForm);

const requestBody =
  (type: RequestType): Body =>
  (reader) => ({
    type,
    operationId: reader.one("operationId", "an operation id", operationForm),
    by: reader.one("by", "a requester", wordForm(requesters)),
  });

/** What the data of each type of event holds. */
const bodies: Readonly<Record<FactType | RequestType, Body>> = {
  placed: () => ({ type: "placed" }),
  witnessed: (reader) => ({ type: "witnessed", by: reader.one("by", "an origin", idForm(isOrigin)) }),
  claimed: (reader) => ({
    type: "claimed",
    winner: reader.one("winner", "an origin", idForm(isOrigin)),
    paymentId: reader.one("paymentId", "a payment's id", paymentForm),
  }),
  authorized: () => ({ type: "authorized" }),
  declined: (reader) => ({ type: "declined", code: reader.one("code", "a code", paymentForm) }),
  committed: () => ({ type: "committed" }),
  captured: () => ({ type: "captured" }),
  released: (reader) => ({
    type: "released",
    reason: reader.one("reason", "a reason", wordForm(releaseReasons)),
  }),
  voided: () => ({ type: "voided" }),
  "cart-ended": (reader) => ({
    type: "cart-ended",
    outcome: reader.one("outcome", "an outcome", wordForm(cartOutcomes)),
  }),
  cancelled: (reader) => {
    const asked = reader.optional("request", "an operation id", operationForm);
    const code = reader.optional("code", "a code", paymentForm);
    return {
      type: "cancelled",
      ...(asked === undefined ? {} : { request: asked }),
      ...(code === undefined ? {} : { code }),
    };
  },
  shipped: (reader) => ({ type: "shipped", request: request(reader) }),
  delivered: (reader) => ({ type: "delivered", request: request(reader) }),
  returned: (reader) => ({ type: "returned", request: request(reader) }),
  refunded: () => ({ type: "refunded" }),
  rejected: (reader) => ({
    type: "rejected",
    request: request(reader),
    reason: reader.one("reason", "a reason", wordForm(rejectReasons)),
  }),
  "cancel-requested": requestBody("cancel-requested"),
  "ship-requested": requestBody("ship-requested"),
  "deliver-requested": requestBody("deliver-requested"),
  "return-requested": requestBody("return-requested"),
};

function isEventType(text: string): text is keyof typeof bodies {
  return Object.hasOwn(bodies, text);
}

/** Reads an entry; a type of event, or a member of its data, that is unknown is a failure. */
export function itemToLogEntry(item: StoredItem): Result<LogEntry, ItemNotUnderstood> {
  return readItem(item, "EVENT", (reader, { orderId, origin, number }) => {
    reader.one("v", "1, since it is written once", countForm(1, 1));
    reader.one("touchedAt", "a time in ms", timeForm);
    const type = reader.one("type", "an event's type", idForm(isEventType));
    return {
      orderId,
      origin,
      number: number > 0 ? number : reader.refuse("sk", "a log begins with 1"),
      stamp: reader.one("stamp", "a stamp", stampForm),
      atMs: reader.one("at", "a time in ms", timeForm),
      event: reader.one("data", `the data of ${type}`, mapForm(bodies[type])),
    };
  });
}

/** One text for events of the same content, whenever they were written. */
export function eventText(event: OrderEvent): string {
  return JSON.stringify(Object.entries(event).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes what `itemToLogEntry` reads. */
export function logEntryToItem(entry: LogEntry): StoredItem {
  const { type, ...data } = entry.event;
  return {
    ...eventKey(entry.orderId, entry.origin, entry.number),
    v: 1,
    type,
    stamp: stampToText(entry.stamp),
    at: entry.atMs,
    data,
    touchedAt: entry.atMs,
  };
}
