import { defaultVoteSettings, type FailoverKind, type FailoverTask, readFailoverSight } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { probeRound } from "../prober/probe-round.ts";
import { createFakePlanes } from "../testing/failover-planes.ts";
import { createProbingRegions, type ProbingRegion } from "../testing/probing-regions.ts";
import { createCountingRandomness } from "../testing/test-world.ts";
import { createHearDrain } from "./hear-drain.ts";
import { createRun } from "./run.ts";

const { probeEveryMs, holdMs } = defaultVoteSettings;

let world: ReturnType<typeof createProbingRegions>;
let outside: ReturnType<typeof createFakePlanes>;
let eu: ProbingRegion;
let south: ProbingRegion;
const randomness = createCountingRandomness(); // of all runs: no two have one id

beforeEach(() => {
  world = createProbingRegions();
  outside = createFakePlanes();
  eu = world.region("eu-west-1");
  south = world.region("ap-south-1");
});

const depsOf = ({ deps }: ProbingRegion) => ({
  ...deps,
  ...outside.deps,
  randomness,
  delay: async () => {},
  chance: () => 0.5,
});

async function rounds(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    world.clock.advance(probeEveryMs);
    for (const { deps, items } of world.all) {
      await probeRound(deps);
      const votes = items
        .dump("Control")
        .find(({ pk, sk }) => pk === `REGION#${items.origin}` && sk === "VOTES");
      const key = { pk: `REGION#${items.origin}`, sk: "SEEN" };
      await items.update("Control", key, { set: { round: Number(votes?.["v"]) }, onlyIf: [] });
    }
    world.replicate();
  }
}

async function drained(): Promise<void> {
  await rounds(2);
  world.sick.add("eu-west-1");
  await rounds(5);
}

async function restored(): Promise<void> {
  world.sick.clear();
  Object.assign(outside.outside, { health: 200, vote: 404 });
  await rounds(holdMs / probeEveryMs + 2);
}

const task = (kind: FailoverKind): FailoverTask => ({ kind, target: eu.items.origin });
const run = (region: ProbingRegion, kind: FailoverKind = "failover") =>
  createRun(depsOf(region))(task(kind), () => 240_000);
const recordOf = (region: ProbingRegion, kind: FailoverKind = "failover") =>
  readFailoverSight(region.items.origin, region.items.dump("Control")).records.find(
    (record) => record.kind === kind && record.origin === region.items.origin,
  );

