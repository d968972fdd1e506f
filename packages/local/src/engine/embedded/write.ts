import { AwsError } from "../../services/service.ts";
import type { ItemImages, JsonObject, Written } from "../engine.ts";
import type { Item } from "../item-change.ts";
import { itemSize } from "../value.ts";
import { type CapacityMode, consumedCapacity, createMeter, type Usage, writeUsage } from "./capacity.ts";
import {
  checkedRequest,
  checkIndexKeys,
  checkItem,
  checkKey,
  checkPaths,
  checkUpdates,
  invalid,
  itemSizeMax,
} from "./check.ts";
import { conditionHolds } from "./condition.ts";
import { project } from "./path.ts";
import type { KeyedRequest, PutRequest } from "./request.ts";
import { keyOf, type Table } from "./table.ts";
import { updated } from "./update.ts";

export type TableLookup = (name: string) => Table;

/** A write that was checked and may be made: nothing has changed yet. */
export interface Plan {
  readonly table: Table;
  readonly key: Item;
  readonly before: Item | undefined;
  /** The item after the write; undefined when it is deleted, or when it is only checked. */
  readonly after: Item | undefined;
  /** False when the condition does not hold. */
  readonly allowed: boolean;
  readonly checkOnly: boolean;
}

export type WriteKind = "PutItem" | "UpdateItem" | "DeleteItem" | "ConditionCheck";

export const itemTooLarge = "Item size has exceeded the maximum allowed size";
const updateTooLarge = "Item size to update has exceeded the maximum allowed size";

export function planPut(table: Table, request: PutRequest): Plan {
  checkItem(table, request.Item, itemTooLarge);
  checkPaths(table, request._condition);
  const key = keyOf(table.schema, request.Item);
  const before = table.get(key);
  const allowed =
    request._condition === undefined || conditionHolds(request._condition.expression, before ?? {});
  return { table, key, before, after: request.Item, allowed, checkOnly: false };
}

function afterUpdate(table: Table, request: KeyedRequest, before: Item | undefined): Item {
  const after = updated(before ?? request.Key, request._updates?.sections ?? []);
  checkIndexKeys(table, after);
  if (itemSize(after) > itemSizeMax) throw invalid(updateTooLarge);
  return after;
}

export function planKeyed(kind: Exclude<WriteKind, "PutItem">, table: Table, request: KeyedRequest): Plan {
  checkKey(table, request.Key);
  if (kind === "UpdateItem") checkUpdates(table, request._updates);
  checkPaths(table, request._condition);
  const before = table.get(request.Key);
  const allowed =
    request._condition === undefined || conditionHolds(request._condition.expression, before ?? {});
  const after = kind === "UpdateItem" && allowed ? afterUpdate(table, request, before) : undefined;
  return { table, key: request.Key, before, after, allowed, checkOnly: kind === "ConditionCheck" };
}

/** Makes a planned write; says what capacity it took. */
export function apply(plan: Plan, factor: 1 | 2): Usage {
  const bytes = Math.max(
    plan.before === undefined ? 0 : itemSize(plan.before),
    plan.after === undefined ? 0 : itemSize(plan.after),
  );
  return writeUsage(bytes, plan.checkOnly ? new Map() : plan.table.replace(plan.key, plan.after), factor);
}

export function imagesOf(plan: Plan): ItemImages {
  return {
    table: plan.table.schema.name,
    key: plan.key,
    ...(plan.before === undefined ? {} : { oldImage: plan.before }),
    ...(plan.after === undefined ? {} : { newImage: plan.after }),
  };
}

function returnedAttributes(plan: Plan, request: KeyedRequest | PutRequest): Item | undefined {
  const paths = request._updates?.paths ?? [];
  switch (request.ReturnValues) {
    case "ALL_OLD":
      return plan.before;
    case "ALL_NEW":
      return plan.after;
    case "UPDATED_OLD":
      return plan.before === undefined ? undefined : project(plan.before, paths);
    case "UPDATED_NEW":
      return plan.after === undefined ? undefined : project(plan.after, paths);
    default:
      return undefined;
  }
}

function done(plan: Plan, request: KeyedRequest | PutRequest): Written {
  if (!plan.allowed) {
    const withItem = request.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && plan.before !== undefined;
    throw new AwsError(
      "ConditionalCheckFailedException",
      "The conditional request failed",
      400,
      withItem ? { Item: plan.before } : {},
    );
  }
  const usage = apply(plan, 1);
  const attributes = returnedAttributes(plan, request);
  const capacity = consumedCapacity(request.ReturnConsumedCapacity, plan.table.schema.name, usage);
  return {
    answer: {
      ...(attributes === undefined || Object.keys(attributes).length === 0 ? {} : { Attributes: attributes }),
      ...(capacity === undefined ? {} : { ConsumedCapacity: capacity }),
    },
    images: [imagesOf(plan)],
  };
}

export function writeOne(
  operation: "PutItem" | "UpdateItem" | "DeleteItem",
  lookup: TableLookup,
  request: JsonObject,
): Written {
  if (operation === "PutItem") {
    const checked = checkedRequest(operation, request);
    return done(planPut(lookup(checked.TableName), checked), checked);
  }
  const checked = checkedRequest(operation, request);
  const wanted = checked.ReturnValues ?? "NONE";
  if (operation === "DeleteItem" && wanted !== "ALL_OLD" && wanted !== "NONE") {
    throw invalid("ReturnValues can only be ALL_OLD or NONE");
  }
  return done(planKeyed(operation, lookup(checked.TableName), checked), checked);
}

/** BatchWriteItem: every write is checked before the first is made, as DynamoDB does. Never leaves items unprocessed. */
export function writeBatch(lookup: TableLookup, request: JsonObject): Written {
  const checked = checkedRequest("BatchWriteItem", request);
  const plans: Plan[] = [];
  const seen = new Set<string>();
  let count = 0;
  for (const [name, writes] of Object.entries(checked.RequestItems)) {
    const table = lookup(name);
    count += writes.length;
    for (const write of writes) {
      const common = { TableName: name };
      if (write.PutRequest !== undefined)
        plans.push(planPut(table, { ...common, Item: write.PutRequest.Item }));
      else if (write.DeleteRequest !== undefined) {
        plans.push(planKeyed("DeleteItem", table, { ...common, Key: write.DeleteRequest.Key }));
      }
    }
  }
  if (count > batchWritesMax) throw invalid("Too many items requested for the BatchWriteItem call");
  for (const plan of plans) {
    const identity = JSON.stringify([plan.table.schema.name, Object.entries(plan.key).sort()]);
    if (seen.has(identity)) throw invalid("Provided list of item keys contains duplicates");
    seen.add(identity);
  }
  const meter = createMeter();
  for (const plan of plans) meter.add(plan.table.schema.name, apply(plan, 1));
  const mode: CapacityMode = checked.ReturnConsumedCapacity;
  return { answer: { UnprocessedItems: {}, ...meter.report(mode) }, images: plans.map(imagesOf) };
}

const batchWritesMax = 25;
