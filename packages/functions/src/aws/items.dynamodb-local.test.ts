import { startDynamoDBLocal, whyNoJava } from "@antipode/local/testing";
import { expect, test } from "vitest";
import { openDynamoStore } from "../testing/dynamo-store.ts";
import { itemsConformance } from "../testing/items-conformance.ts";
import { itemsEquivalence } from "../testing/items-equivalence.ts";
import { createTestTables, testDynamoClient } from "../testing/test-tables.ts";

const obstacle = whyNoJava();

async function open() {
  const server = await startDynamoDBLocal();
  const client = testDynamoClient(server.endpoint, "us-east-1");
  await createTestTables(client);
  client.destroy();
  return openDynamoStore(server.endpoint, { close: server.close });
}

if (obstacle === undefined) {
  itemsConformance("Amazon's DynamoDB Local", open);
  itemsEquivalence("Amazon's DynamoDB Local", open, 60);
} else {
  test(`could not run against DynamoDB Local: ${obstacle}`, () => {
    process.stderr.write(`items port: could not run against DynamoDB Local: ${obstacle}\n`);
    expect(obstacle).toContain("Java 17");
  });
}
