import { startDynamo } from "@antipode/local/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { conformanceOrigin, itemsConformance } from "../testing/items-conformance.ts";
import { testDynamoClient, testTableNames, testTables } from "../testing/test-tables.ts";
import { createDynamoItems } from "./items.ts";
import { createRemoteRead } from "./remote-read.ts";

const regions = ["us-east-1", "eu-west-1"];
let dynamo: Awaited<ReturnType<typeof startDynamo>>;

beforeAll(async () => {
  dynamo = await startDynamo({ regions, tables: testTables, globalTables: true });
});

afterAll(async () => {
  await dynamo.close();
});

const open = async () =>
  createDynamoItems({
    client: testDynamoClient(dynamo.endpoint, "us-east-1"),
    tableNames: testTableNames,
    origin: conformanceOrigin,
  });

itemsConformance("DynamoDB, embedded engine", open);

test("a peer's partition is read in that region, and only in regions that are peers", async () => {
  const items = await open();
  const key = { pk: "PRODUCT#seen-elsewhere", sk: `EDIT#${conformanceOrigin}` };
  await items.put("Catalog", { ...key, v: 1 }, []);
  const asked: string[] = [];
  const remote = createRemoteRead({
    peers: ["eu-west-1"],
    tableNames: testTableNames,
    createClient(region) {
      asked.push(region);
      return testDynamoClient(dynamo.endpoint, region);
    },
  });
  expect(await remote.queryPartition("eu-west-1", "Catalog", key.pk)).toEqual({
    ok: true,
    value: [{ ...key, v: 1 }],
  });
  await remote.queryPartition("eu-west-1", "Catalog", key.pk);
  expect(await remote.queryPartition("sa-east-1", "Catalog", key.pk)).toMatchObject({
    ok: false,
    error: { type: "unavailable" },
  });
  expect(asked).toEqual(["eu-west-1"]);
});

test("a table that is not linked is a bug, not a failure", async () => {
  const items = createDynamoItems({
    client: testDynamoClient(dynamo.endpoint, "us-east-1"),
    tableNames: {},
    origin: conformanceOrigin,
  });
  await expect(items.get("Carts", { pk: "a", sk: "b" })).rejects.toThrow(/not linked/);
});
