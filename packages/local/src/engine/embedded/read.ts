import type { JsonObject } from "../engine.ts";
import { itemSize } from "../value.ts";
import { consumedCapacity, createMeter, readUnits } from "./capacity.ts";
import { checkedRequest, checkKey, checkPaths, invalid } from "./check.ts";
import { project } from "./path.ts";
import type { TableLookup } from "./write.ts";

/** BatchGetItem answers at most so many bytes and hands the other keys back. */
const batchBytesMax = 16 * 1024 * 1024;
const batchKeysMax = 100;

export function getItem(lookup: TableLookup, request: JsonObject): JsonObject {
  const checked = checkedRequest("GetItem", request);
  const table = lookup(checked.TableName);
  checkKey(table, checked.Key);
  checkPaths(table, checked._projection);
  const item = table.get(checked.Key);
  const units = readUnits(item === undefined ? 0 : itemSize(item), checked.ConsistentRead === true);
  const capacity = consumedCapacity(checked.ReturnConsumedCapacity, checked.TableName, {
    table: units,
    indexes: {},
  });
  const projected =
    item === undefined || checked._projection === undefined ? item : project(item, checked._projection.paths);
  return {
    ...(projected === undefined ? {} : { Item: projected }),
    ...(capacity === undefined ? {} : { ConsumedCapacity: capacity }),
  };
}

export function batchGet(lookup: TableLookup, request: JsonObject): JsonObject {
  const checked = checkedRequest("BatchGetItem", request);
  const requested = Object.entries(checked.RequestItems);
  if (requested.reduce((count, [, { Keys }]) => count + Keys.length, 0) > batchKeysMax) {
    throw invalid("Too many items requested for the BatchGetItem call");
  }
  const meter = createMeter();
  const responses: Record<string, unknown[]> = {};
  const unprocessed: JsonObject = {};
  let bytes = 0;
  for (const [name, wanted] of requested) {
    const table = lookup(name);
    const found: unknown[] = [];
    const left: unknown[] = [];
    for (const key of wanted.Keys) {
      checkKey(table, key);
      checkPaths(table, wanted._projection);
      const item = table.get(key);
      const size = item === undefined ? 0 : itemSize(item);
      if (bytes + size > batchBytesMax) {
        left.push(key);
        continue;
      }
      bytes += size;
      meter.add(name, { table: readUnits(size, wanted.ConsistentRead === true), indexes: {} });
      if (item !== undefined)
        found.push(wanted._projection === undefined ? item : project(item, wanted._projection.paths));
    }
    responses[name] = found;
    if (left.length > 0) {
      const { _projection, ...asked } = wanted;
      unprocessed[name] = { ...asked, Keys: left };
    }
  }
  return {
    Responses: responses,
    UnprocessedKeys: unprocessed,
    ...meter.report(checked.ReturnConsumedCapacity),
  };
}
