import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { drainsMax } from "./settings.ts";
import { createAlarmJudge } from "./testing/alarm-judge.ts";
import { playVotes } from "./testing/vote-play.ts";
import {
  anyAlarmRun,
  anyAlarmsOnly,
  anyOffsets,
  anyOtherCode,
  anySwap,
  forgetfulRuns,
  rules,
  unheardVoter,
} from "./testing/vote-runs.ts";
import { anyVoteRun, type VoteStep } from "./testing/vote-steps.ts";
import { createVoteWorld } from "./testing/vote-world.ts";

vi.setConfig({ testTimeout: 3_600_000 }); // seconds; an hour for many schedules by hand on a busy machine

/** More by hand, and others: `VOTE_SCHEDULES=5000 VOTE_SEED=7 npx vitest run packages/core/src/votes/votes.laws.test.ts`. */
const schedules = Number(process.env["VOTE_SCHEDULES"] ?? 100);
const seed = Number(process.env["VOTE_SEED"] ?? 1);

describe("any schedule of dead, gray, deaf and cut-off regions, alarms, commands, clocks and versions", () => {
  test("leaves enough regions open, does not flap, obeys operators, and ends with the well ones back", () => {
    const sum = {
      votedOut: 0,
      closed: 0,
      outInBound: 0,
      backInBound: 0,
      returned: 0,
      woken: 0,
      whole: 0,
      wholeAgain: 0,
    };
    fc.assert(
      fc.property(anyVoteRun, (run) => {
        const { fault, counts } = playVotes(run, rules);
        expect(fault).toBeUndefined();
        sum.votedOut += counts.votedOut;
        sum.closed += counts.closed;
        sum.outInBound += counts.outInBound;
        sum.backInBound += counts.backInBound;
        sum.returned += counts.returned;
        sum.woken += counts.woken;
        sum.whole += counts.whole;
        sum.wholeAgain += counts.wholeAgain;
      }),
      { numRuns: schedules, seed },
    );
    // the schedules are no empty ones
    expect(sum.votedOut).toBeGreaterThan(schedules / 4);
    expect(sum.closed).toBeGreaterThan(schedules / 4);
    expect(sum.outInBound).toBeGreaterThan(0);
    expect(sum.backInBound).toBeGreaterThan(schedules);
    expect(sum.returned).toBeGreaterThan(schedules / 4);
    expect(sum.woken).toBeGreaterThan(schedules / 25);
    expect(sum.whole).toBeGreaterThan(schedules);
    expect(sum.wholeAgain).toBeGreaterThan(schedules / 2);
  });

  test.each(
    [3, 4, 5].flatMap((regions) => ["kill", "deafen", "gray"].map((fault) => [fault, regions] as const)),
  )(
    "one fault, %s, of %i regions: out within its bound, back within its own, by a share first",
    (fault, regions) => {
      const anyLoneFault = fc.record({
        seed: fc.nat(),
        at: fc.nat({ max: regions - 1 }),
        offsetsMs: anyOffsets,
      });
      fc.assert(
        fc.property(anyLoneFault, ({ seed, at, offsetsMs }) => {
          const broken = (
            fault === "gray" ? { type: fault, at, share: 100 } : { type: fault, at }
          ) as VoteStep;
          const steps: readonly VoteStep[] = [
            { type: "wait", seconds: 60 },
            broken,
            { type: "wait", seconds: 100 },
          ];
          const played = playVotes({ regions, seed, offsetsMs, steps }, rules);
          expect(played.fault).toBeUndefined();
          expect(played.counts.outInBound).toBeGreaterThan(0);
          expect(played.counts.backInBound).toBeGreaterThan(0);
          expect(played.counts.returned).toBe(1);
        }),
        { numRuns: 8 },
      );
    },
  );
});

test("one region goes only when another one has surely come back", () => {
  fc.assert(
    fc.property(anySwap, (run) => {
      const { fault, counts } = playVotes(run, rules);
      expect(fault).toBeUndefined();
      expect(counts).toMatchObject({ votedOut: 2, closed: 1 }); // the one by looks, the other by command
    }),
    { numRuns: 30 },
  );
});

test("an operator's drain is obeyed though another region is dead, whatever that one said last", () => {
  const seconds = (max: number) => fc.integer({ min: 0, max });
  const anyDeath = fc.record({
    regions: fc.constantFrom(4, 5),
    seed: fc.nat(),
    offsetsMs: anyOffsets,
    voted: fc.constantFrom(1, 2),
    waits: fc.tuple(seconds(90), seconds(90), seconds(200)),
  });
  const [dead, by, target] = [0, 2, 3];
  fc.assert(
    fc.property(anyDeath, ({ voted, waits: [outFor, backFor, deadFor], ...run }) => {
      const world = createVoteWorld(run, rules);
      const wait = (seconds: number) => world.play({ type: "wait", seconds });
      wait(60);
      world.play({ type: "command", at: by, target: voted, action: "drain" });
      wait(outFor);
      world.play({ type: "command", at: by, target: voted, action: "restore" });
      wait(backFor);
      world.play({ type: "kill", at: dead });
      wait(deadFor);
      world.play({ type: "command", at: by, target, action: "drain" });
      // until the others' own votes of before are surely over, then its question and their answers
      wait(rules.settings.settleMs / 1_000 + 60);
      expect(world.region(target).votes()?.closing?.phase).toBe("closed");
    }),
    { numRuns: 40 },
  );
});

