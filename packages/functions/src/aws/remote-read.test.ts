import { toAttributes } from "@antipode/core";
import { startDynamo } from "@antipode/local/testing";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { startFakeAws } from "../testing/fake-aws.ts";
import { remoteReadConformance } from "../testing/remote-read-conformance.ts";
import { testDynamoClient, testTableNames, testTables } from "../testing/test-tables.ts";
import { createDynamoClient, peerLimits } from "./dynamo-client.ts";
import { createRemoteRead } from "./remote-read.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A client with the limits that peers are asked with, of a region at that endpoint. */
function peerClient(region: string, endpoint: string) {
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  return createDynamoClient(region, peerLimits);
}

remoteReadConformance("DynamoDB, embedded engine", async () => {
  const dynamo = await startDynamo({ regions: ["us-east-1", "eu-west-1"], tables: testTables });
  const silent = await startFakeAws(() => undefined);
  const europe = testDynamoClient(dynamo.endpoint, "eu-west-1");
  return {
    remote: createRemoteRead({
      peers: ["eu-west-1", "ap-south-1"],
      tableNames: testTableNames,
      createClient: (region) => (region === "eu-west-1" ? europe : peerClient(region, silent.endpoint)),
    }),
    async load(table, item) {
      await europe.send(new PutItemCommand({ TableName: testTableNames[table], Item: toAttributes(item) }));
    },
    async close() {
      silent.close();
      await dynamo.close();
    },
  };
});

const bodySchema = z.object({ ConsistentRead: z.boolean() });

test("a peer is asked by one client, with strongly consistent reads", async () => {
  const server = await startFakeAws(() => ({
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: "{}",
  }));
  const made: string[] = [];
  const remote = createRemoteRead({
    peers: ["eu-west-1"],
    tableNames: testTableNames,
    createClient(region) {
      made.push(region);
      return testDynamoClient(server.endpoint, region);
    },
  });
  await remote.get("eu-west-1", "Carts", { pk: "a", sk: "b" });
  await remote.queryPartition("eu-west-1", "Carts", "a");
  server.close();
  expect(made).toEqual(["eu-west-1"]);
  const asked = server.requests.map(({ body }) => bodySchema.parse(JSON.parse(body)).ConsistentRead);
  expect(asked).toEqual([true, true]);
});

test("an item of a peer that swallows requests is given up in the midst of the second attempt", async () => {
  const silent = await startFakeAws(() => undefined);
  const remote = createRemoteRead({
    peers: ["eu-west-1"],
    tableNames: testTableNames,
    createClient: (region) => peerClient(region, silent.endpoint),
  });
  const outcome = await remote.get("eu-west-1", "Carts", { pk: "a", sk: "b" });
  silent.close();
  expect(outcome).toMatchObject({
    error: { type: "unavailable", reason: expect.stringMatching(/AbortError/) },
  });
});

test("a partition is given up after as long, though its pages before were answered", async () => {
  const page = { Items: [], LastEvaluatedKey: { pk: { S: "a" }, sk: { S: "b" } } };
  const slow = await startFakeAws(() =>
    slow.requests.length > 1
      ? undefined
      : {
          status: 200,
          headers: { "content-type": "application/x-amz-json-1.0" },
          body: JSON.stringify(page),
        },
  );
  const remote = createRemoteRead({
    peers: ["eu-west-1"],
    tableNames: testTableNames,
    createClient: (region) => peerClient(region, slow.endpoint),
  });
  const outcome = await remote.queryPartition("eu-west-1", "Orders", "a");
  slow.close();
  expect(outcome).toMatchObject({
    error: { type: "unavailable", operation: "Query Orders", reason: expect.stringMatching(/AbortError/) },
  });
});

test("a region that is no peer is not asked, nor is a client made for it", async () => {
  const remote = createRemoteRead({
    peers: ["eu-west-1"],
    tableNames: testTableNames,
    createClient(region) {
      throw new Error(`a client of ${region}`);
    },
  });
  const refused = { ok: false, error: { type: "unavailable", reason: "us-east-1 is not a peer" } };
  expect(await remote.get("us-east-1", "Carts", { pk: "a", sk: "b" })).toMatchObject(refused);
  expect(await remote.queryPartition("us-east-1", "Carts", "a")).toMatchObject(refused);
});

test("a table that is not linked is a bug", async () => {
  const remote = createRemoteRead({ peers: ["eu-west-1"], tableNames: {} });
  await expect(remote.get("eu-west-1", "Carts", { pk: "a", sk: "b" })).rejects.toThrow(/not linked/);
});
