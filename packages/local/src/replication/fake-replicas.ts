import type { Item, ItemChange, ReplicatedWrite } from "../engine/item-change.ts";
import type { WorldClock } from "../links/clock.ts";

/** One replica's knowledge of one item; without `item` it is deleted. */
export interface FakeState {
  readonly item?: Item;
  readonly writtenAtMs: number;
  readonly writtenIn: string;
}

/**
 * A stand-in for the tables of all regions, for tests of replication alone: last writer wins by
 * (writtenAtMs, writtenIn), deletes leave their time behind, and each replica's changes are kept.
 */
export interface FakeReplicas {
  /** A write taken by a region; several items are one transaction. A null value deletes. */
  write(region: string, values: Readonly<Record<string, number | null>>): void;
  applyReplicated(region: string, write: ReplicatedWrite): "applied" | "older";
  onChange(listener: (change: ItemChange) => void): () => void;
  /** Live items by name, with their values. */
  contents(region: string): Readonly<Record<string, number>>;
  /** All writes that regions took, in the order in which they were taken. */
  readonly taken: readonly ItemChange[];
  /** What each replica was told by its peers, newer or not, in the order of arrival. */
  readonly arrived: readonly { readonly region: string; readonly write: ReplicatedWrite }[];
}

export const fakeTable = "antipode-test-Fake";

export function createFakeReplicas(regions: readonly string[], clock: WorldClock): FakeReplicas {
  const replicas = new Map(regions.map((region) => [region, new Map<string, FakeState>()]));
  const listeners = new Set<(change: ItemChange) => void>();
  const taken: ItemChange[] = [];
  const arrived: { region: string; write: ReplicatedWrite }[] = [];
  let sequence = 0;

  function replica(region: string): Map<string, FakeState> {
    const found = replicas.get(region);
    if (found === undefined) throw new Error(`no fake replica in ${region}`);
    return found;
  }

  function commit(region: string, name: string, next: FakeState): ItemChange {
    const previous = replica(region).get(name);
    replica(region).set(name, next);
    sequence += 1;
    return {
      region,
      table: fakeTable,
      key: { pk: { S: name } },
      eventName: next.item === undefined ? "REMOVE" : previous?.item === undefined ? "INSERT" : "MODIFY",
      ...(previous?.item !== undefined && { oldImage: previous.item }),
      ...(next.item !== undefined && { newImage: next.item }),
      sequenceNumber: String(sequence).padStart(21, "0"),
      committedAtMs: clock.now(region),
      writtenAtMs: next.writtenAtMs,
      writtenIn: next.writtenIn,
      expired: false,
    };
  }

  function announce(change: ItemChange): void {
    for (const listener of listeners) listener(change);
  }

  return {
    taken,
    arrived,
    write(region, values) {
      const changes = Object.entries(values).map(([name, value]) => {
        // A write on top of another is the later one, even when the clock was set back in between.
        const above = (replica(region).get(name)?.writtenAtMs ?? -1) + 1;
        const writtenAtMs = Math.max(clock.now(region), above);
        const item = value === null ? {} : { item: { pk: { S: name }, value: { N: String(value) } } };
        return commit(region, name, { ...item, writtenAtMs, writtenIn: region });
      });
      taken.push(...changes);
      for (const change of changes) announce(change);
    },
    applyReplicated(region, write) {
      arrived.push({ region, write });
      const { key, item, writtenAtMs, writtenIn } = write;
      const name = key["pk"] !== undefined && "S" in key["pk"] ? key["pk"].S : "";
      const stored = replica(region).get(name);
      if (stored !== undefined && !isNewer(write, stored)) return "older";
      announce(commit(region, name, { ...(item !== undefined && { item }), writtenAtMs, writtenIn }));
      return "applied";
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    contents(region) {
      const live = [...replica(region)].flatMap(([name, { item }]) => {
        const value = item?.["value"];
        return value !== undefined && "N" in value ? [[name, Number(value.N)] as const] : [];
      });
      return Object.fromEntries(live.toSorted(([left], [right]) => (left < right ? -1 : 1)));
    },
  };
}

/** The order by which the last writer wins; one region never gives an item the same time twice. */
export function isNewer(
  left: Pick<FakeState, "writtenAtMs" | "writtenIn">,
  right: Pick<FakeState, "writtenAtMs" | "writtenIn">,
): boolean {
  return (
    left.writtenAtMs > right.writtenAtMs ||
    (left.writtenAtMs === right.writtenAtMs && left.writtenIn > right.writtenIn)
  );
}
