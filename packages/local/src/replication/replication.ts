import type { Item, ItemChange, ReplicatedWrite } from "../engine/item-change.ts";
import { summarise } from "./lag-samples.ts";
import { createLane } from "./lane.ts";
import type { Lane, LaneOptions, LanePace, LaneStatus } from "./lane-types.ts";

/** The asynchronous replication of global tables (MREC) over the world's links. */
export interface Replication {
  /** One entry for each table and ordered pair of its replicas. */
  status(): readonly LaneStatus[];
  /** The same over all tables: one entry for each ordered pair of regions. */
  pairs(): readonly PairStatus[];
  /**
   * Resolves once nothing more can move: with the lanes that are blocked by a cut, a pause or a region that is
   * down and still have something to send, or with nothing when every peer has everything.
   */
  drained(): Promise<readonly LaneStatus[]>;
  /** Tries all blocked lanes at once instead of at their next probe: call it when a fault has ended. */
  wake(): void;
  /** Takes no further changes and sends nothing more. */
  close(): void;
}

export interface PairStatus {
  readonly from: string;
  readonly to: string;
  readonly pending: number;
  readonly oldestPendingMs: number;
  readonly delivered: number;
  /** Write to arrival, over the last deliveries; absent before the first. */
  readonly lagMs?: { readonly p50: number; readonly p95: number; readonly max: number };
}

export interface ReplicationOptions extends Pick<LaneOptions, "apply" | "links" | "random" | "scheduler"> {
  /** The regions of each global table's replicas, by physical table name. Other tables are left alone. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /**
   * Calls the listener with each committed change, at once and in the order of commits within one region.
   * Changes that came by replication are told apart by `writtenIn`; imported items must not come at all.
   */
  readonly onChange: (listener: (change: ItemChange) => void) => () => void;
  readonly pace?: Partial<LanePace>;
  /** Told of each write that has reached a peer, and how long it took. */
  readonly onDelivered?: (way: {
    readonly table: string;
    readonly from: string;
    readonly to: string;
    readonly lagMs: number;
  }) => void;
}

/** The service promises "typically within a second"; how it spends that is our guess. */
const defaultPace: LanePace = {
  departMinMs: 20,
  departMeanMs: 50,
  inFlightMax: 256,
  resendMinMs: 50,
  // A healed link is in use again within this, even if nobody calls `wake`.
  resendMaxMs: 500,
};

/**
 * Sends each change that a region took itself to the table's other replicas. Every item travels on its own, so
 * the items of one transaction arrive apart and in any order; each is sent again until its peer acknowledged it.
 * `apply` must be idempotent and keep the newer state by (writtenAtMs, writtenIn).
 */
export function createReplication(options: ReplicationOptions): Replication {
  const { tables, onChange, pace } = options;
  const waiters = new Set<Waiter>();
  const lanes = new Map<string, Lane>();

  for (const [table, regions] of Object.entries(tables)) {
    for (const from of regions) {
      for (const to of regions) {
        if (from === to) continue;
        const lane = createLane({
          ...options,
          table,
          from,
          to,
          pace: { ...defaultPace, ...pace },
          onLag: (lagMs) => options.onDelivered?.({ table, from, to, lagMs }),
          onProgress: notifyWaiters,
        });
        lanes.set(laneKey(table, from, to), lane);
      }
    }
  }

  function status(): readonly LaneStatus[] {
    return [...lanes.values()].map((lane) => lane.status());
  }

  function notifyWaiters(): void {
    for (const waiter of waiters) {
      if ([...waiter.since].every(([lane, attempts]) => lane.settled(attempts))) {
        waiters.delete(waiter);
        waiter.resolve(status().filter((lane) => lane.pending > 0));
      }
    }
  }

  function wake(): void {
    for (const lane of lanes.values()) lane.wake();
  }

  const unsubscribe = onChange((change) => {
    const regions = tables[change.table] ?? [];
    if (change.writtenIn !== change.region) return;
    const key = itemKey(change.key);
    const write = toReplicatedWrite(change);
    for (const to of regions) lanes.get(laneKey(change.table, change.region, to))?.put(key, write);
  });

  return {
    status,
    pairs: () =>
      [...Map.groupBy(lanes.values(), ({ from, to }) => `${from} ${to}`).values()].map(toPairStatus),
    wake,
    drained() {
      return new Promise((resolve) => {
        // A lane that was blocked a moment ago may be open by now: only an attempt begun from here on tells.
        const since = new Map([...lanes.values()].map((lane) => [lane, lane.attempts()]));
        waiters.add({ since, resolve });
        wake();
        notifyWaiters();
      });
    },
    close() {
      unsubscribe();
      for (const lane of lanes.values()) lane.close();
      notifyWaiters();
    },
  };
}

interface Waiter {
  /** How many attempts each lane had begun when the waiting started. */
  readonly since: ReadonlyMap<Lane, number>;
  readonly resolve: (blocked: readonly LaneStatus[]) => void;
}

function laneKey(table: string, from: string, to: string): string {
  return `${table} ${from} ${to}`;
}

function toPairStatus(lanes: readonly Lane[]): PairStatus {
  const [first] = lanes;
  const statuses = lanes.map((lane) => lane.status());
  const lag = summarise(lanes.flatMap((lane) => lane.lags()));
  return {
    from: first?.from ?? "",
    to: first?.to ?? "",
    pending: statuses.reduce((sum, { pending }) => sum + pending, 0),
    oldestPendingMs: Math.max(0, ...statuses.map(({ oldestPendingMs }) => oldestPendingMs)),
    delivered: statuses.reduce((sum, { delivered }) => sum + delivered, 0),
    ...(lag.count > 0 && { lagMs: { p50: lag.p50Ms, p95: lag.p95Ms, max: lag.maxMs } }),
  };
}

/** One name for one key, whatever the order of its attributes. */
function itemKey(key: Item): string {
  return JSON.stringify(Object.entries(key).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function toReplicatedWrite(change: ItemChange): ReplicatedWrite {
  return {
    table: change.table,
    key: change.key,
    ...(change.newImage !== undefined && { item: change.newImage }),
    writtenAtMs: change.writtenAtMs,
    writtenIn: change.writtenIn,
    expired: change.expired,
  };
}
