import type {
  IndexSchema,
  ItemImages,
  JsonObject,
  KeySchema,
  TableEngine,
  TableSchema,
  Written,
} from "../engine.ts";
import type { Item } from "../item-change.ts";
import { createCaller, type DynamoDBLocalCaller } from "./call.ts";
import { createImageReader, type ItemName, itemsNamed } from "./images.ts";
import { startDynamoDBLocal } from "./process.ts";

const batchWritesMax = 25;

function keyElements(schema: KeySchema): JsonObject[] {
  return [
    { AttributeName: schema.hashKey, KeyType: "HASH" },
    ...(schema.rangeKey === undefined ? [] : [{ AttributeName: schema.rangeKey, KeyType: "RANGE" }]),
  ];
}

function indexRequest(index: IndexSchema): JsonObject {
  return {
    IndexName: index.name,
    KeySchema: keyElements(index),
    Projection: {
      ProjectionType: index.projection.type,
      ...(index.projection.type === "INCLUDE" ? { NonKeyAttributes: index.projection.attributes } : {}),
    },
  };
}

function createTableRequest(schema: TableSchema): JsonObject {
  return {
    TableName: schema.name,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: keyElements(schema),
    AttributeDefinitions: Object.entries(schema.attributes).map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    ...(schema.globalSecondaryIndexes.length === 0
      ? {}
      : { GlobalSecondaryIndexes: schema.globalSecondaryIndexes.map(indexRequest) }),
  };
}

function images(name: ItemName, oldImage: Item | undefined, newImage: Item | undefined): ItemImages {
  return {
    ...name,
    ...(oldImage === undefined ? {} : { oldImage }),
    ...(newImage === undefined ? {} : { newImage }),
  };
}

/** Asked for nothing, or for what the engine asks anyway: then the image comes with the answer. */
function mayAsk(request: JsonObject, values: "ALL_OLD" | "ALL_NEW"): boolean {
  const asked = request["ReturnValues"];
  return asked === undefined || asked === null || asked === "NONE" || asked === values;
}

/** What the client did not ask for is taken out of the answer. */
function stripped(answer: JsonObject, request: JsonObject): JsonObject {
  const { Attributes: _, ...rest } = answer;
  return ["ALL_OLD", "ALL_NEW"].includes(String(request["ReturnValues"])) ? answer : rest;
}

function createWriter(caller: DynamoDBLocalCaller, schemaOf: (table: string) => TableSchema | undefined) {
  const read = createImageReader(caller);

  async function put(region: string, request: JsonObject, name: ItemName): Promise<Written> {
    const answer = await caller.call(region, "PutItem", { ...request, ReturnValues: "ALL_OLD" });
    const [newImage] = await read(region, [name]); // as stored: numbers in their normal form
    return {
      answer: stripped(answer, request),
      images: [images(name, answer["Attributes"] as Item | undefined, newImage)],
    };
  }

  async function remove(region: string, request: JsonObject, name: ItemName): Promise<Written> {
    const answer = await caller.call(region, "DeleteItem", { ...request, ReturnValues: "ALL_OLD" });
    return {
      answer: stripped(answer, request),
      images: [images(name, answer["Attributes"] as Item | undefined, undefined)],
    };
  }

  async function update(region: string, request: JsonObject, name: ItemName): Promise<Written> {
    const [oldImage] = await read(region, [name]);
    if (mayAsk(request, "ALL_NEW")) {
      const answer = await caller.call(region, "UpdateItem", { ...request, ReturnValues: "ALL_NEW" });
      return {
        answer: stripped(answer, request),
        images: [images(name, oldImage, answer["Attributes"] as Item)],
      };
    }
    const answer = await caller.call(region, "UpdateItem", request);
    const [newImage] = await read(region, [name]);
    return { answer, images: [images(name, oldImage, newImage)] };
  }

  async function many(region: string, operation: string, request: JsonObject, names: readonly ItemName[]) {
    const before = await read(region, names);
    const answer = await caller.call(region, operation, request);
    const after = await read(region, names);
    return { answer, images: names.map((name, index) => images(name, before[index], after[index])) };
  }

  return async (region: string, operation: string, request: JsonObject): Promise<Written> => {
    const names = itemsNamed(operation, request, schemaOf);
    const [name] = names ?? [];
    if (names === undefined || name === undefined) {
      // malformed in some way: the engine says in which
      const answer = await caller.call(region, operation, request);
      return { answer, images: [] };
    }
    if (operation === "PutItem" && mayAsk(request, "ALL_OLD")) return put(region, request, name);
    if (operation === "DeleteItem" && mayAsk(request, "ALL_OLD")) return remove(region, request, name);
    if (operation === "UpdateItem") return update(region, request, name);
    return many(region, operation, request, names);
  };
}

/**
 * Amazon's DynamoDB Local behind the store port: one process for all regions. Throws `EngineUnavailableError` when
 * Java or the jar is missing.
 */
export async function createDynamoDBLocalEngine(): Promise<TableEngine> {
  const server = await startDynamoDBLocal();
  const caller = createCaller(server.endpoint);
  const schemas = new Map<string, TableSchema>(); // the same in every region that has the table
  const write = createWriter(caller, (table) => schemas.get(table));

  return {
    name: "dynamodb-local",
    async createTable(region, schema) {
      await caller.call(region, "CreateTable", createTableRequest(schema));
      schemas.set(schema.name, schema);
    },
    read: (region, operation, request) => caller.call(region, operation, request),
    write,
    async replace(region, table, key, item) {
      const { Attributes } =
        item === undefined
          ? await caller.call(region, "DeleteItem", { TableName: table, Key: key, ReturnValues: "ALL_OLD" })
          : await caller.call(region, "PutItem", { TableName: table, Item: item, ReturnValues: "ALL_OLD" });
      return Attributes as Item | undefined;
    },
    async load(region, table, items) {
      const schema = schemas.get(table);
      const names =
        schema === undefined
          ? []
          : [schema.hashKey, ...(schema.rangeKey === undefined ? [] : [schema.rangeKey])];
      // a batch may not name an item twice
      const lastByKey = new Map(items.map((item) => [JSON.stringify(names.map((name) => item[name])), item]));
      const left = [...lastByKey.values()];
      while (left.length > 0) {
        const batch = left.splice(0, batchWritesMax).map((item) => ({ PutRequest: { Item: item } }));
        const { UnprocessedItems } = await caller.call(region, "BatchWriteItem", {
          RequestItems: { [table]: batch },
        });
        const unprocessed = (
          UnprocessedItems as Record<string, { PutRequest: { Item: Item } }[]> | undefined
        )?.[table];
        left.push(...(unprocessed ?? []).map(({ PutRequest }) => PutRequest.Item));
      }
    },
    async close() {
      caller.close();
      await server.close();
    },
  };
}
