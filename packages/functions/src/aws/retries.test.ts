import { startDynamo } from "@antipode/local/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDynamoStore } from "../testing/dynamo-store.ts";
import { startFakeAws } from "../testing/fake-aws.ts";
import { newKey, refusedWith, written } from "../testing/items-conformance/store.ts";
import { type ConformanceStore, conformanceOrigin } from "../testing/items-conformance.ts";
import { testDynamoClient, testTableNames, testTables } from "../testing/test-tables.ts";
import { ownRegionLimits } from "./dynamo-client.ts";
import { createDynamoItems } from "./items.ts";

const { attempts } = ownRegionLimits;

/** A service that throttles the first requests. */
async function throttledTimes(times: number, update: (at: { endpoint: string }) => Promise<unknown>) {
  const headers = { "content-type": "application/x-amz-json-1.0" };
  const refusal = { __type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException" };
  const item = { pk: { S: "a" }, sk: { S: "b" }, v: { N: "1" } };
  const server = await startFakeAws(() =>
    server.requests.length <= times
      ? { status: 400, headers, body: JSON.stringify(refusal) }
      : { status: 200, headers, body: JSON.stringify({ Attributes: item }) },
  );
  const outcome = await update(server);
  server.close();
  return { outcome, requests: server.requests.length };
}

describe("a throttled call", () => {
  const update = ({ endpoint }: { endpoint: string }) =>
    createDynamoItems({
      client: testDynamoClient(endpoint, "us-east-1", attempts),
      tableNames: testTableNames,
      origin: conformanceOrigin,
    }).update("Carts", newKey(), { add: { v: 1 }, onlyIf: [] });

  test("is tried again, and succeeds when there is room", async () => {
    expect(await throttledTimes(attempts - 1, update)).toEqual({
      outcome: { ok: true, value: { type: "written", item: { pk: "a", sk: "b", v: 1 } } },
      requests: attempts,
    });
  });

  test("is throttled after the last attempt", async () => {
    expect(await throttledTimes(attempts, update)).toEqual({
      outcome: { ok: false, error: { type: "throttled", operation: "UpdateItem Carts" } },
      requests: attempts,
    });
  });
});

describe("a lost answer within one call, which the SDK sends again", () => {
  let store: ConformanceStore;
  const absent = { type: "absent", attribute: "o#1" } as const;

  beforeAll(async () => {
    const dynamo = await startDynamo({ regions: ["us-east-1"], tables: testTables });
    store = await openDynamoStore(dynamo.endpoint, { attempts, close: dynamo.close });
  });
  afterAll(() => store.close());

  test("a conditional put is refused with the caller's own item", async () => {
    const item = { ...newKey(), "o#1": "LAMP|+|1" };
    store.loseNext("PutItem");
    expect(await store.items.put("Carts", item, [absent])).toEqual(refusedWith(item));
  });

  test("a conditional update is refused with the caller's own operation in the item", async () => {
    const key = newKey();
    store.loseNext("UpdateItem");
    const update = { set: { "o#1": "LAMP|+|1" }, add: { v: 1 }, onlyIf: [absent] };
    expect(await store.items.update("Carts", key, update)).toEqual(
      refusedWith({ ...key, "o#1": "LAMP|+|1", v: 1 }),
    );
  });

  test("an update that its own effect does not refuse happens twice", async () => {
    const key = newKey();
    store.loseNext("UpdateItem");
    expect(await store.items.update("Carts", key, { add: { v: 1 }, onlyIf: [] })).toEqual({
      ok: true,
      value: { type: "written", item: { ...key, v: 2 } },
    });
  });

  test("a transaction is written, once, with a token of the caller's or without", async () => {
    for (const options of [{}, { token: "retried" }]) {
      const key = newKey();
      const write = {
        type: "update",
        table: "Carts",
        key,
        update: { add: { v: 1 }, set: { "o#1": "" }, onlyIf: [absent] },
      } as const;
      store.loseNext("TransactWriteItems");
      expect(await store.items.transact([write], options)).toEqual(written);
      expect(await store.items.get("Carts", key)).toEqual({ ok: true, value: { ...key, v: 1, "o#1": "" } });
    }
  });
});
