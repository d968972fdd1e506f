import type { ItemImages } from "../../engine/engine.ts";
import type { Item, ItemChange } from "../../engine/item-change.ts";
import { itemSize, itemsEqual } from "../../engine/value.ts";
import {
  createStreamLog,
  type StreamLog,
  sequenceNumber,
  streamRecordsMax,
  streamRetentionMs,
} from "./stream-log.ts";
import { streamRecord } from "./stream-record.ts";
import type { TableDefinition } from "./table-definition.ts";

/** By which writes are compared: the last writer wins; of two at one instant, the region with the greater name. */
export interface WriteTime {
  readonly writtenAtMs: number;
  readonly writtenIn: string;
}

export function isLater(a: WriteTime, b: WriteTime): boolean {
  return a.writtenAtMs > b.writtenAtMs || (a.writtenAtMs === b.writtenAtMs && a.writtenIn > b.writtenIn);
}

/** What a replica remembers of an item beside the item itself; outlives the item as a tombstone. */
interface Mark extends WriteTime {
  readonly deleted: boolean;
}

/** Tombstones go when no write that they should beat can still be under way. */
const tombstoneMs = 7 * 24 * 60 * 60 * 1000;
/** DynamoDB ignores expiry times that are more than five years past. */
const expiryAgeMaxS = 5 * 365 * 24 * 60 * 60;

export interface Replica {
  readonly region: string;
  readonly definition: TableDefinition;
  readonly createdAtMs: number;
  /** Undefined when the table has no stream. */
  readonly log: StreamLog | undefined;
  /** Time of the last write of an item, deletions included; undefined when it was never written. */
  writeTime(key: Item): WriteTime | undefined;
  /**
   * The time of a local write: the region's clock, but after the write that it replaces. With a clock behind a peer's,
   * or two writes in one millisecond, the earlier value would win elsewhere and the replicas would never agree.
   */
  localWriteTime(key: Item, nowMs: number): WriteTime;
  /**
   * Books a write that the engine made: write time, counts, stream record. Returns the change, or undefined when the
   * item is as it was, which is no change: no record is emitted.
   */
  commit(
    images: ItemImages,
    write: WriteTime & { readonly expired: boolean },
    nowMs: number,
  ): ItemChange | undefined;
  /** Books an imported item: no change, no record. */
  imported(key: Item, item: Item, write: WriteTime): void;
  /** Keys of the items whose time to live has passed. */
  expiredKeys(nowMs: number): readonly Item[];
  /** Forgets old tombstones and stream records. */
  trim(nowMs: number): void;
  itemCount(): number;
  sizeBytes(): number;
}

export function keyText(key: Item): string {
  return JSON.stringify(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The primary key of an item. */
export function keyOfItem(definition: TableDefinition, item: Item): Item {
  const names =
    definition.rangeKey === undefined ? [definition.hashKey] : [definition.hashKey, definition.rangeKey];
  return Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
}

function expiryOf(definition: TableDefinition, item: Item | undefined): number | undefined {
  if (definition.ttlAttribute === undefined || item === undefined) return undefined;
  const value = item[definition.ttlAttribute];
  return value !== undefined && "N" in value ? Number(value.N) : undefined;
}

function eventNameOf(images: ItemImages): ItemChange["eventName"] {
  if (images.newImage === undefined) return "REMOVE";
  return images.oldImage === undefined ? "INSERT" : "MODIFY";
}

function unchanged({ oldImage, newImage }: ItemImages): boolean {
  if (oldImage === undefined || newImage === undefined) return oldImage === newImage;
  return itemsEqual(oldImage, newImage);
}

export function createReplica(region: string, definition: TableDefinition, createdAtMs: number): Replica {
  const marks = new Map<string, Mark>();
  const expiring = new Map<string, { readonly key: Item; readonly expiresAtS: number }>();
  const tombstones = new Set<string>();
  const log =
    definition.stream === undefined ? undefined : createStreamLog(streamRecordsMax, streamRetentionMs);
  let changes = 0;
  let items = 0;
  let bytes = 0;

  function book(key: Item, item: Item | undefined, { writtenAtMs, writtenIn }: WriteTime): void {
    const text = keyText(key);
    marks.set(text, { writtenAtMs, writtenIn, deleted: item === undefined });
    if (item === undefined) tombstones.add(text);
    else tombstones.delete(text);
    const expiresAtS = expiryOf(definition, item);
    if (expiresAtS === undefined) expiring.delete(text);
    else expiring.set(text, { key, expiresAtS });
  }

  function count({ oldImage, newImage }: Pick<ItemImages, "oldImage" | "newImage">): void {
    items += (newImage === undefined ? 0 : 1) - (oldImage === undefined ? 0 : 1);
    bytes +=
      (newImage === undefined ? 0 : itemSize(newImage)) - (oldImage === undefined ? 0 : itemSize(oldImage));
  }

  return {
    region,
    definition,
    createdAtMs,
    log,
    writeTime: (key) => marks.get(keyText(key)),
    localWriteTime(key, nowMs) {
      const last = marks.get(keyText(key));
      const writtenAtMs = last === undefined ? nowMs : Math.max(nowMs, last.writtenAtMs + 1);
      return { writtenAtMs, writtenIn: region };
    },
    commit(images, write, nowMs) {
      const same = unchanged(images);
      // a local write that changes nothing is none, and keeps the time of the one that did; a replicated one was a
      // write where it came from, and its time counts in every comparison to come
      if (same && write.writtenIn === region) return undefined;
      book(images.key, images.newImage, write);
      if (same) return undefined;
      count(images);
      changes += 1;
      const change: ItemChange = {
        region,
        table: definition.name,
        key: images.key,
        eventName: eventNameOf(images),
        ...(images.oldImage === undefined ? {} : { oldImage: images.oldImage }),
        ...(images.newImage === undefined ? {} : { newImage: images.newImage }),
        sequenceNumber: sequenceNumber(changes),
        committedAtMs: nowMs,
        writtenAtMs: write.writtenAtMs,
        writtenIn: write.writtenIn,
        expired: write.expired,
      };
      if (definition.stream !== undefined) log?.append(streamRecord(change, definition.stream), nowMs);
      return change;
    },
    imported(key, item, write) {
      const known = marks.get(keyText(key));
      if (known === undefined || known.deleted) count({ newImage: item });
      book(key, item, write);
    },
    expiredKeys(nowMs) {
      const nowS = nowMs / 1000;
      return [...expiring.values()]
        .filter(({ expiresAtS }) => expiresAtS <= nowS && expiresAtS > nowS - expiryAgeMaxS)
        .map(({ key }) => key);
    },
    trim(nowMs) {
      log?.trim(nowMs);
      for (const text of tombstones) {
        if ((marks.get(text)?.writtenAtMs ?? 0) >= nowMs - tombstoneMs) continue;
        tombstones.delete(text);
        marks.delete(text);
      }
    },
    itemCount: () => items,
    sizeBytes: () => bytes,
  };
}
