import { latestStamp, nextStamp, type Stamp } from "../clock/stamp.ts";
import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { TransactionWrite } from "../ports/items.ts";
import { eventText, logEntryToItem } from "./event-item.ts";
import { isRequest, type LogEntry, type OrderEvent, type OrderFact, type OrderRequest } from "./events.ts";
import { orderRequestsMax } from "./limits.ts";
import { logOf, type OrderReplicas, placementsOf } from "./replicas.ts";

/** A put, alone or in a transaction. */
export type PutWrite = TransactionWrite & { readonly type: "put" };

/** The next entry of the own log, and the write that makes it: it is refused when anybody of the region was first. */
export interface Append {
  readonly entry: LogEntry;
  readonly write: PutWrite;
}

function stampsSeen(replicas: OrderReplicas): readonly Stamp[] {
  const entries = [...replicas.logs.values()].flatMap((log) => [...log.values()]);
  return [...entries, ...placementsOf(replicas)].map(({ stamp }) => stamp);
}

/** A stamp above everything seen of the order, the own log included: what answers something is shown after it. */
export function nextOrderStamp(replicas: OrderReplicas, me: Origin, nowMs: number): Stamp {
  const [first, ...others] = stampsSeen(replicas);
  return nextStamp(first === undefined ? undefined : others.reduce(latestStamp, first), nowMs, me);
}

function appendEvent(replicas: OrderReplicas, me: Origin, event: OrderEvent, nowMs: number): Append {
  const entry: LogEntry = {
    orderId: replicas.orderId,
    origin: me,
    number: logOf(replicas, me).length + 1,
    stamp: nextOrderStamp(replicas, me, nowMs),
    atMs: nowMs,
    event,
  };
  return { entry, write: entryWrite(entry) };
}

/** Writes an entry where none is. */
export function entryWrite(entry: LogEntry): PutWrite {
  return {
    type: "put",
    table: "Orders",
    item: logEntryToItem(entry),
    onlyIf: [{ type: "absent", attribute: "v" }],
  };
}

/** Says a fact at the end of the own log as it was seen: every decision is made on all of the log before it. */
export function appendFact(replicas: OrderReplicas, me: Origin, fact: OrderFact, nowMs: number): Append {
  return appendEvent(replicas, me, fact, nowMs);
}

/** What becomes of a request. */
export type RequestPlan =
  | ({ readonly type: "write" } & Append)
  /** Asked before, here or in another region: the same request, once. */
  | { readonly type: "done-already" }
  /** The id stands for something else. */
  | { readonly type: "operation-id-reused"; readonly taken: string }
  /** No placement was seen here, so there is nothing to ask for. */
  | { readonly type: "order-not-seen" }
  | { readonly type: "too-many-requests"; readonly limit: number };

/** What an operation id stands for in what was seen of the order. */
function takenBy(replicas: OrderReplicas, id: OperationId): OrderEvent | "placed" | undefined {
  if (placementsOf(replicas).some(({ operationId }) => operationId === id)) {
    return "placed";
  }
  return [...replicas.logs.values()]
    .flatMap((log) => [...log.values()])
    .map(({ event }) => event)
    .find((event) => isRequest(event) && event.operationId === id);
}

/** Takes a request into the own log, from whichever region the client asks in. The owner's log answers it. */
export function planRequest(
  replicas: OrderReplicas,
  me: Origin,
  { request, nowMs }: { readonly request: OrderRequest; readonly nowMs: number },
): RequestPlan {
  const taken = takenBy(replicas, request.operationId);
  if (taken === "placed") {
    return { type: "operation-id-reused", taken };
  }
  if (taken !== undefined) {
    return eventText(taken) === eventText(request)
      ? { type: "done-already" }
      : { type: "operation-id-reused", taken: taken.type };
  }
  if (placementsOf(replicas).length === 0) {
    return { type: "order-not-seen" };
  }
  const asked = logsRequests(replicas, me);
  return asked >= orderRequestsMax
    ? { type: "too-many-requests", limit: orderRequestsMax }
    : { type: "write", ...appendEvent(replicas, me, request, nowMs) };
}

function logsRequests(replicas: OrderReplicas, origin: Origin): number {
  return logOf(replicas, origin).filter(({ event }) => isRequest(event)).length;
}
