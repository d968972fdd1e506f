import type { JsonObject } from "../../engine/engine.ts";
import { type AuthorizationNeed, account } from "../service.ts";
import { iteratorOf } from "./streams-api.ts";
import type { TableDefinition } from "./table-definition.ts";
import type { Target } from "./wire.ts";

type Lookup = (table: string) => TableDefinition | undefined;

function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? (value as JsonObject) : {};
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Stands for a partition key that could not be read from a request: no pattern of a policy fits it. */
const unreadableKey = "";

/** The one value of the key attribute's declared type; anything else is a request that is refused later. */
function keyValue(definition: TableDefinition, value: unknown): string {
  const [[type, scalar] = [], ...more] = Object.entries(objectOf(value));
  const declared = definition.attributes[definition.hashKey];
  return more.length === 0 && type === declared && typeof scalar === "string" ? scalar : unreadableKey;
}

/** `dynamodb:LeadingKeys`: the partition key values that a request names. */
function leadingKeys(
  definition: TableDefinition | undefined,
  items: readonly JsonObject[],
): AuthorizationNeed["context"] {
  if (definition === undefined) return undefined;
  const values = items.map((item) => keyValue(definition, item[definition.hashKey]));
  return { "dynamodb:LeadingKeys": [...new Set(values)] };
}

/** The partition key value of `pk = :v`, `:v = #pk and …`; the unreadable one when the expression says nothing of it. */
function queriedKey(request: JsonObject, definition: TableDefinition): string {
  const names = objectOf(request["ExpressionAttributeNames"]);
  const values = objectOf(request["ExpressionAttributeValues"]);
  const comparisons = textOf(request["KeyConditionExpression"]).matchAll(/([#:\w]+)\s*=\s*([#:\w]+)/g);
  for (const [, left = "", right = ""] of comparisons) {
    const [name, value] = left.startsWith(":") ? [right, left] : [left, right];
    if ((names[name] ?? name) === definition.hashKey) return keyValue(definition, values[value]);
  }
  return unreadableKey;
}

const actionByMember: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
  Get: "GetItem",
};

function need(action: string, resource: string, context?: AuthorizationNeed["context"]): AuthorizationNeed {
  return { action: `dynamodb:${action}`, resource, ...(context === undefined ? {} : { context }) };
}

/**
 * The actions and resources that a request asks for, as IAM sees them: a transaction needs each of its items' actions,
 * a query of an index needs the index. Only an unknown table's ARN is put together here, so that it can be denied.
 */
export function needsOf(
  target: Target,
  request: JsonObject,
  region: string,
  lookup: Lookup,
): readonly AuthorizationNeed[] {
  const arnOf = (table: string) =>
    lookup(table)?.arn ?? `arn:aws:dynamodb:${region}:${account}:table/${table}`;
  const { operation } = target;
  if (target.api === "streams") return streamNeeds(operation, request, region);
  const table = textOf(request["TableName"]);
  switch (operation) {
    case "ListTables":
      return [need(operation, "*")];
    case "ListTagsOfResource":
      return [need(operation, textOf(request["ResourceArn"]))];
    case "PutItem":
      return [need(operation, arnOf(table), leadingKeys(lookup(table), [objectOf(request["Item"])]))];
    case "GetItem":
    case "UpdateItem":
    case "DeleteItem":
      return [need(operation, arnOf(table), leadingKeys(lookup(table), [objectOf(request["Key"])]))];
    case "Query":
    case "Scan": {
      const index = textOf(request["IndexName"]);
      if (index !== "") return [need(operation, `${arnOf(table)}/index/${index}`)];
      const definition = lookup(table);
      const key =
        operation === "Query" && definition !== undefined ? queriedKey(request, definition) : undefined;
      return [
        need(operation, arnOf(table), key === undefined ? undefined : { "dynamodb:LeadingKeys": [key] }),
      ];
    }
    case "BatchGetItem":
      return Object.entries(objectOf(request["RequestItems"])).map(([name, wanted]) =>
        need(operation, arnOf(name), leadingKeys(lookup(name), listOf(objectOf(wanted)["Keys"]))),
      );
    case "BatchWriteItem":
      return Object.entries(objectOf(request["RequestItems"])).map(([name, writes]) => {
        const items = listOf(writes).map((write) => ({
          ...objectOf(objectOf(write["PutRequest"])["Item"]),
          ...objectOf(objectOf(write["DeleteRequest"])["Key"]),
        }));
        return need(operation, arnOf(name), leadingKeys(lookup(name), items));
      });
    case "TransactWriteItems":
    case "TransactGetItems":
      return listOf(request["TransactItems"]).flatMap((item) =>
        Object.entries(item).flatMap(([member, value]) => {
          const action = actionByMember[member];
          const part = objectOf(value);
          const name = textOf(part["TableName"]);
          if (action === undefined) return [];
          return [
            need(action, arnOf(name), leadingKeys(lookup(name), [objectOf(part["Item"] ?? part["Key"])])),
          ];
        }),
      );
    default:
      return [need(operation, table === "" ? "*" : arnOf(table))];
  }
}

function streamNeeds(operation: string, request: JsonObject, region: string): readonly AuthorizationNeed[] {
  if (operation === "ListStreams") {
    const table = textOf(request["TableName"]);
    return [
      need(operation, `arn:aws:dynamodb:${region}:${account}:table/${table === "" ? "*" : table}/stream/*`),
    ];
  }
  if (operation === "GetRecords") return [need(operation, iteratorOf(textOf(request["ShardIterator"])).arn)];
  return [need(operation, textOf(request["StreamArn"]))];
}
