import type { Table } from "@antipode/core";
import { byCategoryIndex } from "@antipode/core";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";

const views = "antipode-test-Views";
const viewsIndex = { name: byCategoryIndex, hashKey: "category", rangeKey: "listKey" } as const;

/** The tables' definitions as the application has them, for an engine of the local world. */
export const testTables = [
  { name: "antipode-test-Carts", ttlAttribute: "expiresAt" },
  { name: "antipode-test-Catalog" },
  {
    name: views,
    global: false,
    globalSecondaryIndexes: [{ ...viewsIndex, projection: { type: "ALL" as const } }],
  },
  { name: "antipode-test-Inbox", global: false },
  { name: "antipode-test-Conflicts", global: false },
];

export const testTableNames: Readonly<Partial<Record<Table, string>>> = {
  Carts: "antipode-test-Carts",
  Catalog: "antipode-test-Catalog",
  Views: views,
  Inbox: "antipode-test-Inbox",
  Conflicts: "antipode-test-Conflicts",
};

export function testDynamoClient(endpoint: string, region: string, maxAttempts = 1): DynamoDBClient {
  return new DynamoDBClient({
    region,
    endpoint,
    maxAttempts,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
}

const keySchema = (hashKey: string, rangeKey: string) => [
  { AttributeName: hashKey, KeyType: "HASH" as const },
  { AttributeName: rangeKey, KeyType: "RANGE" as const },
];

/** The same tables in a DynamoDB that takes requests for tables, as Amazon's DynamoDB Local does. */
export async function createTestTables(client: DynamoDBClient): Promise<void> {
  for (const { name } of testTables) {
    const keys = name === views ? ["pk", "sk", viewsIndex.hashKey, viewsIndex.rangeKey] : ["pk", "sk"];
    const index = {
      IndexName: viewsIndex.name,
      KeySchema: keySchema(viewsIndex.hashKey, viewsIndex.rangeKey),
      Projection: { ProjectionType: "ALL" as const },
    };
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: keySchema("pk", "sk"),
        AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        ...(name === views ? { GlobalSecondaryIndexes: [index] } : {}),
      }),
    );
  }
}
