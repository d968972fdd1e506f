import { setTimeout as sleep } from "node:timers/promises";
import { originOf, productToItems, regions, toAttributes } from "@antipode/core";
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mappingType } from "../provision/event-source-mappings.ts";
import { generateCatalog } from "../seed/catalog.ts";
import { readProduct } from "../testing/shopper.ts";
import { committedGraphs, startWorld, type TestWorld } from "../testing/start-world.ts";
import { operatorAccessKey } from "./regions.ts";

const [, europe] = regions;
const region = europe.name;
const catalogTable = "antipode-prod-Catalog";
const products = generateCatalog({ count: 12 });

let world: TestWorld;
let client: DynamoDBClient;

beforeAll(async () => {
  // As deployed, but for the number of retries: eight of them take most of a minute.
  const graphs = committedGraphs().map((graph) => ({
    ...graph,
    resources: graph.resources.map((resource) =>
      resource.type === mappingType
        ? { ...resource, inputs: { ...resource.inputs, maximumRetryAttempts: 2 } }
        : resource,
    ),
  }));
  world = await startWorld({ graphs, seed: 1 });
  client = new DynamoDBClient({
    region,
    endpoint: world.endpoint(region),
    credentials: { accessKeyId: operatorAccessKey, secretAccessKey: "any" },
  });
});
afterAll(async () => {
  client.destroy();
  await world.close();
});

/** An edit of the product's title by the European region, as its api would write it. */
function editOf(index: number, title: string) {
  const product = products[index];
  if (!product) throw new Error(`no product ${index}`);
  const origin = originOf(europe);
  const stamp = { ms: Date.now(), counter: 0, origin };
  return { id: product.id, item: toAttributes(productToItems({ ...product, title }, origin, stamp).catalog) };
}

const titleIn = async (where: string, id: string) => (await readProduct(world.api(where), id)).title;

const dispatcher = () =>
  world
    .status()
    .regions.find((entry) => entry.region === region)
    ?.dispatchers.find((entry) => entry.name.endsWith("CatalogDispatcher"));

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return;
    await sleep(20);
  }
  throw new Error(`waited in vain until ${what}`);
}

describe("a dispatcher that fails", () => {
  it("keeps records while its store refuses, and applies them all when it answers again", async () => {
    world.apply({
      type: "fail",
      region,
      service: "dynamodb",
      operation: "TransactWriteItems",
      table: "Views",
      share: 1,
    });
    const edits = [0, 1, 2, 3].map((index) => editOf(index, `Renamed ${index}`));
    for (const { item } of edits) {
      await client.send(new PutItemCommand({ TableName: catalogTable, Item: item }));
    }
    await until("the dispatcher retried", () => (dispatcher()?.retries ?? 0) > 0);
    // The others are not held up by one region's trouble.
    await until(
      "another region shows them",
      async () => (await titleIn("ap-east-1", edits[3]?.id ?? "")) === "Renamed 3",
    );
    expect(await titleIn(region, edits[0]?.id ?? "")).not.toBe("Renamed 0");

    world.apply({ type: "heal" });
    await world.settled();
    await world.replay(region); // what was given up on meanwhile waits in the bucket
    for (const [index, { id }] of edits.entries()) expect(await titleIn(region, id)).toBe(`Renamed ${index}`);
    expect(world.status().regions.map((entry) => entry.failedBatches)).toEqual([0, 0, 0, 0]);
  });

  it("half-way through a batch: applies what it can, files the poisoned record, replays it when mended", async () => {
    const poison = {
      pk: { S: `PRODUCT#${products[6]?.id}` },
      sk: { S: `EDIT#${originOf(europe)}` },
      v: { S: "not a number" },
    };
    const before = [4, 5].map((index) => editOf(index, `Before ${index}`));
    const after = [7, 8].map((index) => editOf(index, `After ${index}`));
    for (const item of [...before.map((edit) => edit.item), poison, ...after.map((edit) => edit.item)]) {
      await client.send(new PutItemCommand({ TableName: catalogTable, Item: item }));
    }
    await world.settled();
    const failed = () => world.status().regions.map((entry) => entry.failedBatches);
    expect(failed().every((count) => count >= 1)).toBe(true);
    for (const { id } of before) expect(await titleIn(region, id)).toMatch(/^Before/);

    const [stillPoisoned] = await world.replay(region);
    expect(stillPoisoned).toMatchObject({ remaining: expect.any(Number) });
    expect(stillPoisoned?.failed).toBeGreaterThanOrEqual(1);

    const mended = editOf(6, "Mended");
    await client.send(
      new DeleteItemCommand({ TableName: catalogTable, Key: { pk: poison.pk, sk: poison.sk } }),
    );
    await client.send(new PutItemCommand({ TableName: catalogTable, Item: mended.item }));
    await world.settled();
    expect(await titleIn(region, mended.id)).toBe("Mended");
    for (const { id } of after) expect(await titleIn(region, id)).toMatch(/^After/);
  });
});
