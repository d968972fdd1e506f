import type { KeySchema } from "../engine.ts";
import type { Item } from "../item-change.ts";
import { scalarOf } from "../value.ts";
import { checkKey, invalid } from "./check.ts";
import type { Collection, Position } from "./collection.ts";
import type { ListRequest } from "./request.ts";
import { keyNames, keyOf, positionOf, type Table, tieOf } from "./table.ts";

/** The table itself or one of its indexes. */
export interface Source {
  readonly table: Table;
  readonly collection: Collection;
  readonly schema: KeySchema;
  readonly indexName: string | undefined;
}

export function sourceOf(table: Table, request: ListRequest): Source {
  if (request.Select === "SPECIFIC_ATTRIBUTES" && request._projection === undefined) {
    throw invalid(
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    );
  }
  if (request.IndexName === undefined) {
    if (request.Select === "ALL_PROJECTED_ATTRIBUTES") {
      throw invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
    }
    return { table, collection: table.items, schema: table.schema, indexName: undefined };
  }
  const index = table.index(request.IndexName);
  if (index === undefined) throw invalid(`The table does not have the specified index: ${request.IndexName}`);
  if (request.ConsistentRead === true) {
    throw invalid("Consistent reads are not supported on global secondary indexes");
  }
  if (request.Select === "ALL_ATTRIBUTES" && index.schema.projection.type !== "ALL") {
    throw invalid(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${request.IndexName} because its projection type is not ALL`,
    );
  }
  return { table, collection: index.collection, schema: index.schema, indexName: request.IndexName };
}

export function cursorNames(source: Source): readonly string[] {
  return [...new Set([...keyNames(source.table.schema), ...keyNames(source.schema)])];
}

export function startPosition(source: Source, key: Item | undefined): Position | undefined {
  if (key === undefined) return undefined;
  const names = cursorNames(source);
  const typed = names.every((name) => {
    const type = source.table.schema.attributes[name];
    return type !== undefined && scalarOf(key[name], type) !== undefined;
  });
  if (!typed || Object.keys(key).length !== names.length)
    throw invalid("The provided starting key is invalid");
  checkKey(source.table, keyOf(source.table.schema, key));
  return positionOf(
    source.schema,
    key,
    source.indexName === undefined ? "" : tieOf(source.table.schema, key),
  );
}
