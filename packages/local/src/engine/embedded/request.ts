import type { AttributeValue, Item } from "../item-change.ts";
import type { Condition } from "./condition.ts";
import type { Path } from "./path.ts";
import type { UpdateAction } from "./update.ts";

/** What dynalite's parsers add to a checked request. */
export interface Parsed {
  readonly _condition?: { readonly expression: Condition; readonly nestedPaths: unknown };
  readonly _filter?: {
    readonly expression: Condition;
    readonly nestedPaths: unknown;
    readonly pathHeads: Readonly<Record<string, true>>;
  };
  readonly _projection?: { readonly paths: readonly Path[]; readonly nestedPaths: unknown };
  readonly _updates?: {
    readonly sections: readonly UpdateAction[];
    readonly paths: readonly Path[];
    readonly nestedPaths: unknown;
  };
}

interface Common extends Parsed {
  readonly TableName: string;
  readonly ReturnConsumedCapacity?: "INDEXES" | "TOTAL" | "NONE";
}

export interface GetRequest extends Common {
  readonly Key: Item;
  readonly ConsistentRead?: boolean;
}

interface ConditionalRequest extends Common {
  readonly ReturnValuesOnConditionCheckFailure?: "ALL_OLD" | "NONE";
  readonly ReturnValues?: "NONE" | "ALL_OLD" | "UPDATED_OLD" | "ALL_NEW" | "UPDATED_NEW";
}

export interface PutRequest extends ConditionalRequest {
  readonly Item: Item;
}

/** An update, a deletion or a mere check. */
export interface KeyedRequest extends ConditionalRequest {
  readonly Key: Item;
}

export interface RangeCondition {
  readonly ComparisonOperator: string;
  readonly AttributeValueList: readonly AttributeValue[];
}

export interface ListRequest extends Common {
  readonly IndexName?: string;
  readonly Limit?: number;
  readonly ConsistentRead?: boolean;
  readonly Select?: "SPECIFIC_ATTRIBUTES" | "COUNT" | "ALL_ATTRIBUTES" | "ALL_PROJECTED_ATTRIBUTES";
  readonly ExclusiveStartKey?: Item;
}

export interface QueryRequest extends ListRequest {
  readonly ScanIndexForward?: boolean;
  /** Made by dynalite from the KeyConditionExpression. */
  readonly KeyConditions: Readonly<Record<string, RangeCondition>>;
}

export interface ScanRequest extends ListRequest {
  readonly Segment?: number;
  readonly TotalSegments?: number;
}

export interface BatchGetRequest {
  readonly RequestItems: Readonly<
    Record<string, Parsed & { readonly Keys: readonly Item[]; readonly ConsistentRead?: boolean }>
  >;
  readonly ReturnConsumedCapacity?: "INDEXES" | "TOTAL" | "NONE";
}

export interface BatchWriteRequest {
  readonly RequestItems: Readonly<
    Record<
      string,
      readonly {
        readonly PutRequest?: { readonly Item: Item };
        readonly DeleteRequest?: { readonly Key: Item };
      }[]
    >
  >;
  readonly ReturnConsumedCapacity?: "INDEXES" | "TOTAL" | "NONE";
}

export interface Requests {
  readonly GetItem: GetRequest;
  readonly PutItem: PutRequest;
  readonly UpdateItem: KeyedRequest;
  readonly DeleteItem: KeyedRequest;
  readonly Query: QueryRequest;
  readonly Scan: ScanRequest;
  readonly BatchGetItem: BatchGetRequest;
  readonly BatchWriteItem: BatchWriteRequest;
}

export type CheckedOperation = keyof Requests;
