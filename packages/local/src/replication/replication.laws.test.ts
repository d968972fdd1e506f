import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ItemChange } from "../engine/item-change.ts";
import type { Fault } from "../faults/fault.ts";
import { isNewer } from "./fake-replicas.ts";
import { createFakeWorld, type FakeWorld, fakeRegions } from "./fake-world.ts";

const items = ["a", "b", "c", "d", "e"];

type Step =
  | {
      readonly type: "write";
      readonly region: string;
      readonly items: readonly string[];
      readonly remove: boolean;
    }
  | { readonly type: "fault"; readonly fault: Fault }
  | { readonly type: "wait"; readonly ms: number };

const region = fc.constantFrom(...fakeRegions);
const pair = fc.tuple(region, region).filter(([from, to]) => from !== to);

const fault: fc.Arbitrary<Fault> = fc
  .record({
    type: fc.constantFrom("cut", "heal", "pause", "resume", "loss", "lag", "down", "up", "skew"),
    pair,
    oneWay: fc.boolean(),
    share: fc.double({ min: 0, max: 0.9, noNaN: true }),
    ms: fc.integer({ min: 0, max: 5000 }),
  })
  .map(({ type, pair: [from, to], oneWay, share, ms }): Fault => {
    switch (type) {
      case "loss":
        return { type, from, to, oneWay, share };
      case "lag":
        return { type, from, to, oneWay, ms };
      case "down":
      case "up":
        return { type, region: from };
      case "skew":
        return { type, region: from, ms: ms - 2500 };
      default:
        return { type, from, to, oneWay };
    }
  });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("write" as const),
      region,
      items: fc.subarray(items, { minLength: 1 }),
      remove: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("fault" as const), fault }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 3000 }) }),
  },
);

const schedule = fc.record({
  seed: fc.integer(),
  steps: fc.array(step, { minLength: 5, maxLength: 60 }),
});

/** Plays the steps; a region that is down takes no writes, as nobody can reach it. */
async function play(world: FakeWorld, steps: readonly Step[], nameOf = (_: string, item: string) => item) {
  const { time, faults, replicas } = world;
  let value = 0;
  for (const next of steps) {
    if (next.type === "wait") await time.advance(next.ms);
    else if (next.type === "fault") faults.apply(next.fault);
    else if (!faults.state().down.includes(next.region)) {
      value += 1;
      const written = next.remove ? null : value;
      const names = next.items.map((item) => nameOf(next.region, item));
      replicas.write(next.region, Object.fromEntries(names.map((name) => [name, written])));
    }
  }
}

async function healAll({ time, faults, replication }: FakeWorld) {
  faults.apply({ type: "heal" });
  for (const name of fakeRegions) faults.apply({ type: "up", region: name });
  expect(await time.run(replication.drained())).toEqual([]);
}

/** The values of the newest writes by `isLater`, without those that were deletes. */
function expected(taken: readonly ItemChange[], isLater: (left: ItemChange, right: ItemChange) => boolean) {
  const newest = new Map<string, ItemChange>();
  for (const change of taken) {
    const name = JSON.stringify(change.key["pk"]);
    const best = newest.get(name);
    if (best === undefined || isLater(change, best)) newest.set(name, change);
  }
  return [...newest.values()]
    .flatMap(({ newImage }) => (newImage === undefined ? [] : [newImage]))
    .toSorted(byName);
}

function byName(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

function contents(world: FakeWorld, name: string) {
  return Object.entries(world.replicas.contents(name))
    .map(([item, value]) => ({ pk: { S: item }, value: { N: String(value) } }))
    .toSorted(byName);
}

describe("laws of replication", () => {
  it("after healing, every replica equals the last writer of every item, whatever happened", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async ({ seed, steps }) => {
        const world = createFakeWorld(seed);
        await play(world, steps);
        await healAll(world);
        const newest = expected(world.replicas.taken, isNewer);
        for (const name of fakeRegions) expect(contents(world, name)).toEqual(newest);
      }),
      { numRuns: 200 },
    );
  });

  it("loses no write of an item that only one region writes, however clocks are set", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async ({ seed, steps }) => {
        const world = createFakeWorld(seed);
        await play(world, steps, (writer, item) => `${item}#${writer}`);
        await healAll(world);
        const latest = expected(world.replicas.taken, () => true);
        for (const name of fakeRegions) expect(contents(world, name)).toEqual(latest);
      }),
      { numRuns: 200 },
    );
  });

  it("tells a peer the states of one item in the order in which they were written", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async ({ seed, steps }) => {
        const world = createFakeWorld(seed);
        await play(world, steps);
        await healAll(world);
        const seen = new Map<string, number>();
        for (const { region: at, write } of world.replicas.arrived) {
          const way = `${write.writtenIn} ${at} ${JSON.stringify(write.key)}`;
          expect(write.writtenAtMs).toBeGreaterThanOrEqual(seen.get(way) ?? 0);
          seen.set(way, write.writtenAtMs);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("holds at most one state an item and lane, and every drained lane is empty or says what blocks it", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async ({ seed, steps }) => {
        const world = createFakeWorld(seed, { inFlightMax: 3 });
        await play(world, steps);
        const blocked = await world.time.run(world.replication.drained());
        for (const lane of world.replication.status()) {
          expect(lane.pending).toBeLessThanOrEqual(items.length);
          expect(lane.inFlight).toBeLessThanOrEqual(3);
        }
        for (const lane of blocked) expect(lane.blocked).toBeDefined();
      }),
      { numRuns: 100 },
    );
  });

  it("does the same again for the same seed", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async ({ seed, steps }) => {
        const run = async () => {
          const world = createFakeWorld(seed);
          await play(world, steps);
          await healAll(world);
          return {
            arrived: world.replicas.arrived,
            status: world.replication.status(),
            now: world.time.now(),
          };
        };
        expect(await run()).toEqual(await run());
      }),
      { numRuns: 20 },
    );
  });
});
