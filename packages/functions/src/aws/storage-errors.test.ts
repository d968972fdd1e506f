import { cartKey, isCartId } from "@antipode/core";
import { ulidAt } from "@antipode/core/testing";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterEach, describe, expect, test } from "vitest";
import { type FakeAws, startFakeAws } from "../testing/fake-aws.ts";
import { conformanceOrigin } from "../testing/items-conformance.ts";
import { testDynamoClient, testTableNames } from "../testing/test-tables.ts";
import { createDynamoItems } from "./items.ts";

const servers: FakeAws[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
  }
});

type Answer = ReturnType<Parameters<typeof startFakeAws>[0]>;

async function serve(answer: Answer): Promise<string> {
  const server = await startFakeAws(() => answer);
  servers.push(server);
  return server.endpoint;
}

const headers = { "content-type": "application/x-amz-json-1.0" };

const awsError = (type: string, status: number, message = "no"): Answer => ({
  status,
  headers,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }),
});

const id = `crt_${ulidAt(1, 1)}_${ulidAt(1, 2)}`;
const key = isCartId(id) ? cartKey(id, conformanceOrigin) : { pk: "", sk: "" };

function itemsAt(client: DynamoDBClient) {
  return createDynamoItems({ client, tableNames: testTableNames, origin: conformanceOrigin });
}

describe("a store's failure becomes a value", () => {
  test.each<[string, Answer, string]>([
    ["throughput", awsError("ProvisionedThroughputExceededException", 400), "throttled"],
    ["rate", awsError("ThrottlingException", 400), "throttled"],
    ["fault", awsError("InternalServerError", 500), "unavailable"],
    ["outage", { status: 503, body: "down" }, "unavailable"],
    ["hang-up", "hang-up", "unavailable"],
    [
      "size",
      awsError("ValidationException", 400, "Item size to update has exceeded the maximum allowed size"),
      "item-too-large",
    ],
  ])("%s", async (_what, answer, type) => {
    const items = itemsAt(testDynamoClient(await serve(answer), "us-east-1"));
    const outcome = await items.update("Carts", key, { add: { v: 1 }, onlyIf: [] });
    expect(outcome).toMatchObject({ ok: false, error: { type, operation: "UpdateItem Carts" } });
  });

  test("no answer in time", async () => {
    const client = new DynamoDBClient({
      region: "us-east-1",
      endpoint: await serve(undefined),
      maxAttempts: 1,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true },
    });
    expect(await itemsAt(client).get("Carts", key)).toMatchObject({
      ok: false,
      error: { type: "unavailable" },
    });
  });

  test("nobody listening", async () => {
    const outcome = await itemsAt(testDynamoClient("http://127.0.0.1:1", "us-east-1")).get("Carts", key);
    expect(outcome).toMatchObject({ ok: false, error: { type: "unavailable" } });
  });

  test("an item with binary data is unreadable", async () => {
    const body = JSON.stringify({ Item: { pk: { S: "a" }, sk: { S: "b" }, blob: { B: "AA==" } } });
    const endpoint = await serve({ status: 200, headers, body });
    expect(await itemsAt(testDynamoClient(endpoint, "us-east-1")).get("Carts", key)).toMatchObject({
      ok: false,
      error: { type: "unreadable", reason: "blob: unexpected type B" },
    });
  });
});

test.each([
  ["a permission", awsError("AccessDeniedException", 400)],
  ["a missing table", awsError("ResourceNotFoundException", 400)],
  ["a malformed request", awsError("ValidationException", 400, "Invalid UpdateExpression")],
])("%s is a bug of ours and is thrown", async (_what, answer) => {
  const items = itemsAt(testDynamoClient(await serve(answer), "us-east-1"));
  await expect(items.get("Carts", key)).rejects.toThrow();
});
