import { startDynamo } from "@antipode/local/testing";
import { expect, test } from "vitest";
import { openDynamoStore } from "../testing/dynamo-store.ts";
import { conformanceOrigin, itemsConformance } from "../testing/items-conformance.ts";
import { itemsEquivalence } from "../testing/items-equivalence.ts";
import { testDynamoClient, testTables } from "../testing/test-tables.ts";
import { createDynamoItems } from "./items.ts";

async function open() {
  const dynamo = await startDynamo({ regions: ["us-east-1"], tables: testTables });
  return openDynamoStore(dynamo.endpoint, { close: dynamo.close });
}

itemsConformance("DynamoDB, embedded engine", open);
itemsEquivalence("DynamoDB, embedded engine", open, 150);

test("a table that is not linked is a bug, not a failure", async () => {
  const items = createDynamoItems({
    client: testDynamoClient("http://127.0.0.1:1", "us-east-1"),
    tableNames: {},
    origin: conformanceOrigin,
  });
  await expect(items.get("Carts", { pk: "a", sk: "b" })).rejects.toThrow(/not linked/);
});
