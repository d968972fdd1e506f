import { formatDecimal, parseDecimal } from "../decimal.ts";
import type { JsonObject, TableSchema } from "../engine.ts";
import type { Item } from "../item-change.ts";
import { scalarOf } from "../value.ts";
import type { DynamoDBLocalCaller } from "./call.ts";

/** One item by name. */
export interface ItemName {
  readonly table: string;
  readonly key: Item;
}

const batchKeysMax = 100;

function identity({ table, key }: ItemName): string {
  return JSON.stringify([table, Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Reads items consistently, in the order of their names; absent ones are undefined. */
export function createImageReader(caller: DynamoDBLocalCaller) {
  async function readSome(
    region: string,
    names: readonly ItemName[],
    found: Map<string, Item>,
    keyNames: Map<string, string[]>,
  ) {
    let wanted: Record<string, { Keys: Item[]; ConsistentRead: true }> = {};
    for (const { table, key } of names) {
      keyNames.set(table, Object.keys(key));
      const request = wanted[table] ?? { Keys: [], ConsistentRead: true };
      request.Keys.push(key);
      wanted[table] = request;
    }
    while (Object.keys(wanted).length > 0) {
      const answer = await caller.call(region, "BatchGetItem", { RequestItems: wanted });
      for (const [table, items] of Object.entries(answer["Responses"] as Record<string, Item[]>)) {
        for (const item of items) {
          const key = Object.fromEntries(
            (keyNames.get(table) ?? []).map((name) => [name, item[name]]),
          ) as Item;
          found.set(identity({ table, key }), item);
        }
      }
      wanted = answer["UnprocessedKeys"] as typeof wanted;
    }
  }

  return async (region: string, names: readonly ItemName[]): Promise<readonly (Item | undefined)[]> => {
    const unique = [...new Map(names.map((name) => [identity(name), name])).values()];
    const found = new Map<string, Item>();
    for (let at = 0; at < unique.length; at += batchKeysMax) {
      await readSome(region, unique.slice(at, at + batchKeysMax), found, new Map());
    }
    return names.map((name) => found.get(identity(name)));
  };
}

function nameOf(schema: TableSchema | undefined, source: unknown): ItemName | undefined {
  if (schema === undefined || typeof source !== "object" || source === null) return undefined;
  const item = source as Item;
  const key: Item = {};
  for (const name of schema.rangeKey === undefined ? [schema.hashKey] : [schema.hashKey, schema.rangeKey]) {
    const value = item[name];
    const type = schema.attributes[name];
    const scalar = type === undefined ? undefined : scalarOf(value, type);
    if (value === undefined || scalar === undefined || scalar === "") return undefined;
    key[name] = type === "N" ? { N: formatDecimal(parseDecimal(scalar)) } : value;
  }
  return { table: schema.name, key };
}

type Member = Readonly<Record<string, unknown>>;

/** The items that a write names, in its order; undefined when any of them is not named as it should be. */
export function itemsNamed(
  operation: string,
  request: JsonObject,
  schemaOf: (table: string) => TableSchema | undefined,
): readonly ItemName[] | undefined {
  const names = sources(operation, request).map(({ table, item }) => nameOf(schemaOf(table), item));
  return names.every((name) => name !== undefined) ? names : undefined;
}

function sources(
  operation: string,
  request: JsonObject,
): { readonly table: string; readonly item: unknown }[] {
  if (operation === "BatchWriteItem") {
    return Object.entries((request["RequestItems"] ?? {}) as Record<string, Member[]>).flatMap(
      ([table, writes]) =>
        (Array.isArray(writes) ? writes : []).map((write) => ({
          table,
          item:
            (write["PutRequest"] as Member | undefined)?.["Item"] ??
            (write["DeleteRequest"] as Member | undefined)?.["Key"],
        })),
    );
  }
  if (operation === "TransactWriteItems") {
    const actions = request["TransactItems"];
    return (Array.isArray(actions) ? (actions as Member[]) : []).flatMap((action) =>
      Object.entries(action)
        .filter(([kind]) => kind !== "ConditionCheck")
        .map(([, value]) => {
          const part = (value ?? {}) as Member;
          return { table: String(part["TableName"]), item: part["Item"] ?? part["Key"] };
        }),
    );
  }
  return [{ table: String(request["TableName"]), item: request["Item"] ?? request["Key"] }];
}
