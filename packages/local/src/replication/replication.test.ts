import { describe, expect, it } from "vitest";
import { createFakeWorld, fakeRegions } from "./fake-world.ts";
import type { LaneStatus } from "./lane-types.ts";

const us = "us-east-1";
const eu = "eu-west-1";
const ap = "ap-south-1";

function lane(status: readonly LaneStatus[], from: string, to: string): LaneStatus {
  const found = status.find((entry) => entry.from === from && entry.to === to);
  if (found === undefined) throw new Error(`no lane ${from} → ${to}`);
  return found;
}

describe("replication", () => {
  it("carries writes and deletes to every peer, and nothing back", async () => {
    const { time, replicas, replication } = createFakeWorld(1);
    replicas.write(us, { cart: 1, order: 2 });
    expect(replicas.contents(eu)).toEqual({});
    expect(await time.run(replication.drained())).toEqual([]);
    for (const region of fakeRegions) expect(replicas.contents(region)).toEqual({ cart: 1, order: 2 });
    replicas.write(eu, { cart: null });
    expect(await time.run(replication.drained())).toEqual([]);
    for (const region of fakeRegions) expect(replicas.contents(region)).toEqual({ order: 2 });
    expect(replicas.arrived).toHaveLength(9);
  });

  it("lets the items of one transaction arrive apart and in any order", async () => {
    const { time, replicas, replication } = createFakeWorld(2);
    const orders = new Set<string>();
    for (let round = 0; round < 30; round += 1) {
      const from = replicas.arrived.length;
      replicas.write(us, { a: round, b: round, c: round });
      await time.run(replication.drained());
      const atEu = replicas.arrived.slice(from).filter(({ region }) => region === eu);
      orders.add(atEu.map(({ write }) => JSON.stringify(write.key["pk"])).join());
    }
    expect(orders.size).toBeGreaterThan(3);
  });

  it("waits while a link is cut, says so, and delivers the newest states after the heal", async () => {
    const { time, faults, replicas, replication, sent } = createFakeWorld(3);
    faults.apply({ type: "cut", from: us, to: eu });
    for (let value = 1; value <= 500; value += 1)
      replicas.write(us, { cart: value, [`item${value % 20}`]: value });
    await time.advance(3_600_000);
    const blocked = await time.run(replication.drained());
    expect(blocked).toMatchObject([{ from: us, to: eu, pending: 21, blocked: "cut", delivered: 0 }]);
    expect(blocked[0]?.oldestPendingMs).toBeGreaterThanOrEqual(3_600_000);
    expect(replicas.contents(ap)["cart"]).toBe(500);
    // One probe at a time, at least 250 ms apart (half the longest backoff): an hour allows 14,400.
    expect(sent.get(`${us}>${eu}`)).toBeLessThan(14_400 + 21);

    const arrivedBefore = replicas.arrived.length;
    faults.apply({ type: "heal" });
    expect(await time.run(replication.drained())).toEqual([]);
    expect(replicas.contents(eu)).toEqual(replicas.contents(us));
    expect(replicas.arrived.length - arrivedBefore).toBe(21);
  });

  it("is in use again soon after a heal that nobody announced", async () => {
    const { time, faults, replicas, replication } = createFakeWorld(4);
    faults.apply({ type: "cut", from: us, to: eu });
    for (let item = 0; item < 100; item += 1) replicas.write(us, { [`item${item}`]: item });
    await time.advance(60_000);
    faults.apply({ type: "heal" });
    await time.advance(2000);
    expect(replication.status().every(({ pending }) => pending === 0)).toBe(true);
    expect(replicas.contents(eu)).toEqual(replicas.contents(us));
  });

  it("holds what a region had not sent while it is down, and what others have for it", async () => {
    const { time, faults, replicas, replication } = createFakeWorld(5);
    replicas.write(us, { mine: 1 });
    faults.apply({ type: "down", region: us });
    replicas.write(eu, { theirs: 2 });
    const blocked = await time.run(replication.drained());
    expect(blocked.map(({ from, to, blocked }) => `${from} ${to} ${blocked}`).toSorted()).toEqual([
      `${eu} ${us} down`,
      `${us} ap-east-1 down`,
      `${us} ap-south-1 down`,
      `${us} ${eu} down`,
    ]);
    expect(replicas.contents(ap)).toEqual({ theirs: 2 });
    expect(replicas.contents(us)).toEqual({ mine: 1 });
    faults.apply({ type: "up", region: us });
    expect(await time.run(replication.drained())).toEqual([]);
    for (const region of fakeRegions) expect(replicas.contents(region)).toEqual({ mine: 1, theirs: 2 });
  });

  it("is held by a pause alone", async () => {
    const { time, faults, replicas, replication } = createFakeWorld(6);
    faults.apply({ type: "pause", from: us, to: eu, oneWay: true });
    replicas.write(us, { cart: 1 });
    expect(await time.run(replication.drained())).toMatchObject([{ from: us, to: eu, blocked: "paused" }]);
    faults.apply({ type: "resume", from: us, to: eu });
    replication.wake();
    await time.run(replication.drained());
    expect(replicas.contents(eu)).toEqual({ cart: 1 });
  });

  it("sends again when answers are lost, and counts each state once", async () => {
    const { time, faults, replicas, replication } = createFakeWorld(7);
    faults.apply({ type: "loss", from: eu, to: us, oneWay: true, share: 0.5 });
    for (let item = 0; item < 200; item += 1) replicas.write(us, { [`item${item}`]: item });
    expect(await time.run(replication.drained())).toEqual([]);
    const { delivered, resent } = lane(replication.status(), us, eu);
    expect(delivered).toBe(200);
    expect(replicas.arrived.filter(({ region }) => region === eu)).toHaveLength(200 + resent);
    expect(resent).toBeGreaterThan(100);
    expect(resent).toBeLessThan(400);
  });

  it("keeps no more under way than its bound, whatever waits", async () => {
    const { time, faults, replicas, replication } = createFakeWorld(8, { inFlightMax: 10 });
    faults.apply({ type: "lag", from: us, to: eu, ms: 1000 });
    for (let item = 0; item < 300; item += 1) replicas.write(us, { [`item${item}`]: item });
    const done = replication.drained();
    for (let step = 0; step < 500; step += 1) {
      await time.advance(100);
      for (const { inFlight } of replication.status()) expect(inFlight).toBeLessThanOrEqual(10);
    }
    // 30 rounds of a bit over 2 s each
    await time.run(done);
    expect(Object.keys(replicas.contents(eu))).toHaveLength(300);
  });

  it("measures the lag from the write to the peer's table, and how long the oldest has waited", async () => {
    const { time, faults, replicas, replication } = createFakeWorld(9);
    faults.apply({ type: "lag", from: us, to: eu, ms: 800 });
    faults.apply({ type: "skew", region: us, ms: -60_000 });
    for (let item = 0; item < 100; item += 1) replicas.write(us, { [`item${item}`]: item });
    await time.advance(700);
    expect(lane(replication.status(), us, eu)).toMatchObject({ pending: 100, oldestPendingMs: 700 });
    await time.run(replication.drained());
    const { lag, oldestPendingMs } = lane(replication.status(), us, eu);
    expect(oldestPendingMs).toBe(0);
    expect(lag.count).toBe(100);
    // 20 ms + a mean of 50, then 800 + a mean of 80
    expect(lag.p50Ms).toBeGreaterThan(820);
    expect(lag.p50Ms).toBeLessThan(1050);
    expect(lag.p95Ms).toBeGreaterThan(lag.p50Ms);
    expect(lag.maxMs).toBeGreaterThanOrEqual(lag.p95Ms);
    const pairs = replication.pairs();
    expect(pairs).toHaveLength(12);
    expect(pairs[0]).toEqual({
      from: us,
      to: eu,
      pending: 0,
      oldestPendingMs: 0,
      delivered: 100,
      lagMs: { p50: lag.p50Ms, p95: lag.p95Ms, max: lag.maxMs },
    });
    expect(pairs.at(-1)).not.toHaveProperty("lagMs");
  });

  it("measures a hot item from its oldest state that the peer lacks", async () => {
    const { time, replicas, replication } = createFakeWorld(10);
    for (let value = 0; value < 500; value += 1) {
      replicas.write(us, { hot: value });
      await time.advance(10);
    }
    const { oldestPendingMs, delivered } = lane(replication.status(), us, eu);
    // Two trips at most: the one under way when the state came, and the state's own.
    expect(oldestPendingMs).toBeGreaterThan(0);
    expect(oldestPendingMs).toBeLessThan(1200);
    expect(delivered).toBeLessThan(120);
    await time.run(replication.drained());
    expect(replicas.contents(eu)).toEqual({ hot: 499 });
  });

  it("takes nothing more once it is closed, and lets nobody wait for it", async () => {
    const { time, replicas, replication } = createFakeWorld(11);
    replicas.write(us, { cart: 1 });
    const waiting = replication.drained();
    replication.close();
    expect(await time.run(waiting)).toEqual([]);
    replicas.write(us, { cart: 2 });
    await time.advance(10_000);
    expect(replicas.arrived).toEqual([]);
    expect(time.scheduled()).toBe(0);
  });
});
