import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEmbeddedEngine } from "../../engine/embedded/embedded.ts";
import type { TableEngine } from "../../engine/engine.ts";
import type { Item } from "../../engine/item-change.ts";
import { call, createSetClock, definition } from "./conformance/in-process.ts";
import { createDynamoService } from "./dynamo-service.ts";

const region = "us-east-1";
const TableName = "carts";
const keyOf = (item: number): Item => ({ pk: { S: `item-${item}` }, sk: { S: "s" } });

/** An engine whose writes take so many turns of the event loop before and after they happen, as a remote one's do. */
function slowed(engine: TableEngine, turns: () => number): TableEngine {
  const wait = async () => {
    for (let turn = turns(); turn > 0; turn -= 1) await Promise.resolve();
  };
  return {
    ...engine,
    async write(...request) {
      await wait();
      const written = await engine.write(...request);
      await wait();
      return written;
    },
    async replace(...request) {
      await wait();
      const before = await engine.replace(...request);
      await wait();
      return before;
    },
  };
}

type Write = {
  readonly kind: "add" | "delete" | "replicated";
  readonly item: number;
  readonly value: number;
};

const write: fc.Arbitrary<Write> = fc.record({
  kind: fc.constantFrom("add", "delete", "replicated"),
  item: fc.nat(1),
  value: fc.integer({ min: 1, max: 9 }),
});

describe("changes", () => {
  it("of concurrent writes are recorded in the order in which they were made", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(write, { minLength: 2, maxLength: 15 }),
        fc.infiniteStream(fc.nat(6)),
        async (writes, delays) => {
          const engine = slowed(createEmbeddedEngine(), () => delays.next().value ?? 0);
          const service = createDynamoService({ engine, clock: createSetClock(1000) });
          await service.createTable(region, definition(region));
          await Promise.all(
            writes.map(({ kind, item, value }, index) => {
              const key = keyOf(item);
              if (kind === "delete") return call(service, region, "DeleteItem", { TableName, Key: key });
              if (kind === "replicated") {
                const n = { N: String(value) };
                const time = { writtenAtMs: 1000 + index, writtenIn: "eu-west-1", expired: false };
                return service.applyReplicated(region, {
                  table: TableName,
                  key,
                  item: { ...key, n },
                  ...time,
                });
              }
              return call(service, region, "UpdateItem", {
                TableName,
                Key: key,
                UpdateExpression: "ADD n :v",
                ExpressionAttributeValues: { ":v": { N: String(value) } },
              });
            }),
          );
          const state = new Map<string, Item>();
          for (const { dynamodb } of service.stream(region, TableName).read("", 100)) {
            const id = JSON.stringify(dynamodb.Keys);
            expect(dynamodb.OldImage).toEqual(state.get(id));
            if (dynamodb.NewImage === undefined) state.delete(id);
            else state.set(id, dynamodb.NewImage);
          }
          const { Items } = (await call(service, region, "Scan", { TableName })) as { Items: Item[] };
          expect(new Set(Items)).toEqual(new Set(state.values()));
        },
      ),
      { numRuns: 150 },
    );
  });
});
