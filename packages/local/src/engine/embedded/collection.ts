import { createHash } from "node:crypto";
import type { Item } from "../item-change.ts";

/** Where an item stands: its partition, its place in it, and (in an index) the primary key that settles ties. */
export interface Position {
  readonly partition: string;
  readonly sort: string;
  readonly tie: string;
}

export interface Entry {
  readonly sort: string;
  readonly tie: string;
  readonly item: Item;
}

export interface Partition {
  readonly name: string;
  /** Orders partitions in a scan as DynamoDB does: by a hash, so seemingly at random, but always the same. */
  readonly token: string;
  readonly entries: readonly Entry[];
}

/** Items in partitions, each partition in the order of its sort keys. */
export interface Collection {
  get(position: Position): Item | undefined;
  /** Stores or replaces, and returns what was there. */
  put(position: Position, item: Item): Item | undefined;
  delete(position: Position): Item | undefined;
  partition(name: string): Partition | undefined;
  /** All partitions in the order of a scan. */
  partitions(): readonly Partition[];
}

type MutablePartition = { name: string; token: string; entries: Entry[] };

/** The first index in `list` whose member is not before the wanted place. */
export function lowerBound<T>(list: readonly T[], isBefore: (member: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const member = list[middle];
    if (member !== undefined && isBefore(member)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function comesBefore(entry: { sort: string; tie: string }, sort: string, tie: string): boolean {
  return entry.sort < sort || (entry.sort === sort && entry.tie < tie);
}

/** 12 hex digits of a digest, then the name itself, so that no two partitions share a token. */
export function partitionToken(name: string): string {
  return createHash("md5").update(name, "latin1").digest("hex").slice(0, 12) + name;
}

export function createCollection(): Collection {
  const byName = new Map<string, MutablePartition>();
  const ordered: MutablePartition[] = [];

  function place(
    entries: readonly Entry[],
    { sort, tie }: Position,
  ): { index: number; found: Entry | undefined } {
    const index = lowerBound(entries, (entry) => comesBefore(entry, sort, tie));
    const entry = entries[index];
    return { index, found: entry?.sort === sort && entry.tie === tie ? entry : undefined };
  }

  function partitionFor(name: string): MutablePartition {
    const present = byName.get(name);
    if (present !== undefined) return present;
    const created: MutablePartition = { name, token: partitionToken(name), entries: [] };
    byName.set(name, created);
    ordered.splice(
      lowerBound(ordered, (other) => other.token < created.token),
      0,
      created,
    );
    return created;
  }

  function drop(partition: MutablePartition): void {
    byName.delete(partition.name);
    ordered.splice(
      lowerBound(ordered, (other) => other.token < partition.token),
      1,
    );
  }

  return {
    get(position) {
      const partition = byName.get(position.partition);
      return partition === undefined ? undefined : place(partition.entries, position).found?.item;
    },
    put(position, item) {
      const { entries } = partitionFor(position.partition);
      const { index, found } = place(entries, position);
      entries.splice(index, found === undefined ? 0 : 1, { sort: position.sort, tie: position.tie, item });
      return found?.item;
    },
    delete(position) {
      const partition = byName.get(position.partition);
      if (partition === undefined) return undefined;
      const { index, found } = place(partition.entries, position);
      if (found === undefined) return undefined;
      partition.entries.splice(index, 1);
      if (partition.entries.length === 0) drop(partition);
      return found.item;
    },
    partition: (name) => byName.get(name),
    partitions: () => ordered,
  };
}
