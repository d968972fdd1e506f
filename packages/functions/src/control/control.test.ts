import { echoesKey, heartbeatKey, itemToHeartbeat, type Origin, type StoredItem } from "@antipode/core";
import { describe, expect, test } from "vitest";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { beat } from "./beat.ts";
import { fence } from "./fence.ts";
import { keepControl } from "./keep-control.ts";
import { createSellingRights } from "./selling-rights.ts";

const hourMs = 3_600_000;
const me = "us-east-1#1" as Origin;
const eu = "eu-west-1#1" as Origin;

function rightsOf(shop: TestShop) {
  const read = createSellingRights(shop.deps);
  return async () => {
    const rights = await read();
    if (!rights.ok) {
      throw new Error(rights.error.type);
    }
    return rights.value;
  };
}

async function beatIn(shop: TestShop) {
  const beaten = await beat(shop.deps);
  return beaten.ok ? beaten.value : beaten.error;
}

function hears(world: TestShops, shop: TestShop, peers: readonly string[]): void {
  for (const { deployment } of world.shops) {
    if (deployment !== shop.deployment && !peers.includes(deployment.region)) {
      world.cut(shop.deployment.region, deployment.region);
    }
  }
}

describe("a lease", () => {
  test("runs once a majority has echoed a beat, and not before", async () => {
    const world = createTestShops();
    const us = world.shop("us-east-1");
    const rights = rightsOf(us);
    expect(await beatIn(us)).toEqual({ beat: 1, leaseRemainingSeconds: 0 });
    expect((await rights()).leaseRunning).toBe(false);
    await world.replicate();
    world.clock.advance(1_000); // a region without a lease looks again after a second
    expect(await rights()).toMatchObject({ leaseRunning: true });
    expect(await beatIn(us)).toEqual({ beat: 2, leaseRemainingSeconds: 12 * 3_600 - 1 });
    expect(us.measurements.recorded.filter(({ name }) => name === "LeaseRemaining")).toEqual([
      { name: "LeaseRemaining", values: [0], dimensions: {} },
      { name: "LeaseRemaining", values: [43_199], dimensions: {} },
    ]);
  });

  test.each([
    [["eu-west-1"], false],
    [["eu-west-1", "ap-south-1"], true],
  ])("of four regions with %j heard: %s", async (peers, running) => {
    const world = createTestShops();
    const us = world.shop("us-east-1");
    hears(world, us, peers);
    await beatIn(us);
    await world.replicate();
    expect((await rightsOf(us)()).leaseRunning).toBe(running);
  });

  test("ends twelve hours after the last echoed beat, also for who keeps what it has read", async () => {
    const world = createTestShops();
    const us = world.shop("us-east-1");
    const rights = rightsOf(us);
    await world.beat();
    hears(world, us, []);
    world.clock.advance(12 * hourMs - 1);
    await beatIn(us);
    expect((await rights()).leaseRunning).toBe(true);
    world.clock.advance(1);
    expect((await rights()).leaseRunning).toBe(false);
  });

  test("is read once a minute while it runs", async () => {
    const world = createTestShops();
    const us = world.shop("us-east-1");
    await world.beat();
    const rights = rightsOf(us);
    await rights();
    const reads = us.items.operations.length;
    world.clock.advance(59_999);
    await rights();
    expect(us.items.operations.length).toBe(reads);
    world.clock.advance(1);
    await rights();
    expect(us.items.operations.length).toBe(reads + 4);
  });
});

describe("a fence", () => {
  const step = { lost: me, reclaimer: eu };

  test("is set once, and names one reclaimer for good", async () => {
    const world = createTestShops();
    const { deps } = world.shop("ap-south-1");
    const first = await fence(deps, step);
    world.clock.advance(hourMs);
    expect(await fence(deps, step)).toEqual(first);
    expect(await fence(deps, { ...step, reclaimer: "ap-east-1#1" as Origin })).toEqual(first);
  });

  test("ends the echoes and the lease, whoever set it", async () => {
    const world = createTestShops();
    const us = world.shop("us-east-1");
    await world.beat();
    await fence(world.shop("ap-east-1").deps, step);
    await world.replicate();
    world.clock.advance(60_000);
    expect((await rightsOf(us)()).leaseRunning).toBe(false);
    expect((await rightsOf(world.shop("eu-west-1"))()).fenced).toEqual(new Set([me]));
    const echoed = () =>
      world
        .shop("eu-west-1")
        .items.dump("Control")
        .find(({ sk, pk }) => pk === echoesKey(eu).pk && sk === "ECHOES")?.[`e#${me}`];
    const before = echoed();
    await beatIn(us);
    await world.replicate();
    expect(echoed()).toBe(before);
  });

  test("of oneself is refused", async () => {
    const world = createTestShops();
    const refused = await fence(world.shop("us-east-1").deps, step);
    expect(refused).toMatchObject({ ok: false, error: { type: "refused", reason: "not-another-region" } });
  });
});

