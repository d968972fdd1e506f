import { expect, test } from "vitest";
import * as z from "zod";
import { startFakeAws } from "../testing/fake-aws.ts";
import { conformanceOrigin } from "../testing/items-conformance.ts";
import { testDynamoClient, testTableNames } from "../testing/test-tables.ts";
import { createDynamoItems } from "./items.ts";
import { readPartition } from "./pages.ts";

const bodySchema = z.object({ Limit: z.number(), ExclusiveStartKey: z.unknown().optional() });
const image = (sk: string) => ({ pk: { S: "a" }, sk: { S: sk } });

test("a page that 1 MB cut short is followed by one for the rest of the limit, from where it ended", async () => {
  const pages = [
    { Items: [image("5"), image("4")], LastEvaluatedKey: image("4") },
    { Items: [image("3")], LastEvaluatedKey: image("3") },
  ];
  const server = await startFakeAws(() => ({
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify(pages[server.requests.length - 1]),
  }));
  const items = createDynamoItems({
    client: testDynamoClient(server.endpoint, "us-east-1"),
    tableNames: testTableNames,
    origin: conformanceOrigin,
  });
  const newest = await items.queryNewest("Carts", "a", { limit: 3 });
  server.close();
  expect(newest.ok && newest.value.map(({ sk }) => sk)).toEqual(["5", "4", "3"]);
  expect(server.requests.map(({ body }) => bodySchema.parse(JSON.parse(body)))).toEqual([
    { Limit: 3, ExclusiveStartKey: undefined },
    { Limit: 1, ExclusiveStartKey: image("4") },
  ]);
});

test("a partition is given up when its pages together take too long", async () => {
  const page = JSON.stringify({ Items: [image("1")], LastEvaluatedKey: image("1") });
  const server = await startFakeAws(() =>
    server.requests.length > 2
      ? undefined
      : { status: 200, headers: { "content-type": "application/x-amz-json-1.0" }, body: page },
  );
  const table = { client: testDynamoClient(server.endpoint, "us-east-1"), name: "Carts" };
  const outcome = await readPartition(table, "Query Carts", "a", 300);
  server.close();
  expect(server.requests.length).toBeLessThanOrEqual(3);
  expect(outcome).toMatchObject({
    error: { type: "unavailable", operation: "Query Carts", reason: expect.stringMatching(/AbortError/) },
  });
});
