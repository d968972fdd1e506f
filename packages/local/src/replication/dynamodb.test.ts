import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEmbeddedEngine } from "../engine/embedded/embedded.ts";
import type { Item, ItemChange } from "../engine/item-change.ts";
import type { Fault } from "../faults/fault.ts";
import { createFaults } from "../faults/faults.ts";
import { createSkewedClock } from "../faults/skewed-clock.ts";
import { createRandom, integerBetween, pick, type Random } from "../links/random.ts";
import { createLinks } from "../links/world-links.ts";
import { createDynamoService } from "../services/dynamodb/dynamo-service.ts";
import { account } from "../services/service.ts";
import { createVirtualTime } from "../testing-time/virtual-time.ts";
import { createReplication } from "./replication.ts";

const regions = ["us-east-1", "eu-west-1", "ap-south-1", "ap-east-1"] as const;
const table = "antipode-test-Carts";
const regional = "antipode-test-Views";

/** The local DynamoDB of four regions under real links and replication, on virtual time. */
async function createWorld(seed: number) {
  const time = createVirtualTime();
  const faults = createFaults({ regions });
  const service = createDynamoService({
    engine: createEmbeddedEngine(),
    clock: createSkewedClock({ now: time.now, state: faults.state }),
  });
  for (const region of regions) {
    for (const name of [table, regional]) {
      const arn = `arn:aws:dynamodb:${region}:${account}:table/${name}`;
      await service.createTable(region, {
        name,
        arn,
        hashKey: "pk",
        rangeKey: "sk",
        attributes: { pk: "S", sk: "S" },
        globalSecondaryIndexes: [],
        ttlAttribute: "expiresAt",
        stream: { arn: `${arn}/stream/2026-01-01T00:00:00.000`, viewType: "NEW_AND_OLD_IMAGES" },
        replicas: name === table ? regions.filter((other) => other !== region) : [],
        pointInTimeRecovery: true,
        deletionProtection: false,
        tags: {},
      });
    }
  }
  const changes: ItemChange[] = [];
  service.onChange((change) => changes.push(change));
  const replication = createReplication({
    tables: { [table]: regions },
    onChange: service.onChange,
    apply: service.applyReplicated,
    links: createLinks({ faults, random: createRandom(`links ${seed}`), scheduler: time }),
    random: createRandom(`replication ${seed}`),
    scheduler: time,
  });

  async function call(region: string, operation: string, request: object): Promise<{ Items?: Item[] }> {
    const { status, body } = await service.handle({
      region,
      method: "POST",
      path: "/",
      query: new URLSearchParams(),
      headers: {
        "x-amz-target": `DynamoDB_20120810.${operation}`,
        "content-type": "application/x-amz-json-1.0",
      },
      body: Buffer.from(JSON.stringify(request)),
    });
    expect({ status, body }).toMatchObject({ status: 200 });
    return JSON.parse(String(body));
  }

  async function contents(region: string, name: string = table): Promise<readonly Item[]> {
    const { Items = [] } = await call(region, "Scan", { TableName: name, ConsistentRead: true });
    return Items.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }

  return { time, faults, service, replication, changes, call, contents };
}

function randomFault(random: Random): Fault {
  const from = pick(random, regions);
  const to = pick(
    random,
    regions.filter((region) => region !== from),
  );
  const faults: readonly Fault[] = [
    { type: "cut", from, to },
    { type: "pause", from, to, oneWay: true },
    { type: "loss", from, to, share: random() * 0.8 },
    { type: "lag", from, to, ms: integerBetween(random, 0, 2000) },
    { type: "heal", from, to },
    { type: "down", region: from },
    { type: "up", region: from },
    { type: "skew", region: from, ms: integerBetween(random, -3000, 3000) },
  ];
  return pick(random, faults);
}

