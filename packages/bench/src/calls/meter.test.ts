import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetItemCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tableName } from "../function/links.ts";
import { type MeteredStore, meterStore } from "./meter.ts";
import { createClient, startTables } from "./shop-content.ts";

let store: MeteredStore;
let client: DynamoDBClient;
let stop: () => Promise<unknown> = async () => {};

beforeAll(async () => {
  const dynamo = await startTables();
  store = await meterStore(dynamo.endpoint);
  client = createClient(store.url);
  stop = async () => {
    client.destroy();
    await store.close();
    await dynamo.close();
  };
});

afterAll(() => stop());

const key = { pk: { S: "CART#1" }, sk: { S: "R#1" } };
const TableName = tableName("Carts");

describe("the meter", () => {
  test("counts calls and units, writes apart from reads, since the last reading", async () => {
    const filler = { S: "x".repeat(4_500) };
    await client.send(new PutItemCommand({ TableName, Item: { ...key, filler } }));
    expect(store.take()).toEqual({ roundTrips: 1, readUnits: 0, writeUnits: 5 });
    expect(store.take()).toEqual({ roundTrips: 0, readUnits: 0, writeUnits: 0 });
    await client.send(new GetItemCommand({ TableName, Key: key, ConsistentRead: true }));
    await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": key.pk },
      }),
    );
    expect(store.take()).toEqual({ roundTrips: 2, readUnits: 2 + 1, writeUnits: 0 });
  });

  test("counts a refused write as a call, whose units no answer tells", async () => {
    const put = new PutItemCommand({
      TableName,
      Item: key,
      ConditionExpression: "attribute_not_exists(pk)",
    });
    await expect(client.send(put)).rejects.toThrow("conditional request failed");
    expect(store.take()).toMatchObject({ roundTrips: 1 });
  });
});
