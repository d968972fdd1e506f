import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, describe, expect, it } from "vitest";
import { type RunningDynamo, startDynamo } from "./start-dynamo.ts";

const key = { pk: { S: "CART#1" }, sk: { S: "R#us-east-1#1" } };
let running: RunningDynamo | undefined;
afterEach(() => running?.close());

function client(region: string): DynamoDBClient {
  const credentials = { accessKeyId: "TEST", secretAccessKey: "none" };
  return new DynamoDBClient({
    region,
    credentials,
    ...(running === undefined ? {} : { endpoint: running.endpoint }),
  });
}

async function read(region: string, TableName: string) {
  return (await client(region).send(new GetItemCommand({ TableName, Key: key }))).Item;
}

describe("startDynamo", () => {
  it("replicates global tables at once, and only those", async () => {
    running = await startDynamo({
      regions: ["us-east-1", "eu-west-1"],
      tables: [{ name: "Carts" }, { name: "Views", global: false }],
      globalTables: true,
    });
    for (const TableName of ["Carts", "Views"]) {
      const { $metadata } = await client("us-east-1").send(new PutItemCommand({ TableName, Item: key }));
      expect($metadata.requestId).toMatch(/^[0-9A-Z]{52}$/);
    }
    expect(await read("us-east-1", "Views")).toEqual(key);
    expect(await read("eu-west-1", "Carts")).toEqual(key);
    expect(await read("eu-west-1", "Views")).toBeUndefined();
    expect(running.service.tables("eu-west-1").map(({ replicas }) => replicas)).toEqual([["us-east-1"], []]);
  });

  it("answers only signed requests: the signature says which region is asked", async () => {
    running = await startDynamo({ regions: ["us-east-1"], tables: [] });
    const answer = await fetch(running.endpoint, { method: "POST", body: "{}" });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message: "The request is not signed" });
  });
});
