import type { Table } from "@antipode/core";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** The tables' definitions as the application has them, for an engine of the local world. */
export const testTables = [
  { name: "antipode-test-Carts", ttlAttribute: "expiresAt" },
  { name: "antipode-test-Catalog" },
  {
    name: "antipode-test-Views",
    global: false,
    globalSecondaryIndexes: [
      { name: "byCategory", hashKey: "category", rangeKey: "listKey", projection: { type: "ALL" as const } },
    ],
  },
];

export const testTableNames: Readonly<Partial<Record<Table, string>>> = {
  Carts: "antipode-test-Carts",
  Catalog: "antipode-test-Catalog",
  Views: "antipode-test-Views",
};

export function testDynamoClient(endpoint: string, region: string): DynamoDBClient {
  return new DynamoDBClient({
    region,
    endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
}
