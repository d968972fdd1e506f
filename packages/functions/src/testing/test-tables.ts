import { globalTables, indexes, isGlobalTable, regionalTables, type Table } from "@antipode/core";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";

const nameOf = (table: Table) => `antipode-test-${table}`;

const indexesOf = (table: Table) =>
  Object.entries(indexes)
    .filter(([, index]) => index.table === table)
    .map(([name, { hashKey, rangeKey, holds }]) => ({
      name,
      hashKey,
      rangeKey,
      projection: holds === "items" ? ("ALL" as const) : ("KEYS_ONLY" as const),
    }));

const expiring: readonly Table[] = ["Carts", "Stock"];

const tables = [...globalTables, ...regionalTables];

/** The tables' definitions as the application has them, for an engine of the local world. */
export const testTables = tables.map((table) => ({
  name: nameOf(table),
  global: isGlobalTable(table),
  ...(expiring.includes(table) ? { ttlAttribute: "expiresAt" } : {}),
  globalSecondaryIndexes: indexesOf(table).map((index) => ({
    ...index,
    projection: { type: index.projection },
  })),
}));

export const testTableNames: Readonly<Partial<Record<Table, string>>> = Object.fromEntries(
  tables.map((table) => [table, nameOf(table)]),
);

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
  for (const table of tables) {
    const own = indexesOf(table);
    const keys = ["pk", "sk", ...own.flatMap(({ hashKey, rangeKey }) => [hashKey, rangeKey])];
    const secondary = own.map(({ name, hashKey, rangeKey, projection }) => ({
      IndexName: name,
      KeySchema: keySchema(hashKey, rangeKey),
      Projection: { ProjectionType: projection },
    }));
    await client.send(
      new CreateTableCommand({
        TableName: nameOf(table),
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: keySchema("pk", "sk"),
        AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        ...(secondary.length > 0 ? { GlobalSecondaryIndexes: secondary } : {}),
      }),
    );
  }
}