describe("a drain", () => {
  test("is told to the functions, announced once, and followed by the control planes", async () => {
    await drained();
    expect(south.told.at(-1)).toMatchObject({
      kind: "failover",
      news: { type: "region-drained", of: "eu-west-1" },
    });
    const pending = world.all.map(({ name, recorded }) => [
      name,
      recorded.filter((one) => one.name === "PendingFailovers").at(-1)?.values,
    ]);
    expect(Object.fromEntries(pending)).toEqual({
      "us-east-1": [0],
      "eu-west-1": [0],
      "ap-south-1": [1], // whose turn it is first
      "ap-east-1": [0],
    });
    expect(await run(south)).toEqual({ ok: true, value: { type: "ran", outcome: "completed" } });
    expect(outside.planes).toMatchObject({
      pair: { primary: "us-east-1", secondary: "ap-south-1" },
      order: "alternate-first",
    });
    expect(outside.people).toHaveLength(1);
    expect(outside.people[0]?.subject).toBe("antipode test: eu-west-1 is drained");
    expect(outside.people[0]?.text).toContain("docs/operating/runbooks/region-loss.md");
    expect(outside.people[0]?.text).toContain("us-east-1#1: probes");
    expect(outside.systems).toMatchObject([
      { detailType: "Region Drained", detail: { of: "eu-west-1", by: "ap-south-1", drained: ["eu-west-1"] } },
    ]);
    const steps = [...(recordOf(south)?.steps ?? [])].map(([step, { state }]) => [step, state]);
    expect(Object.fromEntries(steps)).toEqual({
      evidence: "done",
      vote: "done",
      "data-plane": "done",
      people: "done",
      systems: "done",
      names: "done",
      "names-sync": "done",
      edge: "done",
      verify: "done",
    });
    expect(south.recorded.filter(({ name }) => name === "FailoverSteps")).toHaveLength(7);
    expect(south.recorded).toContainEqual({
      name: "FailoverDuration",
      values: [0],
      dimensions: { kind: "failover" },
    });
  });

  test("is no news any more, anywhere, once a region has completed it", async () => {
    await drained();
    await run(south);
    world.replicate();
    for (const region of world.all) {
      region.told.length = 0;
    }
    await rounds(30);
    expect(world.all.flatMap(({ told }) => told)).toEqual([]);
    expect(await run(south)).toEqual({ ok: true, value: { type: "rested", why: "finished" } });
    const pending = south.recorded.filter(({ name }) => name === "PendingFailovers").at(-1);
    expect(pending?.values).toEqual([0]);
  });

  test("is run by two invocations at once as by one", async () => {
    await drained();
    const both = await Promise.all([run(south), run(south)]);
    const kinds = both.map((one) => (one.ok ? one.value.type : "failed"));
    expect(kinds).toContain("ran");
    expect(kinds.some((kind) => kind === "overtaken" || kind === "rested")).toBe(true);
    expect([outside.people.length, outside.planes.changes]).toEqual([1, 1]);
  });

  test("is run on after a write that met another one, with what was done, and waits that grow", async () => {
    await drained();
    const waits: number[] = [];
    const deps = { ...depsOf(south), delay: async (ms: number) => void waits.push(ms) };
    const operation = "TransactWriteItems Control";
    const tellPeople: typeof deps.announce.tellPeople = (said) => {
      south.items.failNext(operation, { type: "contended", operation }, { times: 3 });
      return deps.announce.tellPeople(said);
    };
    const ran = await createRun({ ...deps, announce: { ...deps.announce, tellPeople } })(
      task("failover"),
      () => 240_000,
    );
    expect(ran).toEqual({ ok: true, value: { type: "ran", outcome: "completed" } });
    expect([outside.people.length, outside.systems.length]).toEqual([1, 1]);
    expect(waits).toEqual([20, 40, 60]);
  });

  test("is given up for now when others write its records again and again", async () => {
    await drained();
    const operation = "TransactWriteItems Control";
    south.items.failNext(operation, { type: "contended", operation }, { times: 8 });
    expect(await run(south)).toEqual({ ok: false, error: { type: "contended", operation } });
    expect(await run(south)).toEqual({ ok: true, value: { type: "ran", outcome: "completed" } });
  });

  test("is pending while a control plane refuses, says what it saw, and is tried again later", async () => {
    await drained();
    outside.refusing.add("names");
    expect(await run(south)).toEqual({ ok: true, value: { type: "ran", outcome: "pending" } });
    const names = recordOf(south)?.steps.get("names");
    expect(names).toMatchObject({ state: "failed", note: "ThrottlingException: not now" });
    expect(outside.planes.order).toBe("alternate-first");
    expect(south.log.entries).toContainEqual(
      expect.objectContaining({ level: "warn", message: "failover is pending", failed: ["names"] }),
    );
    expect(await run(south)).toEqual({ ok: true, value: { type: "rested", why: "not-yet" } });
    outside.refusing.clear();
    south.told.length = 0;
    await rounds(4);
    expect(south.told).not.toEqual([]);
    expect(await run(south)).toEqual({ ok: true, value: { type: "ran", outcome: "completed" } });
    expect([outside.people.length, outside.planes.changes]).toEqual([1, 1]);
  });

  test("goes on where a run died, once its lease is over", async () => {
    await drained();
    const dying = depsOf(south);
    const dead = new Promise<never>(() => {});
    void createRun({ ...dying, announce: { ...dying.announce, tellSystems: () => dead } })(
      task("failover"),
      () => 240_000,
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(await run(south)).toEqual({ ok: true, value: { type: "rested", why: "held" } });
    await rounds(10);
    expect(await run(south)).toEqual({ ok: true, value: { type: "ran", outcome: "completed" } });
    expect([outside.people.length, outside.systems.length]).toEqual([1, 1]);
  });

  test("that a clock of the function's end cuts short is left for the next run", async () => {
    await drained();
    let calls = 0;
    const leftMs = () => {
      calls += 1;
      return calls > 3 ? 10_000 : 240_000;
    };
    const first = await createRun(depsOf(south))(task("failover"), leftMs);
    expect(first).toEqual({ ok: true, value: { type: "ran", outcome: "pending" } });
    expect(await run(south)).toEqual({ ok: true, value: { type: "ran", outcome: "completed" } });
    expect(outside.people).toHaveLength(1);
  });

  test("with a name that leads to a drained region is not verified", async () => {
    await drained();
    outside.outside.leads = "eu-west-1.shop.example";
    expect(await run(south)).toEqual({ ok: true, value: { type: "ran", outcome: "pending" } });
    expect(recordOf(south)?.steps.get("verify")?.note).toContain("failover leads to eu-west-1");
  });

  test("is run by none while it is drained itself, nor for a region that is not", async () => {
    await drained();
    expect(await run(eu)).toEqual({ ok: true, value: { type: "rested", why: "not-fit" } });
    expect(await run(south, "recovery")).toEqual({ ok: true, value: { type: "rested", why: "not-wanted" } });
  });
});

describe("the end of a drain", () => {
  test("is announced, and takes the control planes back", async () => {
    await drained();
    await run(south);
    world.replicate();
    await restored();
    expect(south.told.at(-1)).toMatchObject({ kind: "recovery", news: { type: "region-restored" } });
    expect(await run(south, "recovery")).toEqual({ ok: true, value: { type: "ran", outcome: "completed" } });
    expect(outside.planes).toMatchObject({
      pair: { primary: "us-east-1", secondary: "eu-west-1" },
      order: "nearest-first",
    });
    expect(outside.people.at(-1)?.subject).toBe("antipode test: eu-west-1 is open again");
    expect(recordOf(south, "recovery")?.steps.get("gates")?.note).toContain("after a hold of 120 s at least");
    world.replicate();
    expect(await run(world.region("us-east-1"), "recovery")).toMatchObject({
      value: { type: "rested", why: "not-wanted" },
    });
  });

  test("of which nobody has done anything is none to recover from", async () => {
    await drained();
    await restored();
    expect(await run(south, "recovery")).toMatchObject({ value: { type: "rested", why: "not-wanted" } });
  });

  test("is pending where the drain's run went by words that nobody who is there has, though nothing is told", async () => {
    await drained();
    await run(south);
    const own = south.items.dump("Control").filter(({ sk }) => sk.startsWith("FAILOVERS#"));
    south.items.load(
      "Control",
      own.map((item) => ({ ...item, "r#ap-east-1#1": 1_000_000 })),
    );
    world.replicate();
    await restored();
    expect(world.all.flatMap(({ told }) => told).filter(({ kind }) => kind === "recovery")).toEqual([]);
    const pending = world.all.map(
      ({ recorded }) => recorded.filter(({ name }) => name === "PendingFailovers").at(-1)?.values,
    );
    expect(pending).toEqual(world.all.map((one) => [one === south ? 1 : 0]));
  });

  test("that ends itself before its run is written down leaves the region to the drain's run", async () => {
    await drained();
    outside.refusing.add("systems"); // so that something is left to do
    await run(south);
    await restored();
    const dead = new Promise<never>(() => {});
    const deps = depsOf(south);
    let isFirst = true;
    const items: typeof south.items = {
      ...south.items,
      async transact(...write) {
        if (isFirst) {
          isFirst = false;
          await drained();
          const announce = { ...deps.announce, tellPeople: () => dead };
          void createRun({ ...deps, announce })(task("failover"), () => 240_000);
          await new Promise((resolve) => setImmediate(resolve));
        }
        return south.items.transact(...write);
      },
    };
    expect(await createRun({ ...deps, items })(task("recovery"), () => 240_000)).toEqual({
      ok: true,
      value: { type: "overtaken" },
    });
    expect(recordOf(south)?.steps.get("people")?.state).toBe("begun");
    expect(recordOf(south, "recovery")).toBeUndefined();
    expect(await run(south, "recovery")).toMatchObject({ value: { type: "rested" } });
  });

  test("while a run is under way, ends it", async () => {
    await drained();
    const deps = depsOf(south);
    const tellPeople: typeof deps.announce.tellPeople = async (said) => {
      const outcome = await deps.announce.tellPeople(said);
      await restored();
      return outcome;
    };
    const ended = await createRun({ ...deps, announce: { ...deps.announce, tellPeople } })(
      task("failover"),
      () => 240_000,
    );
    expect(ended).toEqual({ ok: true, value: { type: "ran", outcome: "left" } });
    expect([outside.systems.length, outside.planes.changes]).toEqual([0, 0]);
  });
});

describe("news", () => {
  const hear = (body: unknown) => createHearDrain(depsOf(south))(() => 240_000)(body);

  test("leads to a run, and any other message to nothing", async () => {
    await drained();
    await hear(south.told.at(-1)?.news);
    expect(recordOf(south)?.outcome).toBe("completed");
    for (const body of [{}, null, "x", { type: "region-drained", of: "mars", drainId: "x" }]) {
      await hear(body);
    }
    expect(south.log.entries.filter(({ level }) => level === "error")).toHaveLength(4);
  });

  test("fails where the store does, so that it comes again", async () => {
    await drained();
    south.items.failNext("Query Control", { type: "throttled", operation: "Query Control" });
    await expect(hear(south.told.at(-1)?.news)).rejects.toThrow("throttled");
  });

  test("that a topic does not take fails no round, and is sent again by the next one", async () => {
    world.mute.add("ap-south-1");
    await drained();
    expect(south.told).toEqual([]);
    expect(south.recorded).toContainEqual({
      name: "DrainNews",
      values: [1],
      dimensions: { outcome: "failed" },
    });
    world.mute.clear();
    await rounds(1);
    expect(south.told).toHaveLength(1);
  });
});
