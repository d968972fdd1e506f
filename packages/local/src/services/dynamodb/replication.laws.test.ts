import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Item, ItemChange, ReplicatedWrite } from "../../engine/item-change.ts";
import { call, createSetClock, startService } from "./conformance/in-process.ts";
import type { DynamoService } from "./dynamo-service.ts";

const regions = ["ap-south-1", "eu-west-1", "us-east-1"];
const startMs = 1_700_000_000_000;

/** A put (with a value) or a deletion of one of a few items, in one region, by that region's skewed clock. */
interface Step {
  readonly region: number;
  readonly item: number;
  readonly value: number | undefined;
  readonly clockMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  region: fc.nat(regions.length - 1),
  item: fc.nat(2),
  value: fc.option(fc.nat(3), { nil: undefined }),
  clockMs: fc.nat(20),
});

function regionName(index: number): string {
  return regions[index] ?? regions[0] ?? "";
}

function keyOf(item: number): Item {
  return { pk: { S: `item-${item}` }, sk: { S: "s" } };
}

function writeOf(change: ItemChange): ReplicatedWrite {
  const { table, key, newImage, writtenAtMs, writtenIn, expired } = change;
  return {
    table,
    key,
    writtenAtMs,
    writtenIn,
    expired,
    ...(newImage === undefined ? {} : { item: newImage }),
  };
}

async function contents(service: DynamoService, region: string): Promise<unknown> {
  const answer = await call(service, region, "Scan", { TableName: "carts" });
  return answer;
}

/** Makes the writes, delivering to each region after each step as many of the pending writes as `eager` says. */
async function run(steps: readonly Step[], eager: readonly number[]) {
  const clock = createSetClock(startMs);
  const service = await startService(regions, clock);
  const writes: ReplicatedWrite[] = [];
  const pending = new Map<string, ReplicatedWrite[]>(regions.map((region) => [region, []]));
  service.onChange((change) => {
    if (change.writtenIn !== change.region) return;
    const write = writeOf(change);
    writes.push(write);
    for (const region of regions) if (region !== change.region) pending.get(region)?.push(write);
  });
  for (const [index, { region, item, value, clockMs }] of steps.entries()) {
    const name = regionName(region);
    clock.set(name, startMs + clockMs);
    const key = keyOf(item);
    await (value === undefined
      ? call(service, name, "DeleteItem", { TableName: "carts", Key: key })
      : call(service, name, "PutItem", { TableName: "carts", Item: { ...key, v: { N: String(value) } } }));
    for (const target of regions) {
      const queue = pending.get(target) ?? [];
      for (const write of queue.splice(0, (eager[index] ?? 0) % 3))
        await service.applyReplicated(target, write);
    }
  }
  return { service, writes };
}

const schedules = { numRuns: 150 };

describe("global tables", () => {
  it("converge on the last write of each item, in whatever order and however often writes arrive", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(2), { maxLength: 12 }),
        fc.infiniteStream(fc.nat(1_000_000)),
        async (steps, eager, chance) => {
          const { service, writes } = await run(steps, eager);
          const draw = () => chance.next().value ?? 0;
          for (const region of regions) {
            const deliveries = [...writes, ...writes].map((write) => ({ write, order: draw() }));
            deliveries.sort((a, b) => a.order - b.order);
            for (const { write } of deliveries) await service.applyReplicated(region, write);
          }
          const [first, ...others] = await Promise.all(regions.map((region) => contents(service, region)));
          for (const other of others) expect(other).toEqual(first);
          const expected = new Map<string, ReplicatedWrite>();
          for (const write of writes) {
            const id = JSON.stringify(write.key);
            const best = expected.get(id);
            const later =
              best === undefined ||
              write.writtenAtMs > best.writtenAtMs ||
              (write.writtenAtMs === best.writtenAtMs && write.writtenIn > best.writtenIn);
            if (later) expected.set(id, write);
          }
          const winners = [...expected.values()].flatMap(({ item }) => (item === undefined ? [] : [item]));
          const { Items } = first as { Items: Item[] };
          expect(new Set(Items.map((item) => JSON.stringify(item)))).toEqual(
            new Set(winners.map((item) => JSON.stringify(item))),
          );
        },
      ),
      schedules,
    );
  });

  it("write after what they replace, however far behind the clock is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 2, maxLength: 12 }),
        fc.array(fc.nat(2)),
        async (steps, eager) => {
          const { writes } = await run(steps, eager);
          const lastLocal = new Map<string, number>();
          for (const write of writes) {
            const id = `${write.writtenIn} ${JSON.stringify(write.key)}`;
            expect(write.writtenAtMs).toBeGreaterThan(lastLocal.get(id) ?? 0);
            lastLocal.set(id, write.writtenAtMs);
          }
        },
      ),
      schedules,
    );
  });

  it("record in a stream each state an item goes through, in commit order, and nothing twice", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(2)),
        async (steps, eager) => {
          const { service, writes } = await run(steps, eager);
          for (const region of regions) {
            for (const write of writes) await service.applyReplicated(region, write);
            const replayed = new Map<string, Item>();
            for (const { eventName, dynamodb } of service.stream(region, "carts").read("", 1000)) {
              const id = JSON.stringify(dynamodb.Keys);
              expect(dynamodb.OldImage).toEqual(replayed.get(id));
              expect(dynamodb.NewImage).not.toEqual(dynamodb.OldImage);
              const kind =
                dynamodb.NewImage === undefined
                  ? "REMOVE"
                  : dynamodb.OldImage === undefined
                    ? "INSERT"
                    : "MODIFY";
              expect(eventName).toBe(kind);
              if (dynamodb.NewImage === undefined) replayed.delete(id);
              else replayed.set(id, dynamodb.NewImage);
            }
            const { Items } = (await contents(service, region)) as { Items: Item[] };
            expect(new Set(Items)).toEqual(new Set(replayed.values()));
          }
        },
      ),
      schedules,
    );
  });
});
