import type { ItemKey, TransactionWrite } from "@antipode/core";
import { afterEach, describe, expect, test } from "vitest";
import { type FakeAws, startFakeAws } from "../testing/fake-aws.ts";
import { newKey } from "../testing/items-conformance/store.ts";
import { conformanceOrigin } from "../testing/items-conformance.ts";
import { testDynamoClient, testTableNames } from "../testing/test-tables.ts";
import { createDynamoItems } from "./items.ts";

const servers: FakeAws[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
  }
});

/** The adapter over a service that answers so, whatever it is asked. */
async function answering(body: object, status = 400) {
  const server = await startFakeAws(() => ({
    status,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify(body),
  }));
  servers.push(server);
  const client = testDynamoClient(server.endpoint, "us-east-1");
  return {
    server,
    items: createDynamoItems({ client, tableNames: testTableNames, origin: conformanceOrigin }),
  };
}

const error = (type: string, message = "no", more: object = {}) => ({
  __type: `com.amazonaws.dynamodb.v20120810#${type}`,
  message,
  ...more,
});
const cancelled = (...reasons: readonly { Code: string; Message?: string; Item?: object }[]) =>
  error("TransactionCanceledException", "Transaction cancelled", { CancellationReasons: reasons });

const addOne = (key: ItemKey): TransactionWrite => ({
  type: "update",
  table: "Carts",
  key,
  update: { add: { v: 1 }, onlyIf: [] },
});
const writes = [addOne(newKey()), addOne(newKey()), addOne(newKey())];

const none = { Code: "None" };
const conflict = { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" };
const failed = {
  Code: "ConditionalCheckFailed",
  Message: "The conditional request failed",
  Item: { pk: { S: "a" }, sk: { S: "b" }, v: { N: "1" } },
};
const throttling = { Code: "ThrottlingError", Message: "Throughput exceeds the current capacity" };
const large = {
  Code: "ValidationError",
  Message: "Item size to update has exceeded the maximum allowed size",
};

describe("a cancelled transaction", () => {
  test.each([
    ["another was on an item", [none, conflict, none], "contended"],
    ["throttling", [throttling, none, none], "throttled"],
    ["throughput", [none, none, { Code: "ProvisionedThroughputExceeded", Message: "no" }], "throttled"],
    ["a conflict and throttling", [throttling, conflict, none], "contended"],
    ["an item's size", [none, large, none], "item-too-large"],
    ["a size and a conflict", [conflict, large, none], "item-too-large"],
    ["a collection's size", [none, { Code: "ItemCollectionSizeLimitExceeded" }, none], "item-too-large"],
  ])("for %s is that", async (_what, reasons, type) => {
    const { items } = await answering(cancelled(...reasons));
    expect(await items.transact(writes)).toEqual({
      ok: false,
      error: { type, operation: "TransactWriteItems Carts" },
    });
  });

  test("for a condition is refused, whatever else stood in the way", async () => {
    const { items } = await answering(cancelled(conflict, failed, large));
    expect(await items.transact(writes)).toEqual({
      ok: true,
      value: { type: "refused", refusals: [{ index: 1, item: { pk: "a", sk: "b", v: 1 } }] },
    });
  });

  test("for a condition on an item that cannot be read is unreadable", async () => {
    const binary = { ...failed, Item: { pk: { S: "a" }, sk: { S: "b" }, v: { B: "AA==" } } };
    const { items } = await answering(cancelled(none, binary, none));
    expect(await items.transact(writes)).toMatchObject({ ok: false, error: { type: "unreadable" } });
  });

  test.each([
    ["an impossible action", [none, { Code: "ValidationError", Message: "incorrect data type" }, none]],
    ["an impossible action beside a refusal", [failed, { Code: "ValidationError", Message: "no" }, none]],
    ["a permission", [none, { Code: "AccessDenied", Message: "no" }, none]],
    ["a reason that is not known", [none, { Code: "SomethingNew", Message: "no" }, none]],
    ["no reason", []],
  ])("for %s is a bug and thrown", async (_what, reasons) => {
    const { items } = await answering(cancelled(...reasons));
    await expect(items.transact(writes)).rejects.toThrow(/cancelled/);
  });
});

describe("a transaction that fails as a whole", () => {
  test.each([
    ["the same token is under way", error("TransactionInProgressException"), 400, "unavailable"],
    ["the service is away", error("InternalServerError"), 500, "unavailable"],
    ["too many requests", error("ThrottlingException"), 400, "throttled"],
    [
      "what it holds is too large",
      error("ValidationException", "Transaction payload size cannot exceed 4MB. Payload Size: 4494600"),
      400,
      "item-too-large",
    ],
  ])("%s", async (_what, body, status, type) => {
    const { items } = await answering(body, status);
    expect(await items.transact(writes)).toMatchObject({ ok: false, error: { type } });
  });

  test("a token that stood for other writes is a bug and thrown", async () => {
    const { items } = await answering(error("IdempotentParameterMismatchException"));
    await expect(items.transact(writes, { token: "t" })).rejects.toThrow();
  });

  test("one write that meets a transaction is contended", async () => {
    const { items } = await answering(error("TransactionConflictException", "Transaction is ongoing"));
    const contended = (operation: string) => ({ ok: false, error: { type: "contended", operation } });
    expect(await items.put("Carts", newKey(), [])).toEqual(contended("PutItem Carts"));
    expect(await items.update("Carts", newKey(), { add: { v: 1 }, onlyIf: [] })).toEqual(
      contended("UpdateItem Carts"),
    );
  });
});

test("what is refused here is not sent", async () => {
  const { items, server } = await answering({}, 200);
  const foreign = { ...newKey(), sk: "R#eu-west-1#1" };
  const many = Array.from({ length: 101 }, () => addOne(newKey()));
  expect(await items.transact([addOne(foreign)])).toMatchObject({ error: { type: "foreign-item" } });
  expect(await items.put("Carts", foreign, [])).toMatchObject({ error: { type: "foreign-item" } });
  expect(await items.transact(many)).toMatchObject({ error: { type: "too-many-writes", count: 101 } });
  expect(server.requests).toEqual([]);
  expect(await items.transact(writes)).toEqual({ ok: true, value: { type: "written" } });
  expect(server.requests).toHaveLength(1);
});
