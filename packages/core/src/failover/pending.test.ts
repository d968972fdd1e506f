import { describe, expect, test } from "vitest";
import type { Origin } from "../ids/origin.ts";
import { origin } from "../testing/arbitraries.ts";
import { ap, eu, hk, standing, us, votesOf } from "../votes/testing/vote-data.ts";
import type { FailoverView } from "./sight.ts";
import { playEvent, playQuiet } from "./testing/failover-steps.ts";
import { createFailoverWorld } from "./testing/failover-world.ts";
import { isPending, wantedOf } from "./wanted.ts";

const failover = { kind: "failover", target: eu } as const;
const recovery = { kind: "recovery", target: eu } as const;

/** A world in which eu-west-1 was drained by votes, which ap-south-1 has completed what is to be done about. */
function drainedWorld() {
  const world = createFailoverWorld(1);
  playQuiet(world, 2);
  playEvent(world, { type: "drain", target: eu, why: "probes" });
  playQuiet(world, 40);
  return world;
}

/** The drain ends, as every region has heard, and nobody has begun anything about that. */
function endedWorld() {
  const world = drainedWorld();
  for (const voter of [us, ap, hk]) {
    world.vote(voter, eu, false, "well");
    world.round(voter);
  }
  for (const from of [us, eu, ap, hk]) {
    for (const to of [us, eu, ap, hk]) {
      world.replicate(from, to);
    }
  }
  return world;
}

/** What a region sees where another list is deployed: configured regions' partitions are read, and no others. */
function asConfigured(view: FailoverView, configured: readonly Origin[]): FailoverView {
  const of = <T>(map: ReadonlyMap<Origin, T>) =>
    new Map([...map].filter(([one]) => configured.includes(one)));
  return {
    ...view,
    configured,
    heard: of(view.heard),
    rounds: of(view.rounds),
    records: view.records.filter((record) => configured.includes(record.origin)),
  };
}

describe("the end of a drain", () => {
  test("is recovered though a region whose words it went by has left the list, or has another incarnation", () => {
    const world = endedWorld();
    const records = world
      .records()
      .filter(({ kind, outcome }) => kind === "failover" && outcome === "completed");
    expect(records.map(({ origin: by }) => by)).toEqual([ap]);
    expect(records.at(0)?.rounds.has(hk)).toBe(true);
    for (const configured of [
      [us, eu, ap],
      [us, eu, ap, origin("ap-east-1#2")],
    ]) {
      const seen = [us, ap].map((me) => asConfigured(world.viewOf(me), configured));
      const drainId = records.at(0)?.drainId;
      expect(seen.map((view) => wantedOf(view, recovery)?.drainId)).toEqual([drainId, drainId]);
    }
  });

  test("is pending until a region has completed what is to be done, also where too little of it is in sight", () => {
    const world = endedWorld();
    const view = world.viewOf(us);
    expect(isPending(view, recovery)).toBe(true);
    expect(isPending(view, failover)).toBe(false);
    const less = { ...view, rounds: new Map(view.rounds).set(hk, 1) };
    expect(wantedOf(less, recovery)).toBeUndefined();
    expect(isPending(less, recovery)).toBe(true);
    playQuiet(world, 40);
    const done = world.viewOf(us);
    expect(isPending(done, recovery)).toBe(false);
    expect(isPending({ ...done, rounds: new Map() }, recovery)).toBe(false);
  });
});

test("a drain is pending until a region has completed what is to be done, also where it has no name yet", () => {
  const view = drainedWorld().viewOf(us);
  expect(isPending(view, failover)).toBe(false);
  expect(isPending(view, recovery)).toBe(false);
  expect(isPending({ ...view, records: [] }, failover)).toBe(true);
  const nameless = votesOf(hk, { standings: new Map([[eu, standing({ why: "operator" })]]) });
  const seen = { ...view, heard: new Map(view.heard).set(hk, { type: "said", votes: nameless } as const) };
  expect(wantedOf(seen, failover)).toBeUndefined();
  expect(isPending(seen, failover)).toBe(true);
});