test.each(forgetfulRuns)(
  "a region that cannot read its own votes begins none that adds to them, run %#",
  (run) => {
    expect(playVotes(run, rules).fault).toBeUndefined();
  },
);

test("a region that has not heard all votes against it is led a share first too", () => {
  const { fault, counts } = playVotes(unheardVoter, rules);
  expect(fault).toBeUndefined();
  expect(counts.returned).toBeGreaterThan(0);
});

test("a region whose code is of another version goes and comes back by the others' looks", () => {
  fc.assert(
    fc.property(anyOtherCode, (run) => {
      const { fault, counts } = playVotes(run, rules);
      expect(fault).toBeUndefined();
      expect(counts.votedOut).toBe(1);
      expect(counts.backInBound).toBeGreaterThan(0);
    }),
    { numRuns: 10 },
  );
});

test("a split drains who is alone where each of the others still sees another one, and nobody else", () => {
  const anySplit = fc.record({
    regions: fc.constantFrom(3, 4, 5),
    seed: fc.nat(),
    offsetsMs: anyOffsets,
    sides: fc.array(fc.nat({ max: 3 }), { minLength: 5, maxLength: 5 }),
  });
  let drained = 0;
  fc.assert(
    fc.property(anySplit, ({ sides: allSides, ...run }) => {
      const world = createVoteWorld(run, rules);
      const sides = allSides.slice(0, run.regions);
      world.play({ type: "wait", seconds: 60 });
      for (const side of new Set(sides)) {
        const mask = sides.reduce((bits, one, at) => bits + (one === side ? 2 ** at : 0), 0);
        world.play({ type: "split", mask });
      }
      world.play({ type: "wait", seconds: 300 });
      const isAlone = (at: number) => sides.filter((side) => side === sides[at]).length === 1;
      const alone = world.places.filter(isAlone);
      const expected = alone.length === 1 ? alone : [];
      expect(world.places.filter((at) => world.routing(at).drained)).toEqual(expected);
      expect(expected.length).toBeLessThanOrEqual(drainsMax(run.regions, rules.settings));
      drained += expected.length;
    }),
    { numRuns: 60 },
  );
  expect(drained).toBeGreaterThan(3);
});

describe("alarms", () => {
  test("of whichever regions, in whatever order, take out one of them at a time", () => {
    let out = 0;
    fc.assert(
      fc.property(anyAlarmsOnly, (run) => {
        const world = createVoteWorld(run, rules);
        world.observe({
          glance() {
            const routing = world.places.map((at) => world.routing(at));
            const drained = routing.filter(({ votedOut, drainedNow }) => votedOut || drainedNow);
            expect(drained.length).toBeLessThanOrEqual(1);
            out += drained.length;
          },
        });
        for (const step of run.steps) {
          world.play(step);
        }
      }),
      { numRuns: 100 },
    );
    expect(out).toBeGreaterThan(100);
  });

  test("take nobody out while another region is out, or rings", () => {
    let out = 0;
    fc.assert(
      fc.property(anyAlarmRun, (run) => {
        const world = createVoteWorld(run, rules);
        const judge = createAlarmJudge(world, rules.settings);
        world.observe({
          round(at) {
            expect(judge.round(at)).toEqual([]);
            out += world.routing(at).votedOut ? 1 : 0;
          },
        });
        for (const step of run.steps) {
          world.play(step);
        }
      }),
      { numRuns: 100 },
    );
    expect(out).toBeGreaterThan(100);
  });

  test("of one region alone take it out, however the clocks are set", () => {
    const anyLone = fc.record({
      regions: fc.constantFrom(3, 4, 5),
      seed: fc.nat(),
      offsetsMs: anyOffsets,
      at: fc.nat({ max: 2 }),
    });
    fc.assert(
      fc.property(anyLone, ({ at, ...run }) => {
        const world = createVoteWorld(run, rules);
        world.play({ type: "wait", seconds: 60 });
        world.play({ type: "alarm", at, state: "alarm" });
        world.play({ type: "wait", seconds: 60 });
        expect(world.places.filter((one) => world.routing(one).votedOut)).toEqual([at]);
      }),
      { numRuns: 30 },
    );
  });
});
