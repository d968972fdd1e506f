import fc from "fast-check";
import { expect, test } from "vitest";
import { drainedRegions } from "../votes/drained.ts";
import { defaultVoteSettings } from "../votes/settings.ts";
import { eu, us } from "../votes/testing/vote-data.ts";
import { failoverPair, originOrder } from "./desired.ts";
import { isSettled } from "./record.ts";
import { anyEvents, type FailoverStepEvent, playEvent, playQuiet } from "./testing/failover-steps.ts";
import {
  createFailoverWorld,
  type FailoverWorld,
  pairRegions,
  regionsOf,
  type WrongWrites,
} from "./testing/failover-world.ts";
import { wantedOf } from "./wanted.ts";

/** Longer than the last wait for another attempt, and than every other region's turn. */
const quietRounds = 110;

interface Schedule {
  readonly seed: number;
  readonly events: readonly FailoverStepEvent[];
}

function play({ seed, events }: Schedule, wrong?: WrongWrites): FailoverWorld {
  const world = createFailoverWorld(seed, wrong);
  playQuiet(world, 2); // by then all have heard of all
  for (const event of events) {
    playEvent(world, event);
  }
  return world;
}

function heal(world: FailoverWorld): void {
  world.cuts.clear();
  world.refusing.clear();
}

const drainsIn = (world: FailoverWorld) => drainedRegions(world.viewOf(us), defaultVoteSettings);

test("no step is done twice in an attempt, nor two at once in a region, nor when it is not wanted, whatever happens", () => {
  const seen = { actions: 0, failed: 0, left: 0, recoveries: 0, twoRegions: 0 };
  fc.assert(
    fc.property(anyEvents, (schedule) => {
      const world = play(schedule);
      expect(world.faults).toEqual([]);
      const records = world.records();
      seen.actions += world.actions.length;
      seen.left += records.filter(({ outcome }) => outcome === "left").length;
      seen.recoveries += world.actions.filter(({ record }) => record.kind === "recovery").length;
      seen.failed += records.filter(({ outcome }) => outcome === "pending").length;
      seen.twoRegions += new Set(world.actions.map(({ at }) => at)).size > 1 ? 1 : 0;
    }),
    { numRuns: 500 },
  );
  expect(seen.actions).toBeGreaterThan(1_000);
  for (const count of Object.values(seen)) {
    expect(count).toBeGreaterThan(3); // of any seed: the rarest is some 20 of 500
  }
});

test.each<[string, WrongWrites["writes"]]>([
  [
    "a claim does not look at the run of the other kind",
    (planned) => planned.filter(({ type }) => type === "put"),
  ],
  [
    "a claim does not look at its own record",
    (planned) => planned.map((write) => (write.type === "put" ? { ...write, onlyIf: [] } : write)),
  ],
])("is broken where %s", (_name, writes) => {
  const faults = fc
    .sample(anyEvents, { seed: 1, numRuns: 300 })
    .flatMap((schedule) => play(schedule, { writes }).faults);
  expect(faults.filter((fault) => fault.endsWith(": two at once")).length).toBeGreaterThan(3);
});

test("when all is quiet every drain and every end is completed, and the control planes say what they should", () => {
  const seen = { drained: 0, recovered: 0 };
  fc.assert(
    fc.property(anyEvents, fc.subarray([...regionsOf]), fc.boolean(), (schedule, lapsing, restored) => {
      const world = play(schedule);
      heal(world);
      for (const target of lapsing) {
        playEvent(world, { type: "lapse", target, rounds: 30 });
      }
      for (const target of restored ? regionsOf : []) {
        playEvent(world, { type: "restore", target, why: "operator" });
      }
      playQuiet(world, quietRounds);
      expect(world.faults).toEqual([]);
      const drains = drainsIn(world);
      for (const me of regionsOf) {
        const view = world.viewOf(me);
        for (const target of drains.keys()) {
          const wanted = wantedOf(view, { kind: "failover", target });
          const done = view.records.filter(
            ({ kind, target: of, drainId, outcome }) =>
              kind === "failover" && of === target && drainId === wanted?.drainId && outcome === "completed",
          );
          expect(done.length).toBeGreaterThan(0);
          seen.drained += 1;
        }
        for (const target of regionsOf.filter((one) => !drains.has(one))) {
          expect(wantedOf(view, { kind: "recovery", target })).toBeUndefined();
        }
      }
      if (world.actions.some(({ step }) => step === "names")) {
        const drained = regionsOf.filter((origin) => drains.has(origin));
        expect(world.planes.pair).toEqual(failoverPair(pairRegions, drained));
        expect(world.planes.order).toEqual(originOrder(drains, world.viewOf(us).commands));
        seen.recovered += drained.length === 0 ? 1 : 0;
      }
    }),
    { numRuns: 60 },
  );
  expect(seen.drained).toBeGreaterThan(20);
  expect(seen.recovered).toBeGreaterThan(3);
});

test("a control plane that refuses leaves the rest done and the run pending, however long", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.constantFrom("names" as const, "edge" as const, "people" as const),
      (seed, step) => {
        const world = createFailoverWorld(seed);
        playQuiet(world, 2);
        world.refusing.add(step);
        playEvent(world, { type: "drain", target: eu, why: "probes" });
        playQuiet(world, 60);
        const tried = world.actions.filter((one) => one.step === step);
        expect(tried.length).toBeGreaterThan(2);
        expect(tried.length).toBeLessThan(20); // it backs off
        const [first] = world.records().filter(({ attempt }) => attempt > 0);
        expect(first?.outcome).toBe("pending");
        const open = [...(first?.steps ?? [])].filter(([, { state }]) => !isSettled(state));
        expect(open.map(([name]) => name)).toEqual([step]);
        world.refusing.clear();
        playQuiet(world, quietRounds);
        expect(world.records().filter(({ outcome }) => outcome === "completed").length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 10 },
  );
});
