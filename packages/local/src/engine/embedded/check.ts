/// <reference path="../dynalite.d.ts" />
import { Buffer } from "node:buffer";
import db from "dynalite/db/index.js";
import batchGetItem from "dynalite/validations/batchGetItem.js";
import batchWriteItem from "dynalite/validations/batchWriteItem.js";
import deleteItem from "dynalite/validations/deleteItem.js";
import getItem from "dynalite/validations/getItem.js";
import validations from "dynalite/validations/index.js";
import putItem from "dynalite/validations/putItem.js";
import query from "dynalite/validations/query.js";
import scan from "dynalite/validations/scan.js";
import updateItem from "dynalite/validations/updateItem.js";
import { AwsError } from "../../services/service.ts";
import type { JsonObject } from "../engine.ts";
import type { Item } from "../item-change.ts";
import { itemSize } from "../value.ts";
import { type Condition, operandProblem } from "./condition.ts";
import type { CheckedOperation, KeyedRequest, Parsed, Requests } from "./request.ts";
import type { Table } from "./table.ts";

/** DynamoDB's largest item, names and values: 400 KB. */
export const itemSizeMax = 400 * 1024;
/** Largest values of key attributes, in bytes. */
const hashKeySizeMax = 2048;
const rangeKeySizeMax = 1024;

// dynalite predates these parameters
const onFailure = { ReturnValuesOnConditionCheckFailure: { type: "String", enum: ["ALL_OLD", "NONE"] } };

const checks: Record<
  CheckedOperation,
  { types: Record<string, unknown>; custom?: (data: Record<string, unknown>) => string | undefined }
> = {
  GetItem: getItem,
  PutItem: { ...putItem, types: { ...putItem.types, ...onFailure } },
  UpdateItem: { ...updateItem, types: { ...updateItem.types, ...onFailure } },
  DeleteItem: { ...deleteItem, types: { ...deleteItem.types, ...onFailure } },
  Query: query,
  Scan: { ...scan, types: { ...scan.types, ConsistentRead: "Boolean" } },
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
};

/** Parameters from before expressions (2014). The SDK still sends them when asked to; nobody here does. */
const legacyParameters = [
  "Expected",
  "AttributeUpdates",
  "AttributesToGet",
  "KeyConditions",
  "QueryFilter",
  "ScanFilter",
  "ConditionalOperator",
] as const;

// sizes are checked below, in bytes; dynalite counts characters
const sizeUnlimited = { options: { maxItemSize: Number.POSITIVE_INFINITY } };

export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

/** dynalite's errors carry a status and the body it would have answered. */
function awsError(error: unknown): unknown {
  if (!(error instanceof Error) || !("body" in error)) return error;
  const body = error.body as Readonly<Record<string, unknown>>;
  const code = String(body["__type"]).split("#").at(-1) ?? "ValidationException";
  return new AwsError(code, String(body["message"] ?? body["Message"] ?? ""));
}

/** Throws what dynalite found wrong, as an `AwsError`. */
export function refuse(found: Error | null | undefined): void {
  if (found !== null && found !== undefined) throw awsError(found);
}

/**
 * The request with its types and constraints checked, numbers normalised and expressions parsed. Takes the request
 * over: parts of it are changed. Throws ValidationException or SerializationException.
 */
export function checkedRequest<T extends CheckedOperation>(operation: T, request: JsonObject): Requests[T] {
  for (const name of legacyParameters) {
    if (request[name] !== undefined && request[name] !== null) {
      throw invalid(
        `${name} is a legacy parameter that the embedded engine does not take: use an expression`,
      );
    }
  }
  const { types, custom } = checks[operation];
  try {
    const data = validations.checkTypes(request, types);
    validations.checkValidations(data, types, custom, sizeUnlimited);
    checkOperands("ConditionExpression", (data as Parsed)._condition);
    checkOperands("FilterExpression", (data as Parsed)._filter);
    return data as unknown as Requests[T];
  } catch (error) {
    throw awsError(error);
  }
}

function checkOperands(name: string, parsed: { readonly expression: Condition } | undefined): void {
  const problem = parsed === undefined ? undefined : operandProblem(parsed.expression);
  if (problem !== undefined) throw invalid(`Invalid ${name}: ${problem}`);
}

export function checkKeySizes(
  { hashKey, rangeKey }: Pick<Table["schema"], "hashKey" | "rangeKey">,
  item: Item,
): void {
  const bytes = (name: string) => {
    const value = item[name];
    if (value === undefined) return 0;
    if ("S" in value) return Buffer.byteLength(value.S, "utf8");
    return "B" in value ? Buffer.byteLength(value.B, "base64") : 0;
  };
  if (bytes(hashKey) > hashKeySizeMax) {
    throw invalid(
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    );
  }
  if (rangeKey !== undefined && bytes(rangeKey) > rangeKeySizeMax) {
    throw invalid(
      "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
    );
  }
}

export function checkKey(table: Table, key: Item): void {
  refuse(db.validateKey(key, table.description));
  checkKeySizes(table.schema, key);
}

/** An item to be stored: keys present and of their types, index keys of theirs, and not too large. */
export function checkItem(table: Table, item: Item, tooLarge: string): void {
  refuse(db.validateItem(item, table.description));
  checkKeySizes(table.schema, item);
  checkIndexKeys(table, item, emptyIndexKey);
  if (itemSize(item) > itemSizeMax) throw invalid(tooLarge);
}

/** As `checkItem`, for an item that came without a request: checks its values and normalises its numbers, too. */
export function checkImported(table: Table, item: Item, tooLarge: string): void {
  for (const value of Object.values(item)) {
    const problem = validations.validateAttributeValue(value);
    if (problem !== undefined) throw invalid(problem);
  }
  checkItem(table, item, tooLarge);
}

const emptyIndexKey = (index: string, name: string, kind: string) =>
  "One or more parameter values are not valid. A value specified for a secondary index key is not supported. " +
  `The AttributeValue for a key attribute cannot contain an empty ${kind} value. IndexName: ${index}, IndexKey: ${name}`;
const emptyUpdatedIndexKey = (_index: string, _name: string, kind: string) =>
  "One or more parameter values are not valid. The update expression attempted to update a secondary index key to a " +
  `value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value.`;

/** Key attributes of an index are of the declared type and not empty, or absent. */
export function checkIndexKeys(table: Table, item: Item, emptyMessage = emptyUpdatedIndexKey): void {
  for (const index of table.schema.globalSecondaryIndexes) {
    for (const name of [index.hashKey, index.rangeKey]) {
      if (name === undefined) continue;
      const value = item[name];
      if (value === undefined) continue;
      const expected = table.schema.attributes[name];
      if (expected === undefined || !(expected in value)) {
        throw invalid(
          "The update expression attempted to update the secondary index key to unsupported type",
        );
      }
      if (("S" in value && value.S === "") || ("B" in value && value.B === "")) {
        throw invalid(emptyMessage(index.name, name, "S" in value ? "string" : "binary"));
      }
    }
  }
}

export function checkUpdates(table: Table, updates: KeyedRequest["_updates"]): void {
  refuse(db.validateUpdates(undefined, updates, table.description));
}

/** Keys of tables and indexes are scalars: no path may lead into them. */
export function checkPaths(
  table: Table,
  ...parsed: readonly ({ readonly nestedPaths: unknown } | undefined)[]
): void {
  for (const one of parsed) refuse(db.validateKeyPaths(one?.nestedPaths, table.description));
}
