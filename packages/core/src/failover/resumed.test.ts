import { describe, expect, test } from "vitest";
import { type Origin, originRegion } from "../ids/origin.ts";
import { eu, us } from "../votes/testing/vote-data.ts";
import { failoverPair } from "./desired.ts";
import { timesResumed } from "./resumed.ts";
import { forget, playEvent, playQuiet, resume } from "./testing/failover-steps.ts";
import { createFailoverWorld, type FailoverWorld, pairRegions, regionsOf } from "./testing/failover-world.ts";
import { wantedOf } from "./wanted.ts";

/** All that a failover or a recovery takes, and that others wait for their turn. */
const rounds = 40;

const [, , south = us] = regionsOf;

function drained(): FailoverWorld {
  const world = createFailoverWorld(1);
  playQuiet(world, 2);
  playEvent(world, { type: "drain", target: eu, why: "operator" });
  playQuiet(world, rounds);
  return world;
}

const told = (world: FailoverWorld) =>
  world.actions
    .filter(({ step }) => step === "people")
    .map(({ record }) => `${record.kind} ${record.drainId}`);

const pairPast = (...out: readonly Origin[]) => failoverPair(pairRegions, out);

describe("an operator's drain that ended, and stands again for the same command", () => {
  const command = "operator 000000010020001-00000-us-east-1#1";

  test("is another one: people are told, the control planes follow, and its end is another end", () => {
    const world = drained();
    expect(world.planes.pair).toEqual(pairPast(eu));
    forget(world, eu);
    playQuiet(world, rounds);
    expect(world.planes.pair).toEqual(pairPast());
    resume(world, eu);
    playQuiet(world, rounds);
    expect(world.planes.pair).toEqual(pairPast(eu));
    playEvent(world, { type: "restore", target: eu, why: "operator" });
    playQuiet(world, rounds);
    expect(world.planes.pair).toEqual(pairPast());
    expect(told(world)).toEqual([
      `failover ${command}`,
      `recovery ${command}`,
      `failover ${command} resumed 1`,
      `recovery ${command} resumed 1`,
    ]);
  });

  test("holds up the end of no other one", () => {
    const world = drained();
    forget(world, eu);
    playQuiet(world, rounds);
    playEvent(world, { type: "drain", target: south, why: "probes" });
    playQuiet(world, rounds);
    resume(world, eu);
    playEvent(world, { type: "restore", target: south, why: "probes" });
    playQuiet(world, rounds);
    for (const me of regionsOf) {
      expect(wantedOf(world.viewOf(me), { kind: "recovery", target: south })).toBeUndefined();
    }
    expect(world.planes.pair).toEqual(pairPast(eu));
  });

  test("is the same one where nobody outside has noticed that it ended", () => {
    const world = drained();
    forget(world, eu);
    playEvent(world, { type: "rounds", of: regionsOf, copies: 1 });
    while (world.actions.at(-1)?.record.kind !== "recovery") {
      playEvent(world, { type: "moves", picks: [0] });
    }
    expect(world.actions.at(-1)).toMatchObject({ step: "data-plane", record: { kind: "recovery" } });
    resume(world, eu);
    playQuiet(world, rounds);
    expect(told(world)).toEqual([`failover ${command}`]);
  });

  test("is another one too where its end was not completed", () => {
    const world = drained();
    world.refusing.add("edge");
    forget(world, eu);
    playQuiet(world, rounds);
    world.refusing.clear();
    resume(world, eu);
    playQuiet(world, rounds);
    expect(told(world).at(-1)).toBe(`failover ${command} resumed 1`);
    expect(world.planes.pair).toEqual(pairPast(eu));
  });
});

describe("who is cut off from those whose word a drain rests on", () => {
  const told = (world: FailoverWorld) =>
    world.actions.filter(({ step }) => step === "people").map(({ record }) => record.kind);
  const attempted = (world: FailoverWorld, me: Origin) =>
    world
      .viewOf(me)
      .records.filter(({ attempt }) => attempt > 0)
      .map(({ kind }) => kind);

  test("does not take up again what the others have ended", () => {
    const world = drained();
    world.cuts.add(`${us}>${south}`);
    world.forget(us, eu);
    world.refusing.add("edge"); // so that another one than us tries too, whose records are in sight
    playQuiet(world, 3 * rounds);
    world.refusing.clear();
    playQuiet(world, 3 * rounds);
    expect(attempted(world, south)).toContain("recovery");
    expect(told(world).filter((kind) => kind === "failover")).toHaveLength(1);
    expect(world.planes.pair).toEqual(pairPast());
  });

  test("does not end what the others have begun", () => {
    const world = createFailoverWorld(1);
    playQuiet(world, 2);
    world.cuts.add(`${us}>${south}`);
    playEvent(world, { type: "drain", target: eu, why: "operator" });
    playQuiet(world, 3 * rounds);
    expect(attempted(world, south)).toContain("failover");
    expect(told(world)).not.toContain("recovery");
    expect(world.planes.pair).toEqual(pairPast(eu));
  });
});

test("a name says which time it is", () => {
  expect(timesResumed("operator 000000010020001-00000-us-east-1#1")).toBe(0);
  expect(timesResumed("operator 000000010020001-00000-us-east-1#1 resumed 12")).toBe(12);
  expect(timesResumed(`votes ${originRegion(us)} resumed -1`)).toBe(0);
});
