import { expect, test } from "vitest";
import * as z from "zod";
import { startFakeAws } from "../testing/fake-aws.ts";
import { conformanceOrigin } from "../testing/items-conformance.ts";
import { testDynamoClient, testTableNames } from "../testing/test-tables.ts";
import { createDynamoItems } from "./items.ts";

const bodySchema = z.object({ ConsistentRead: z.boolean().optional() });

test("reads by key are strongly consistent, a listing from an index cannot be", async () => {
  const server = await startFakeAws(() => ({
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: "{}",
  }));
  const items = createDynamoItems({
    client: testDynamoClient(server.endpoint, "us-east-1"),
    tableNames: testTableNames,
    origin: conformanceOrigin,
  });
  await items.get("Carts", { pk: "a", sk: "b" });
  await items.queryPartition("Carts", "a");
  await items.queryNewest("Carts", "a", { limit: 1 });
  await items.scan("Carts", { limit: 1 });
  await items.queryIndex("byCategory", { value: "toys", limit: 1 });
  server.close();
  const asked = server.requests.map(({ body }) => bodySchema.parse(JSON.parse(body)).ConsistentRead);
  expect(asked).toEqual([true, true, true, true, undefined]);
});
