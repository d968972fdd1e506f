import type { VersionVector } from "../clock/version-vector.ts";
import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { Currency } from "../money/money.ts";
import type { TransactionWrite } from "../ports/items.ts";
import type { Allocated } from "../stock/allocated.ts";
import { type Allocation, allocationToItem } from "./alloc-item.ts";
import { entryWrite, nextOrderStamp } from "./append.ts";
import {
  allocationPartsMax,
  orderDueAfterMs,
  orderHoldMs,
  orderLinesMax,
  orderLineUnitsMax,
  requestDigestCharsMax,
} from "./limits.ts";
import { type Durability, type OrderLine, type Placement, placementToItem } from "./placed-item.ts";
import { logOf, type OrderReplicas, placementsOf } from "./replicas.ts";

/** A value of a request's body, as JSON has it. */
export type RequestValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly RequestValue[]
  | { readonly [name: string]: RequestValue };

function canonicalRequest(value: RequestValue): RequestValue {
  if (Array.isArray(value)) {
    return value.map(canonicalRequest);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, member]) => member !== undefined)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, member]) => [name, canonicalRequest(member)]),
      )
    : value;
}

/** One text for equal requests, whatever the order of their members: its digest is what a repeated operation id is held against. */
export function requestText(request: { readonly [name: string]: RequestValue }): string {
  return JSON.stringify(canonicalRequest(request));
}

/** A checkout about to be placed. */
export interface Placing {
  readonly operationId: OperationId;
  /** A digest of what the client sent; the placement's `requestDigest`. */
  readonly requestDigest: string;
  readonly currency: Currency;
  readonly lines: readonly OrderLine[];
  /** Where the lines' units were found; the same transaction takes them. */
  readonly units: readonly Allocated[];
  readonly cartVector: VersionVector;
  readonly operations: ReadonlySet<OperationId>;
  readonly method?: string;
  readonly durability: Durability;
  readonly nowMs: number;
}

/** Why an order is not placed as it was asked for. */
export type PlaceRefusal =
  | { readonly type: "too-many-lines"; readonly lines: number; readonly limit: number }
  | { readonly type: "line-too-large"; readonly line: OrderLine; readonly limit: number }
  | { readonly type: "units-too-scattered"; readonly parts: number; readonly limit: number }
  | { readonly type: "request-too-long"; readonly chars: number; readonly limit: number }
  /** The order costs something, and nothing says what to pay it with. */
  | { readonly type: "method-missing"; readonly totalMinor: number };

/** What is known of a client's request from the placements that were seen. */
export type KnownPlacement =
  /** The same request, here or in another region: the same answer. */
  | { readonly type: "done-already"; readonly placement: Placement }
  | { readonly type: "operation-id-reused"; readonly placement: Placement }
  /** Another checkout of the generation is there already. */
  | { readonly type: "placed-before"; readonly placement: Placement };

/** What becomes of a checkout. */
export type PlacePlan =
  | {
      readonly type: "write";
      readonly placement: Placement;
      readonly allocation: Allocation;
      /** PLACED, ALLOC and the first entry of the log; the caller adds the cells and the cart. */
      readonly writes: readonly TransactionWrite[];
    }
  | KnownPlacement
  | PlaceRefusal
  /** This region has written of the order, so it had seen a placement, elsewhere: read that. */
  | { readonly type: "placement-not-seen" };

/** Whether the generation was placed before, by this request or another. Its own operation id comes first. */
export function placedBefore(
  replicas: OrderReplicas,
  asked: { readonly operationId: OperationId; readonly requestDigest: string },
): KnownPlacement | undefined {
  const placements = placementsOf(replicas);
  const ofOperation = placements.filter(({ operationId }) => operationId === asked.operationId);
  const named =
    ofOperation.find(({ requestDigest }) => requestDigest === asked.requestDigest) ?? ofOperation[0];
  const placement = named ?? placements[0];
  if (placement === undefined) {
    return undefined;
  }
  if (named === undefined) {
    return { type: "placed-before", placement };
  }
  return {
    type: named.requestDigest === asked.requestDigest ? "done-already" : "operation-id-reused",
    placement,
  };
}

function refusalOf(placing: Placing, totalMinor: number): PlaceRefusal | undefined {
  const { lines, units, requestDigest } = placing;
  if (lines.length > orderLinesMax) {
    return { type: "too-many-lines", lines: lines.length, limit: orderLinesMax };
  }
  const line = lines.find(({ quantity }) => quantity > orderLineUnitsMax);
  if (line !== undefined) {
    return { type: "line-too-large", line, limit: orderLineUnitsMax };
  }
  if (units.length > allocationPartsMax) {
    return { type: "units-too-scattered", parts: units.length, limit: allocationPartsMax };
  }
  if (requestDigest.length > requestDigestCharsMax) {
    return { type: "request-too-long", chars: requestDigest.length, limit: requestDigestCharsMax };
  }
  return totalMinor > 0 && placing.method === undefined ? { type: "method-missing", totalMinor } : undefined;
}

/** Throws where the caller's units are not the lines': it would sell what nobody ordered. */
function checkUnits({ lines, units }: Placing): void {
  const wanted = new Map(lines.map(({ sku, quantity }) => [sku, quantity]));
  for (const { sku, units: count } of units) {
    wanted.set(sku, (wanted.get(sku) ?? 0) - count);
  }
  if (lines.length === 0 || [...wanted.values()].some((left) => left !== 0)) {
    throw new Error(`units that are not the lines': ${JSON.stringify([...wanted])}`);
  }
}

function placementFor(replicas: OrderReplicas, me: Origin, placing: Placing, totalMinor: number): Placement {
  const { units: _units, nowMs, method, requestDigest, ...content } = placing;
  return {
    orderId: replicas.orderId,
    origin: me,
    ...content,
    requestDigest,
    totalMinor,
    ...(method === undefined ? {} : { method }),
    placedAtMs: nowMs,
    holdEndsAtMs: nowMs + orderHoldMs,
    stamp: nextOrderStamp(replicas, me, nowMs),
  };
}

/**
 * What the placing transaction writes of the order. Each write is refused when this region has placed the order before:
 * then the items that the refusal carries, or another reading, say by which request.
 */
export function planPlace(replicas: OrderReplicas, me: Origin, placing: Placing): PlacePlan {
  const known = placedBefore(replicas, placing);
  if (known !== undefined) {
    return known;
  }
  const totalMinor = placing.lines.reduce((sum, line) => sum + line.unitMinor * line.quantity, 0);
  const refusal = refusalOf(placing, totalMinor);
  if (refusal !== undefined) {
    return refusal;
  }
  if (logOf(replicas, me).length > 0) {
    return { type: "placement-not-seen" };
  }
  checkUnits(placing);
  const placement = placementFor(replicas, me, placing, totalMinor);
  const { orderId, origin, holdEndsAtMs, placedAtMs, stamp } = placement;
  const dueAtMs = placedAtMs + orderDueAfterMs;
  const allocation: Allocation = {
    orderId,
    origin,
    attempt: 0,
    counter: 1,
    state: "held",
    units: placing.units,
    holdEndsAtMs,
    dueAtMs,
  };
  const onlyIf = [{ type: "absent" as const, attribute: "v" }];
  return {
    type: "write",
    placement,
    allocation,
    writes: [
      { type: "put", table: "Orders", item: placementToItem(placement), onlyIf },
      { type: "put", table: "Orders", item: allocationToItem(allocation, placedAtMs), onlyIf },
      entryWrite({ orderId, origin, number: 1, stamp, atMs: placedAtMs, event: { type: "placed" } }),
    ],
  };
}
