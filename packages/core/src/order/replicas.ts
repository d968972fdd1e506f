import { compareStamps } from "../clock/stamp.ts";
import type { VersionVector } from "../clock/version-vector.ts";
import type { OrderId } from "../ids/order-id.ts";
import type { Origin } from "../ids/origin.ts";
import { type ItemNotUnderstood, notUnderstood, type StoredItem } from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";
import { type Allocation, itemToAllocation } from "./alloc-item.ts";
import { itemToLogEntry } from "./event-item.ts";
import type { LogEntry } from "./events.ts";
import { itemToPlacement, type Placement } from "./placed-item.ts";
import { itemToWitness, type Witness } from "./witness-item.ts";

/**
 * What was seen of one order's partition, in whatever order it came. Every item but an allocation is written once, so
 * joining two sights is a union; of an allocation the newest one counts.
 */
export interface OrderReplicas {
  readonly orderId: OrderId;
  readonly placed: ReadonlyMap<Origin, Placement>;
  /** By witness. */
  readonly witnesses: ReadonlyMap<Origin, Witness>;
  readonly allocations: ReadonlyMap<Origin, Allocation>;
  readonly logs: ReadonlyMap<Origin, ReadonlyMap<number, LogEntry>>;
}

/** Nothing seen yet. */
export function noOrderReplicas(orderId: OrderId): OrderReplicas {
  const none = new Map();
  return { orderId, placed: none, witnesses: none, allocations: none, logs: none };
}

function newer(left: Allocation | undefined, right: Allocation): Allocation {
  const isNewer =
    left === undefined ||
    right.attempt > left.attempt ||
    (right.attempt === left.attempt && right.counter > left.counter);
  return isNewer ? right : left;
}

function unionOf<K, V>(left: ReadonlyMap<K, V>, right: ReadonlyMap<K, V>): ReadonlyMap<K, V> {
  return new Map([...right, ...left]);
}

/** Joins what two places saw of one order. Idempotent, commutative, associative. */
export function mergeOrderReplicas(left: OrderReplicas, right: OrderReplicas): OrderReplicas {
  if (left.orderId !== right.orderId) {
    throw new Error(`two orders: ${left.orderId} and ${right.orderId}`);
  }
  const allocations = new Map(left.allocations);
  for (const [origin, allocation] of right.allocations) {
    allocations.set(origin, newer(allocations.get(origin), allocation));
  }
  const logs = new Map(left.logs);
  for (const [origin, log] of right.logs) {
    logs.set(origin, unionOf(logs.get(origin) ?? new Map(), log));
  }
  return {
    orderId: left.orderId,
    placed: unionOf(left.placed, right.placed),
    witnesses: unionOf(left.witnesses, right.witnesses),
    allocations,
    logs,
  };
}

interface Parts {
  readonly placed: Map<Origin, Placement>;
  readonly witnesses: Map<Origin, Witness>;
  readonly allocations: Map<Origin, Allocation>;
  readonly logs: Map<Origin, Map<number, LogEntry>>;
}

function taken<T>(
  read: Result<T, ItemNotUnderstood>,
  take: (value: T) => void,
): ItemNotUnderstood | undefined {
  if (!read.ok) {
    return read.error;
  }
  take(read.value);
  return undefined;
}

function takeEntry(logs: Parts["logs"], entry: LogEntry): void {
  const log = logs.get(entry.origin) ?? new Map<number, LogEntry>();
  logs.set(entry.origin, log.set(entry.number, entry));
}

/** Takes one item of an order's partition; the answer says what was not understood. */
function takeItem(parts: Parts, item: StoredItem): ItemNotUnderstood | undefined {
  switch (item.sk.slice(0, item.sk.indexOf("#"))) {
    case "PLACED":
      return taken(itemToPlacement(item), (value) => parts.placed.set(value.origin, value));
    case "WITNESS":
      return taken(itemToWitness(item), (value) => parts.witnesses.set(value.witness, value));
    case "ALLOC":
      return taken(itemToAllocation(item), (value) =>
        parts.allocations.set(value.origin, newer(parts.allocations.get(value.origin), value)),
      );
    case "EVENT":
      return taken(itemToLogEntry(item), (value) => takeEntry(parts.logs, value));
    default:
      return notUnderstood(item, "sk", "no kind of an order's items");
  }
}

/** Reads items of one order's partition, in any order, repeats and older ones included. Throws on another order's. */
export function readOrderReplicas(
  orderId: OrderId,
  items: Iterable<StoredItem>,
): Result<OrderReplicas, ItemNotUnderstood> {
  const parts: Parts = {
    placed: new Map(),
    witnesses: new Map(),
    allocations: new Map(),
    logs: new Map(),
  };
  for (const item of items) {
    if (item.pk !== `ORDER#${orderId}`) {
      throw new Error(`an item of another order than ${orderId}: ${item.pk}`);
    }
    const fault = takeItem(parts, item);
    if (fault !== undefined) {
      return err(fault);
    }
  }
  return ok({ orderId, ...parts });
}

/** A placement as its own item says, or a witness of it. */
export function placementOf(replicas: OrderReplicas, origin: Origin): Placement | undefined {
  const witnessed = () =>
    [...replicas.witnesses.values()].find(({ placement }) => placement.origin === origin);
  return replicas.placed.get(origin) ?? witnessed()?.placement;
}

/** Every placement that was seen, the earliest stamp first. */
export function placementsOf(replicas: OrderReplicas): readonly Placement[] {
  const byOrigin = new Map<Origin, Placement>();
  for (const { placement } of replicas.witnesses.values()) {
    byOrigin.set(placement.origin, placement);
  }
  for (const placement of replicas.placed.values()) {
    byOrigin.set(placement.origin, placement);
  }
  return [...byOrigin.values()].sort((a, b) => compareStamps(a.stamp, b.stamp));
}

/** The first entry of a placing region's log, which its placement stands for. */
function firstEntry({ orderId, origin, stamp, placedAtMs }: Placement): LogEntry {
  return { orderId, origin, number: 1, stamp, atMs: placedAtMs, event: { type: "placed" } };
}

/**
 * An origin's log as far as it was seen without a gap. That it placed the order is in it as soon as the placement, or a
 * witness of it, was seen, and not before: an entry `placed` alone would show an order without content.
 */
export function logOf(replicas: OrderReplicas, origin: Origin): readonly LogEntry[] {
  const placement = placementOf(replicas, origin);
  const log = replicas.logs.get(origin);
  const prefix = placement === undefined ? [] : [firstEntry(placement)];
  let next = log?.get(prefix.length + 1);
  while (next !== undefined && (placement !== undefined || next.event.type !== "placed")) {
    prefix.push(next);
    next = log?.get(prefix.length + 1);
  }
  return prefix;
}

/** Everyone who has said something of the order, in code-unit order. */
export function orderOrigins({ placed, witnesses, logs }: OrderReplicas): readonly Origin[] {
  const placedBy = [...witnesses.values()].map(({ placement }) => placement.origin);
  return [...new Set([...placed.keys(), ...placedBy, ...logs.keys()])].sort();
}

/** For each origin how long its log is without a gap: what decides the order as it is shown. */
export function orderVector(replicas: OrderReplicas): VersionVector {
  const vector: Record<Origin, number> = {};
  for (const origin of orderOrigins(replicas)) {
    const { length } = logOf(replicas, origin);
    if (length > 0) {
      vector[origin] = length;
    }
  }
  return vector;
}
