import { describe, expect, it } from "vitest";
import {
  call,
  createSetClock,
  definition,
  request,
  startService,
  streamsApi,
} from "./conformance/in-process.ts";

const region = "us-east-1";
const arn = definition(region).arn;
const streamArn = definition(region).stream?.arn ?? "";
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: "s" } });
const TableName = "carts";

async function needs(operation: string, body: Record<string, unknown>, api?: string) {
  const service = await startService([region], createSetClock(0));
  return service.needs(request(region, operation, body, api));
}

const leading = (...keys: string[]) => ({ "dynamodb:LeadingKeys": keys });

describe("what IAM is asked", () => {
  it.each([
    ["GetItem", { TableName, Key: key("a") }],
    ["PutItem", { TableName, Item: { ...key("a"), v: { N: "1" } } }],
    ["UpdateItem", { TableName, Key: key("a") }],
    ["DeleteItem", { TableName, Key: key("a") }],
  ])("for %s: the table and the partition key", async (operation, body) => {
    expect(await needs(operation, body)).toEqual([
      { action: `dynamodb:${operation}`, resource: arn, context: leading("a") },
    ]);
  });

  it.each([
    ["a query that puts the value first", "Query", { KeyConditionExpression: ":v = pk" }, "a"],
    ["a query that says nothing of the key", "Query", { KeyConditionExpression: "sk = :v" }, ""],
    ["a query by old parameters", "Query", { KeyConditions: {} }, ""],
    ["a key of two types", "UpdateItem", { Key: { pk: { X: "a", S: "b" }, sk: { S: "s" } } }, ""],
    ["a key of another type", "GetItem", { Key: { pk: { N: "1" }, sk: { S: "s" } } }, ""],
    ["no key at all", "DeleteItem", {}, ""],
  ])("never leaves the partition key open: %s", async (_, operation, body, expected) => {
    const asked = { TableName, ExpressionAttributeValues: { ":v": { S: "a" } }, ...body };
    expect((await needs(operation, asked)).map((one) => one.context)).toEqual([leading(expected)]);
  });

  it("for a query: the table with its partition key, or the index", async () => {
    const query = {
      TableName,
      KeyConditionExpression: "#k = :v AND begins_with(sk, :s)",
      ExpressionAttributeNames: { "#k": "pk" },
      ExpressionAttributeValues: { ":v": { S: "a" }, ":s": { S: "b" } },
    };
    expect(await needs("Query", query)).toEqual([
      { action: "dynamodb:Query", resource: arn, context: leading("a") },
    ]);
    expect(await needs("Query", { ...query, IndexName: "byCategory" })).toEqual([
      { action: "dynamodb:Query", resource: `${arn}/index/byCategory` },
    ]);
    expect(await needs("Scan", { TableName })).toEqual([{ action: "dynamodb:Scan", resource: arn }]);
  });

  it("for batches: each table once", async () => {
    expect(
      await needs("BatchGetItem", { RequestItems: { carts: { Keys: [key("a"), key("b"), key("a")] } } }),
    ).toEqual([{ action: "dynamodb:BatchGetItem", resource: arn, context: leading("a", "b") }]);
    const writes = [{ PutRequest: { Item: key("a") } }, { DeleteRequest: { Key: key("b") } }];
    expect(await needs("BatchWriteItem", { RequestItems: { carts: writes } })).toEqual([
      { action: "dynamodb:BatchWriteItem", resource: arn, context: leading("a", "b") },
    ]);
  });

  it("for transactions: the action of each item", async () => {
    const TransactItems = [
      { Put: { TableName, Item: key("a") } },
      { Update: { TableName, Key: key("b") } },
      { Delete: { TableName, Key: key("c") } },
      { ConditionCheck: { TableName: "elsewhere", Key: key("d") } },
    ];
    expect(await needs("TransactWriteItems", { TransactItems })).toEqual([
      { action: "dynamodb:PutItem", resource: arn, context: leading("a") },
      { action: "dynamodb:UpdateItem", resource: arn, context: leading("b") },
      { action: "dynamodb:DeleteItem", resource: arn, context: leading("c") },
      {
        action: "dynamodb:ConditionCheckItem",
        resource: "arn:aws:dynamodb:us-east-1:111122223333:table/elsewhere",
      },
    ]);
    expect(
      await needs("TransactGetItems", { TransactItems: [{ Get: { TableName, Key: key("a") } }] }),
    ).toEqual([{ action: "dynamodb:GetItem", resource: arn, context: leading("a") }]);
  });

  it("for descriptions and streams: what they name", async () => {
    expect(await needs("DescribeTable", { TableName })).toEqual([
      { action: "dynamodb:DescribeTable", resource: arn },
    ]);
    expect(await needs("ListTables", {})).toEqual([{ action: "dynamodb:ListTables", resource: "*" }]);
    expect(await needs("DescribeStream", { StreamArn: streamArn }, streamsApi)).toEqual([
      { action: "dynamodb:DescribeStream", resource: streamArn },
    ]);
    expect(await needs("ListStreams", { TableName }, streamsApi)).toEqual([
      { action: "dynamodb:ListStreams", resource: `${arn}/stream/*` },
    ]);
    const service = await startService([region], createSetClock(0));
    const described = await call(service, region, "DescribeStream", { StreamArn: streamArn }, streamsApi);
    const { Shards } = (described as { StreamDescription: { Shards: { ShardId: string }[] } })
      .StreamDescription;
    const iterator = await call(
      service,
      region,
      "GetShardIterator",
      { StreamArn: streamArn, ShardId: Shards[0]?.ShardId, ShardIteratorType: "LATEST" },
      streamsApi,
    );
    const { ShardIterator } = iterator as { ShardIterator: string };
    expect(await needs("GetRecords", { ShardIterator }, streamsApi)).toEqual([
      { action: "dynamodb:GetRecords", resource: streamArn },
    ]);
  });
});
