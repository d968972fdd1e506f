import {
  CreateTableCommand,
  type KeySchemaElement,
  type ScalarAttributeType,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { startDynamoDBLocal } from "../../../engine/dynamodb-local/process.ts";
import type { IndexSchema } from "../../../engine/engine.ts";
import type { TestTable } from "../../../testing/start-dynamo.ts";
import { clientsOf } from "./front.ts";
import { type ConformanceWorld, conformanceRegions, conformanceTables } from "./world.ts";

function keySchema(hashKey: string, rangeKey: string | null | undefined): KeySchemaElement[] {
  const hash: KeySchemaElement = { AttributeName: hashKey, KeyType: "HASH" };
  return typeof rangeKey === "string" ? [hash, { AttributeName: rangeKey, KeyType: "RANGE" }] : [hash];
}

function indexInput({ name, hashKey, rangeKey, projection }: IndexSchema) {
  return {
    IndexName: name,
    KeySchema: keySchema(hashKey, rangeKey),
    Projection: {
      ProjectionType: projection.type,
      NonKeyAttributes: projection.type === "INCLUDE" ? [...projection.attributes] : undefined,
    },
  };
}

function createTable({
  name,
  hashKey = "pk",
  rangeKey = "sk",
  attributes = {},
  ...table
}: TestTable): CreateTableCommand {
  const indexes = table.globalSecondaryIndexes ?? [];
  const keys = [hashKey, rangeKey, ...indexes.flatMap((index) => [index.hashKey, index.rangeKey])];
  const names = [...new Set(keys.filter((key) => typeof key === "string"))];
  return new CreateTableCommand({
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: keySchema(hashKey, rangeKey),
    AttributeDefinitions: names.map((AttributeName) => ({
      AttributeName,
      AttributeType: (attributes[AttributeName] ?? "S") as ScalarAttributeType,
    })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    GlobalSecondaryIndexes: indexes.length === 0 ? undefined : indexes.map(indexInput),
  });
}

/** DynamoDB Local by itself: no code of ours between it and the SDK. */
export async function startReferee(): Promise<ConformanceWorld> {
  const server = await startDynamoDBLocal();
  const clients = clientsOf(server.endpoint);
  for (const region of conformanceRegions) {
    for (const table of conformanceTables as readonly TestTable[]) {
      await clients.tables(region).send(createTable(table));
      if (table.ttlAttribute === undefined) continue;
      const TimeToLiveSpecification = { AttributeName: table.ttlAttribute, Enabled: true };
      await clients
        .tables(region)
        .send(new UpdateTimeToLiveCommand({ TableName: table.name, TimeToLiveSpecification }));
    }
  }
  return {
    tables: clients.tables,
    streams: clients.streams,
    async expire() {
      // it deletes in its own time; the suite waits for the record
    },
    async close() {
      clients.destroy();
      await server.close();
    },
  };
}