describe("the dispatcher of control", () => {
  const change = (item: StoredItem, kind: string, writer: Origin) => ({
    sequenceNumber: "1",
    eventName: "MODIFY" as const,
    key: { pk: item.pk, sk: item.sk },
    parsed: { entity: writer, kind, writer },
    item,
  });

  test("answers a beat once, and its own never", async () => {
    const world = createTestShops();
    const us = world.shop("us-east-1");
    const beatOf = (origin: Origin, number: number) => ({
      ...heartbeatKey(origin),
      v: number,
      beat: number,
      at: 1,
      touchedAt: 1,
    });
    expect(itemToHeartbeat(beatOf(eu, 1)).ok).toBe(true);
    const handle = keepControl(us.deps);
    const echoes = () => us.items.dump("Control").filter(({ sk }) => sk === "ECHOES");
    await handle([change(beatOf(eu, 3), "HEARTBEAT", eu)]);
    await handle([change(beatOf(eu, 2), "HEARTBEAT", eu), change(beatOf(eu, 3), "HEARTBEAT", eu)]);
    await handle([change(beatOf(me, 9), "HEARTBEAT", me)]);
    expect(echoes()).toEqual([expect.objectContaining({ v: 1, [`e#${eu}`]: 3 })]);
  });

  test("writes down the newest of the own prober's rounds that came by, once", async () => {
    const us = createTestShops().shop("us-east-1");
    const handle = keepControl(us.deps);
    const round = (origin: Origin, number: number) =>
      change({ pk: `REGION#${origin}`, sk: "VOTES", v: number }, "VOTES", origin);
    const seen = () => us.items.dump("Control").filter(({ sk }) => sk === "SEEN");
    await handle([round(me, 4), round(me, 6), round(me, 5), round(eu, 99)]);
    await handle([round(me, 6), round(me, 3)]);
    expect(seen()).toMatchObject([{ v: 1, round: 6 }]);
    us.items.failNext("UpdateItem Control", { type: "throttled", operation: "UpdateItem Control" });
    expect(await handle([round(me, 7)])).toMatchObject({ ok: false });
    await handle([round(me, 7)]);
    expect(seen()).toMatchObject([{ v: 2, round: 7 }]);
  });

  test("measures how long the other regions' rounds took to arrive, and goes on where that cannot be written", async () => {
    const world = createTestShops();
    const us = world.shop("us-east-1");
    const handle = keepControl(us.deps);
    const round = (number: number) => {
      const times = { [`t#${number}`]: world.clock.nowMs() - 250 };
      const item = {
        pk: `REGION#${eu}`,
        sk: "VOTES",
        v: number,
        rules: 1,
        touchedAt: 1,
        backlog: 0,
        ...times,
      };
      return change(item, "VOTES", eu);
    };
    await handle([round(4)]);
    const measured = () => us.items.dump("Views").filter(({ pk }) => pk === `LAG#${me}`);
    expect(measured()).toMatchObject([{ sk: eu, round: 4, days: [{ sum: 250 }] }]);
    us.items.failNext("GetItem Views", { type: "throttled", operation: "GetItem Views" });
    expect(await handle([round(5)])).toMatchObject({ ok: true });
    expect(measured()).toMatchObject([{ round: 4 }]);
  });

  test("refuses what it does not understand, and passes over other functions' items", async () => {
    const { deps } = createTestShops().shop("us-east-1");
    const handle = keepControl(deps);
    const strange = { ...heartbeatKey(eu), v: 1, beat: "soon" };
    expect(await handle([change(strange, "HEARTBEAT", eu)])).toMatchObject({ ok: false });
    const votes = { pk: `REGION#${eu}`, sk: "VOTES", anything: true };
    expect(await handle([change(votes, "VOTES", eu)])).toEqual({ ok: true, value: undefined });
  });
});
