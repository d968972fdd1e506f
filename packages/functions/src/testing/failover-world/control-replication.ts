import type { StoredItem } from "@antipode/core";
import type { Faults } from "@antipode/core/testing";

interface Change {
  readonly item: StoredItem;
  /** Of the writer: of two versions of one item the later one stays, whichever arrives last. */
  readonly number: number;
  readonly dueMs: number;
}

export interface ReplicationOptions {
  readonly places: readonly number[];
  readonly faults: Faults;
  readonly chance: () => number;
  readonly nowMs: () => number;
  /** What a replica took, its own region's writes among it. */
  readonly onArrival: (to: number, item: StoredItem) => void;
}

/**
 * A global table's replication: each item takes its own time, so two of them may overtake one another; a cut holds
 * everything back, and it arrives after that.
 */
export function createControlReplication({ places, faults, chance, nowMs, onArrival }: ReplicationOptions) {
  const underway = new Map<string, Change[]>();
  const newest = new Map<string, number>();
  let written = 0;

  function isLate(to: number, { item, number }: Change): boolean {
    const key = `${to}/${item.pk}/${item.sk}`;
    const isNewer = number > (newest.get(key) ?? 0);
    newest.set(key, Math.max(number, newest.get(key) ?? 0));
    return !isNewer;
  }

  return {
    send(from: number, item: StoredItem): void {
      written += 1;
      for (const to of places.filter((one) => one !== from)) {
        const slowMs = (faults.delayMs.get(from) ?? 0) + (faults.delayMs.get(to) ?? 0);
        const way = `${from}>${to}`;
        const queue = underway.get(way) ?? [];
        queue.push({ item, number: written, dueMs: nowMs() + 200 + chance() * 2_800 + slowMs });
        underway.set(way, queue);
      }
    },

    /** Lets arrive what is due. */
    deliver(): void {
      for (const [way, queue] of underway) {
        const [from = 0, to = 0] = way.split(">").map(Number);
        const isOpen = !faults.cuts.has(way) && !faults.dead.has(from) && !faults.dead.has(to);
        if (!isOpen || queue.length === 0) {
          continue;
        }
        const due = queue.filter(({ dueMs }) => dueMs <= nowMs());
        if (due.length > 0) {
          underway.set(
            way,
            queue.filter(({ dueMs }) => dueMs > nowMs()),
          );
          for (const change of due.filter((one) => !isLate(to, one))) {
            onArrival(to, change.item);
          }
        }
      }
    },
  };
}
