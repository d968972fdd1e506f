import type { JsonObject } from "../engine.ts";
import type { Item } from "../item-change.ts";
import { itemSize } from "../value.ts";
import { consumedCapacity, readUnits } from "./capacity.ts";
import type { Entry } from "./collection.ts";
import { conditionHolds } from "./condition.ts";
import { project } from "./path.ts";
import type { ListRequest } from "./request.ts";
import { cursorNames, type Source } from "./source.ts";

/** A page of a query or scan ends when it has looked at so many bytes. */
const pageBytesMax = 1024 * 1024;

/** Reads entries until the limit, a megabyte or the end, and shapes the answer. */
export function page(source: Source, request: ListRequest, entries: Iterable<Entry>): JsonObject {
  const items: Item[] = [];
  let bytes = 0;
  let scanned = 0;
  let last: Item | undefined;
  let more = false;
  for (const { item } of entries) {
    if (bytes >= pageBytesMax) {
      more = true;
      break;
    }
    bytes += itemSize(item);
    scanned += 1;
    last = item;
    if (request._filter === undefined || conditionHolds(request._filter.expression, item)) items.push(item);
    if (scanned === request.Limit) {
      more = true;
      break;
    }
  }
  const units = readUnits(bytes, request.ConsistentRead === true);
  const usage =
    source.indexName === undefined
      ? { table: units, indexes: {} }
      : { table: 0, indexes: { [source.indexName]: units } };
  const capacity = consumedCapacity(request.ReturnConsumedCapacity, request.TableName, usage);
  const projection = request._projection;
  return {
    ...(request.Select === "COUNT"
      ? {}
      : { Items: projection === undefined ? items : items.map((item) => project(item, projection.paths)) }),
    Count: items.length,
    ScannedCount: scanned,
    ...(more && last !== undefined
      ? {
          LastEvaluatedKey: project(
            last,
            cursorNames(source).map((name) => [name]),
          ),
        }
      : {}),
    ...(capacity === undefined ? {} : { ConsumedCapacity: capacity }),
  };
}
