import {
  alarmsToItem,
  defaultVoteSettings,
  drainedRegions,
  type Origin,
  readControlSight,
} from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { createProbingRegions, type ProbingRegion } from "../testing/probing-regions.ts";
import { createProber } from "./create-prober.ts";
import { probeRound } from "./probe-round.ts";

const { probeEveryMs, failuresToVote, holdMs } = defaultVoteSettings;

let world: ReturnType<typeof createProbingRegions>;
let us: ProbingRegion;

beforeEach(() => {
  world = createProbingRegions();
  us = world.region("us-east-1");
});

/** One round of each of these regions, and whatever they say is everywhere. */
async function round(of: readonly ProbingRegion[] = world.all): Promise<void> {
  world.clock.advance(probeEveryMs);
  for (const { deps, items } of of) {
    expect(await probeRound(deps)).toMatchObject({ ok: true, value: { written: true } });
    const { origin } = items;
    const votes = items.dump("Control").find(({ pk, sk }) => pk === `REGION#${origin}` && sk === "VOTES");
    // as the region's own dispatcher would
    await items.update(
      "Control",
      { pk: `REGION#${origin}`, sk: "SEEN" },
      { set: { round: Number(votes?.["v"]) }, onlyIf: [] },
    );
  }
  world.replicate(of);
}

async function rounds(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    await round();
  }
}

/** Who is drained, as one region sees it. */
function drained({ items, deps }: ProbingRegion): readonly Origin[] {
  const { heard } = readControlSight(items.origin, items.dump("Control"));
  const configured: readonly Origin[] = deps.deployment.regions.map(({ origin }) => origin);
  return [...drainedRegions({ heard, configured }, defaultVoteSettings).keys()];
}

