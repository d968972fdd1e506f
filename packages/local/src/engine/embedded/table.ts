import { AwsError } from "../../services/service.ts";
import type { IndexSchema, KeySchema, TableSchema } from "../engine.ts";
import type { Item } from "../item-change.ts";
import { itemSize, itemsEqual, sortText } from "../value.ts";
import { type Collection, createCollection, type Position } from "./collection.ts";

/** A table's description in the form that dynalite's checks want. */
export interface TableDescription {
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: string;
  }[];
  readonly GlobalSecondaryIndexes: readonly {
    readonly IndexName: string;
    readonly KeySchema: readonly { readonly AttributeName: string }[];
  }[];
}

interface Index {
  readonly schema: IndexSchema;
  readonly collection: Collection;
}

/** Bytes written to each index by one change of an item. */
export type IndexWrites = ReadonlyMap<string, readonly number[]>;

/** One region's copy of one table. Synchronous: a change is either whole or not there. */
export interface Table {
  readonly schema: TableSchema;
  readonly description: TableDescription;
  readonly items: Collection;
  index(name: string): Index | undefined;
  get(key: Item): Item | undefined;
  /** Stores or (without an item) deletes; says which index entries were written and how large they are. */
  replace(key: Item, item: Item | undefined): IndexWrites;
}

function keyList(schema: KeySchema): readonly { readonly AttributeName: string }[] {
  const names = schema.rangeKey === undefined ? [schema.hashKey] : [schema.hashKey, schema.rangeKey];
  return names.map((AttributeName) => ({ AttributeName }));
}

/** The names of a schema's key attributes: hash, then range where there is one. */
export function keyNames(schema: KeySchema): readonly string[] {
  return keyList(schema).map((element) => element.AttributeName);
}

/** The key attributes of an item; absent ones are left out. */
export function keyOf(schema: KeySchema, item: Item): Item {
  const key: Item = {};
  for (const name of keyNames(schema)) {
    const value = item[name];
    if (value !== undefined) key[name] = value;
  }
  return key;
}

/** Where an item stands under a schema; undefined when it lacks one of its key attributes (a sparse index). */
export function positionOf(schema: KeySchema, item: Item, tie: string): Position | undefined {
  const hash = item[schema.hashKey];
  const range = schema.rangeKey === undefined ? undefined : item[schema.rangeKey];
  if (hash === undefined || (schema.rangeKey !== undefined && range === undefined)) return undefined;
  return { partition: sortText(hash), sort: range === undefined ? "" : sortText(range), tie };
}

function primaryPosition(schema: KeySchema, item: Item): Position {
  const position = positionOf(schema, item, "");
  if (position === undefined)
    throw new AwsError("ValidationException", "The provided key element does not match the schema");
  return position;
}

/** The text by which index entries of one index key are told apart and ordered: their primary key. */
export function tieOf(schema: KeySchema, item: Item): string {
  const { partition, sort } = primaryPosition(schema, item);
  return `${partition}\0${sort}`;
}

function projected(table: TableSchema, index: IndexSchema, item: Item): Item {
  if (index.projection.type === "ALL") return item;
  const extra = index.projection.type === "INCLUDE" ? index.projection.attributes : [];
  const entry: Item = {};
  for (const name of [...keyNames(index), ...keyNames(table), ...extra]) {
    const value = item[name];
    if (value !== undefined) entry[name] = value;
  }
  return entry;
}

function samePosition(a: Position | undefined, b: Position | undefined): boolean {
  return a?.partition === b?.partition && a?.sort === b?.sort;
}

/** Moves one index from the old to the new item; returns the bytes of each entry written. */
function reindex(
  schema: TableSchema,
  { schema: index, collection }: Index,
  tie: string,
  before?: Item,
  after?: Item,
) {
  const sizes: number[] = [];
  const from = before === undefined ? undefined : positionOf(index, before, tie);
  const to = after === undefined ? undefined : positionOf(index, after, tie);
  const entry = after === undefined || to === undefined ? undefined : projected(schema, index, after);
  const present = from === undefined ? undefined : collection.get(from);
  if (from !== undefined && !samePosition(from, to)) {
    collection.delete(from);
    if (present !== undefined) sizes.push(itemSize(present));
  }
  if (to !== undefined && entry !== undefined) {
    const stays = present !== undefined && samePosition(from, to);
    if (!(stays && itemsEqual(present, entry))) {
      sizes.push(Math.max(itemSize(entry), stays ? itemSize(present) : 0));
    }
    collection.put(to, entry);
  }
  return sizes;
}

export function createTable(schema: TableSchema): Table {
  const items = createCollection();
  const indexes = new Map(
    schema.globalSecondaryIndexes.map((index): [string, Index] => [
      index.name,
      { schema: index, collection: createCollection() },
    ]),
  );
  return {
    schema,
    items,
    description: {
      KeySchema: keyList(schema),
      AttributeDefinitions: Object.entries(schema.attributes).map(([AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType,
      })),
      GlobalSecondaryIndexes: schema.globalSecondaryIndexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keyList(index),
      })),
    },
    index: (name) => indexes.get(name),
    get: (key) => items.get(primaryPosition(schema, key)),
    replace(key, item) {
      const position = primaryPosition(schema, key);
      const before = item === undefined ? items.delete(position) : items.put(position, item);
      const writes = new Map<string, readonly number[]>();
      if (indexes.size === 0) return writes;
      const tie = tieOf(schema, key);
      for (const [name, index] of indexes) {
        const sizes = reindex(schema, index, tie, before, item);
        if (sizes.length > 0) writes.set(name, sizes);
      }
      return writes;
    },
  };
}
