import { toAttributes } from "@antipode/core";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { createDynamoItems } from "../aws/items.ts";
import { type ConformanceStore, conformanceOrigin } from "./items-conformance/store.ts";
import { startLosingProxy } from "./losing-proxy.ts";
import { testDynamoClient, testTableNames } from "./test-tables.ts";

/** The adapter over a DynamoDB at that endpoint, which has the test's tables. */
export async function openDynamoStore(
  endpoint: string,
  options: { readonly attempts?: number; readonly close?: () => Promise<void> } = {},
): Promise<ConformanceStore> {
  const proxy = await startLosingProxy(endpoint);
  const client = testDynamoClient(proxy.endpoint, "us-east-1", options.attempts);
  return {
    items: createDynamoItems({ client, tableNames: testTableNames, origin: conformanceOrigin }),
    loseNext: proxy.loseNext,
    async load(table, item) {
      await client.send(new PutItemCommand({ TableName: testTableNames[table], Item: toAttributes(item) }));
    },
    async close() {
      client.destroy();
      proxy.close();
      await options.close?.();
    },
  };
}