describe("rounds of looks", () => {
  test("drain nobody while all are well", async () => {
    await rounds(4);
    expect(world.all.map(drained)).toEqual([[], [], [], []]);
  });

  test("drain a region that all others see fail, once it has failed often enough, and say so", async () => {
    await rounds(2);
    world.sick.add("eu-west-1");
    await rounds(failuresToVote - 1);
    expect(drained(us)).toEqual([]);
    await rounds(2);
    expect(world.all.map(drained)).toEqual(world.all.map(() => ["eu-west-1#1"]));
    expect(us.log.entries).toContainEqual({
      level: "warn",
      message: "votes to drain a region",
      of: "eu-west-1#1",
      why: "probes",
      epoch: 1,
      reason: "status 503",
    });
    const recorded = us.recorded.filter(({ name }) => name === "DrainVote").at(-1);
    expect(recorded?.dimensions).toEqual({ of: "ap-east-1" });
    const votes = us.recorded.filter(
      ({ name, dimensions }) => name === "DrainVote" && dimensions["of"] === "eu-west-1",
    );
    expect(votes.at(-1)?.values).toEqual([1]);
    expect(us.recorded.filter(({ name }) => name === "RegionsDrained").at(-1)?.values).toEqual([1]);
  });

  test("take a region back that is well again, after its hold", async () => {
    world.sick.add("eu-west-1");
    await rounds(6);
    world.sick.clear();
    await rounds(holdMs / probeEveryMs - 4);
    expect(drained(us)).toEqual(["eu-west-1#1"]);
    await rounds(6);
    expect(drained(us)).toEqual([]);
  });

  test("keep a region out whose dispatcher is behind, however well it answers", async () => {
    world.sick.add("eu-west-1");
    await rounds(6);
    world.sick.clear();
    const eu = world.region("eu-west-1");
    const { update } = eu.items;
    const stuck: typeof update = (table, key, change) =>
      key.sk === "SEEN" ? update(table, { ...key, sk: "ELSEWHERE" }, change) : update(table, key, change);
    Object.assign(eu.items, { update: stuck });
    await rounds(2 * (holdMs / probeEveryMs));
    expect(drained(us)).toEqual(["eu-west-1#1"]);
    Object.assign(eu.items, { update });
    await rounds(4);
    expect(drained(us)).toEqual([]);
  });

  test("say once why an alarm begins no vote, and once that it does", async () => {
    const ring = (...of: readonly string[]) => {
      const alarms = of.map((one) => ({ of: one, name: "ApiErrors", state: "alarm" }) as const);
      const nowMs = world.clock.nowMs();
      const item = alarmsToItem({
        origin: us.items.origin,
        counter: 1,
        touchedAtMs: nowMs,
        alarms: alarms.map((alarm) => ({
          ...alarm,
          of: world.region(alarm.of).items.origin,
          changedAtMs: nowMs,
          sinceMs: nowMs,
        })),
      });
      us.items.load("Control", [item]);
    };
    const said = () =>
      us.log.entries
        .filter(({ message }) => message.includes("a vote by an alarm"))
        .map(({ level, message, target, cause }) => [level, message, target, cause]);
    await rounds(2);
    ring("eu-west-1", "ap-south-1");
    await rounds(4);
    const held = "withholds a vote by an alarm";
    const both = [
      ["warn", held, "eu-west-1#1", "ap-south-1#1 rings too"],
      ["warn", held, "ap-south-1#1", "eu-west-1#1 rings too"],
    ];
    expect(said()).toEqual(both);
    ring("eu-west-1");
    await rounds(3);
    const over = "no longer withholds a vote by an alarm";
    expect(said()).toEqual([
      ...both,
      ["info", over, "eu-west-1#1", undefined],
      ["info", over, "ap-south-1#1", undefined],
    ]);
    expect(us.log.entries).toContainEqual(
      expect.objectContaining({ message: "votes to drain a region", of: "eu-west-1#1", why: "alarm" }),
    );
  });

  test("are made once when two instances make one", async () => {
    await round();
    const both = await Promise.all([probeRound(us.deps), probeRound(us.deps)]);
    expect(both.map((one) => one.ok && one.value.written).sort()).toEqual([false, true]);
  });

  test("pass over what another version wrote, and say which", async () => {
    us.items.load("Control", [{ pk: "REGION#eu-west-1#1", sk: "VOTES", v: 7, rules: 2, touchedAt: 1 }]);
    expect(await probeRound(us.deps)).toMatchObject({ ok: true });
    expect(us.log.entries).toContainEqual(
      expect.objectContaining({
        level: "info",
        message: "an item of Control is passed over",
        attribute: "rules",
      }),
    );
  });
});

describe("a minute of the prober", () => {
  const prober = (timeLeftMs: () => number) =>
    createProber({ ...us.deps, delay: async (ms) => world.clock.advance(ms) })(timeLeftMs);

  test("is six rounds, ten seconds apart", async () => {
    const startedMs = world.clock.nowMs();
    expect(await prober(() => 59_000 - (world.clock.nowMs() - startedMs))).toEqual({ rounds: 6, failed: 0 });
    expect(world.clock.nowMs() - startedMs).toBe(50_000);
    expect(us.recorded.filter(({ name }) => name === "ProbeLatency")).toHaveLength(6 * 3);
  });

  test("ends before its time does", async () => {
    const startedMs = world.clock.nowMs();
    expect(await prober(() => 30_000 - (world.clock.nowMs() - startedMs))).toEqual({ rounds: 3, failed: 0 });
  });

  test("goes on after a round that could not be written, and fails when none could", async () => {
    const failure = { type: "throttled", operation: "Query Control" } as const;
    us.items.failNext("Query Control", failure);
    expect(await prober(() => 60_000)).toEqual({ rounds: 6, failed: 1 });
    expect(us.log.entries).toContainEqual({
      level: "error",
      message: "a round of looks is lost",
      cause: failure,
    });
    us.items.failNext("Query Control", failure, { times: 100 });
    await expect(prober(() => 60_000)).rejects.toThrow("no round of looks could be written");
  });
});
