import { compareStamps } from "../clock/stamp.ts";
import type { Origin } from "../ids/origin.ts";
import { isRequest, type LogEntry } from "../order/events.ts";
import type { OrderState } from "../order/machine.ts";
import { progressEntries } from "../order/progress.ts";
import { logOf, type OrderReplicas, orderOrigins, placementOf } from "../order/replicas.ts";

/** One entry of an order's history, with what it means for its placement. */
export interface HistoryEntry {
  readonly entry: LogEntry;
  /** The state of the writer's placement after it; absent for requests, and for what was refused. */
  readonly state?: OrderState;
}

function historyOf(replicas: OrderReplicas, origin: Origin): readonly HistoryEntry[] {
  const totalMinor = placementOf(replicas, origin)?.totalMinor ?? 0;
  return progressEntries(logOf(replicas, origin), { origin, totalMinor }).map(
    ({ entry, after }): HistoryEntry =>
      isRequest(entry.event) || after === undefined ? { entry } : { entry, state: after.state },
  );
}

/** All that was said of an order, by stamp: by its placements and by those who asked for something. */
export function orderHistory(replicas: OrderReplicas): readonly HistoryEntry[] {
  return orderOrigins(replicas)
    .flatMap((origin) => historyOf(replicas, origin))
    .sort((a, b) => compareStamps(a.entry.stamp, b.entry.stamp));
}