describe("replication of the local DynamoDB", () => {
  it("converges on every region's adds while links are cut and healed at random", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { time, faults, replication, call, contents } = await createWorld(seed);
        const random = createRandom(`steps ${seed}`);
        const added: string[] = [];
        for (let operation = 0; operation < 120; operation += 1) {
          if (random() < 0.2) faults.apply(randomFault(random));
          await time.advance(integerBetween(random, 0, 200));
          const region = pick(random, regions);
          if (faults.state().down.includes(region)) continue;
          const cart = `CART#${integerBetween(random, 1, 5)}`;
          // A cart's blind add: each region writes its own item of the cart.
          await call(region, "UpdateItem", {
            TableName: table,
            Key: { pk: { S: cart }, sk: { S: `R#${region}#1` } },
            UpdateExpression: "SET #op = :line ADD v :one",
            ConditionExpression: "attribute_not_exists(#op)",
            ExpressionAttributeNames: { "#op": `o#${operation}` },
            ExpressionAttributeValues: { ":line": { S: "AP-1|+|1" }, ":one": { N: "1" } },
          });
          added.push(`${cart} ${region} o#${operation}`);
        }
        faults.apply({ type: "heal" });
        for (const region of regions) faults.apply({ type: "up", region });
        expect(await time.run(replication.drained())).toEqual([]);
        const expected = await contents(regions[0]);
        const seen = expected.flatMap((item) => {
          const writer = item["sk"] !== undefined && "S" in item["sk"] ? item["sk"].S.split("#")[1] : "";
          const cart = item["pk"] !== undefined && "S" in item["pk"] ? item["pk"].S : "";
          return Object.keys(item)
            .filter((name) => name.startsWith("o#"))
            .map((name) => `${cart} ${writer} ${name}`);
        });
        expect(seen.toSorted()).toEqual(added.toSorted());
        for (const region of regions) expect(await contents(region)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("ends with the last writer everywhere when regions do write one item, deletes included", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { time, faults, replication, changes, call, contents } = await createWorld(seed);
        const random = createRandom(`steps ${seed}`);
        for (let operation = 0; operation < 80; operation += 1) {
          if (random() < 0.2) faults.apply(randomFault(random));
          await time.advance(integerBetween(random, 0, 200));
          const region = pick(random, regions);
          if (faults.state().down.includes(region)) continue;
          const key = { pk: { S: `ITEM#${integerBetween(random, 1, 4)}` }, sk: { S: "A" } };
          if (random() < 0.3) await call(region, "DeleteItem", { TableName: table, Key: key });
          else
            await call(region, "PutItem", {
              TableName: table,
              Item: { ...key, value: { N: String(operation) } },
            });
        }
        faults.apply({ type: "heal" });
        for (const region of regions) faults.apply({ type: "up", region });
        expect(await time.run(replication.drained())).toEqual([]);
        const newest = new Map<string, ItemChange>();
        for (const change of changes) {
          const best = newest.get(JSON.stringify(change.key));
          if (best === undefined || wins(change, best)) newest.set(JSON.stringify(change.key), change);
        }
        const live = [...newest.values()].flatMap(({ newImage }) =>
          newImage === undefined ? [] : [newImage],
        );
        for (const region of regions) expect(new Set(await contents(region))).toEqual(new Set(live));
      }),
      { numRuns: 25 },
    );
  });

  it("carries a transaction, an expiry and its stream record, and leaves imports and regional tables alone", async () => {
    const { time, service, replication, changes, call, contents } = await createWorld(1);
    const [us, eu] = regions;
    const put = (TableName: string, pk: string, expiresAt?: number) => ({
      Put: {
        TableName,
        Item: {
          pk: { S: pk },
          sk: { S: "A" },
          ...(expiresAt !== undefined && { expiresAt: { N: String(expiresAt) } }),
        },
      },
    });
    await service.importItems(us, table, [{ pk: { S: "IMPORTED" }, sk: { S: "A" } }], {
      writtenAtMs: time.now(),
      writtenIn: us,
    });
    const soonS = Math.floor(time.now() / 1000) + 60;
    await call(us, "TransactWriteItems", {
      TransactItems: [put(table, "A"), put(table, "B", soonS), put(regional, "C")],
    });
    expect(await time.run(replication.drained())).toEqual([]);
    expect((await contents(eu)).map(({ pk }) => pk)).toEqual([{ S: "A" }, { S: "B" }]);
    expect(await contents(eu, regional)).toEqual([]);

    await time.advance(120_000);
    expect(await service.sweepExpired(us)).toBe(1);
    expect(await time.run(replication.drained())).toEqual([]);
    expect((await contents(eu)).map(({ pk }) => pk)).toEqual([{ S: "A" }]);
    const removed = changes.filter(({ region, eventName }) => region === eu && eventName === "REMOVE");
    expect(removed).toMatchObject([{ writtenIn: us, expired: true }]);
    expect(replication.status().reduce((sum, { delivered }) => sum + delivered, 0)).toBe(9);
  });
});

function wins(left: ItemChange, right: ItemChange): boolean {
  return (
    left.writtenAtMs > right.writtenAtMs ||
    (left.writtenAtMs === right.writtenAtMs && left.writtenIn > right.writtenIn)
  );
}
