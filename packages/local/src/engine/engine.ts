import type { Item } from "./item-change.ts";

/** A request or answer in DynamoDB's JSON form. */
export type JsonObject = Record<string, unknown>;

export type ScalarType = "S" | "N" | "B";

export interface KeySchema {
  readonly hashKey: string;
  readonly rangeKey?: string;
}

export interface IndexSchema extends KeySchema {
  readonly name: string;
  readonly projection:
    | { readonly type: "ALL" }
    | { readonly type: "KEYS_ONLY" }
    | { readonly type: "INCLUDE"; readonly attributes: readonly string[] };
}

/** What an engine must know of a table: keys and indexes. */
export interface TableSchema extends KeySchema {
  readonly name: string;
  /** The type of each attribute that is part of a key. */
  readonly attributes: Readonly<Record<string, ScalarType>>;
  readonly globalSecondaryIndexes: readonly IndexSchema[];
}

export type ReadOperation = "GetItem" | "BatchGetItem" | "Query" | "Scan" | "TransactGetItems";
export type WriteOperation =
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "BatchWriteItem"
  | "TransactWriteItems";

/** One item before and after a write; an absent image is an absent item. */
export interface ItemImages {
  readonly table: string;
  readonly key: Item;
  readonly oldImage?: Item;
  readonly newImage?: Item;
}

export interface Written {
  /** The answer to the client, in DynamoDB's JSON form. */
  readonly answer: JsonObject;
  /** Every item that the request wrote, in the request's order. Images are shared: nobody may change them. */
  readonly images: readonly ItemImages[];
}

/**
 * The store port: keeps the items of several regions apart, validates requests and evaluates expressions as DynamoDB
 * does, and knows nothing of streams, replication, time to live, idempotency tokens or faults.
 *
 * Expected failures reject with `AwsError` (ValidationException, ConditionalCheckFailedException, …). The caller makes
 * one write at a time per region; reads may run beside it.
 */
export interface TableEngine {
  readonly name: "embedded" | "dynamodb-local";
  createTable(region: string, schema: TableSchema): Promise<void>;
  read(region: string, operation: ReadOperation, request: JsonObject): Promise<JsonObject>;
  write(region: string, operation: WriteOperation, request: JsonObject): Promise<Written>;
  /** Stores or (without an item) deletes, unconditionally, and returns what was there. */
  replace(region: string, table: string, key: Item, item: Item | undefined): Promise<Item | undefined>;
  /** Stores many items. Later items win over earlier ones of the same key. */
  load(region: string, table: string, items: readonly Item[]): Promise<void>;
  close(): Promise<void>;
}
