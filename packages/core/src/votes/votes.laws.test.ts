import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Origin } from "../ids/origin.ts";
import { observeRound } from "./observation.ts";
import { nextRamp } from "./ramp.ts";
import { nextRound } from "./round.ts";
import { defaultVoteSettings, drainsMax } from "./settings.ts";
import { isAnswered } from "./testing/route53.ts";
import { playVotes } from "./testing/vote-play.ts";
import type { VoteRules } from "./testing/vote-region.ts";
import { anyVoteRun, type VoteRun, type VoteStep } from "./testing/vote-steps.ts";
import { createVoteWorld } from "./testing/vote-world.ts";
import type { Heard, VoteView } from "./vote-view.ts";
import type { RegionVotes } from "./votes-item.ts";

vi.setConfig({ testTimeout: 3_600_000 }); // seconds; an hour for many schedules by hand on a busy machine

/** More by hand: `VOTE_SCHEDULES=5000 npx vitest run packages/core/src/votes/votes.laws.test.ts`. */
const schedules = Number(process.env["VOTE_SCHEDULES"] ?? 100);

const rules: VoteRules = {
  settings: { ...defaultVoteSettings, roundsKept: 8 },
  observe: observeRound,
  round: nextRound,
  isAnswered,
};

const anyOffsets = fc.array(fc.integer({ min: -300_000, max: 300_000 }), { minLength: 5, maxLength: 5 });

/** One region is to be drained while another one is out, and its turn comes when that one returns. */
const anySwap: fc.Arbitrary<VoteRun> = fc.record({
  regions: fc.constant(3),
  seed: fc.nat(),
  offsetsMs: anyOffsets,
  steps: fc.constant([
    { type: "wait", seconds: 60 },
    { type: "gray", at: 0, share: 100 },
    { type: "wait", seconds: 60 },
    { type: "command", at: 2, target: 1, action: "drain" },
    { type: "wait", seconds: 120 },
  ] as const),
});

/** A region with code for later rules, which the others do not understand, fails and is well again for long. */
const anyOtherCode: fc.Arbitrary<VoteRun> = fc.record({
  regions: fc.constantFrom(3, 4),
  seed: fc.nat(),
  offsetsMs: anyOffsets,
  steps: fc.constant([
    { type: "version", at: 0, version: "later-rules" },
    { type: "wait", seconds: 60 },
    { type: "gray", at: 0, share: 100 },
    { type: "wait", seconds: 100 },
    { type: "mend", at: 0 },
    { type: "wait", seconds: 1_200 },
  ] as const),
});

describe("any schedule of dead, gray, deaf and cut-off regions, alarms, commands, clocks and versions", () => {
  test("leaves enough regions open, does not flap, obeys operators, and ends with the well ones back", () => {
    const sum = { votedOut: 0, closed: 0, outInBound: 0, backInBound: 0, returned: 0, whole: 0 };
    fc.assert(
      fc.property(anyVoteRun, (run) => {
        const { fault, counts } = playVotes(run, rules);
        expect(fault).toBeUndefined();
        sum.votedOut += counts.votedOut;
        sum.closed += counts.closed;
        sum.outInBound += counts.outInBound;
        sum.backInBound += counts.backInBound;
        sum.returned += counts.returned;
        sum.whole += counts.whole;
      }),
      { numRuns: schedules },
    );
    // the schedules are no empty ones
    expect(sum.votedOut).toBeGreaterThan(schedules / 4);
    expect(sum.closed).toBeGreaterThan(schedules / 4);
    expect(sum.outInBound).toBeGreaterThan(0);
    expect(sum.backInBound).toBeGreaterThan(schedules);
    expect(sum.returned).toBeGreaterThan(schedules / 4);
    expect(sum.whole).toBeGreaterThan(schedules);
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

describe("judges catch", () => {
  const withSettings = (changed: Partial<typeof defaultVoteSettings>): VoteRules => ({
    ...rules,
    settings: { ...rules.settings, ...changed },
  });
  const withView = (change: (view: VoteView) => VoteView): VoteRules => ({
    ...rules,
    round: (view) => nextRound(change(view)),
  });
  const withHeard = (deafTo: (one: Heard, view: VoteView) => boolean) =>
    withView((view) => {
      const hears = [...view.heard].map(([by, one]): [Origin, Heard] => {
        const votes = one.type === "said" ? one.votes : undefined;
        const silent = { origin: by, counter: 1, touchedAtMs: 0, atMsByRound: new Map(), backlogMs: 0 };
        const unheard: RegionVotes = { ...silent, standings: new Map(), ...votes, heard: new Map() };
        return [by, by !== view.me && deafTo(one, view) ? { type: "said", votes: unheard } : one];
      });
      return { ...view, heard: new Map(hears) };
    });
  const without = (action: string) =>
    withView((view) => ({ ...view, commands: view.commands.filter((command) => command.action !== action) }));

  const wrong: readonly (readonly [string, string, VoteRules])[] = [
    ["a vote that ends as soon as its region is well", "stood", withSettings({ holdMs: 0 })],
    ["a hold that does not grow", "stood", withSettings({ holdMaxMs: rules.settings.holdMs })],
    ["a former vote forgotten at once", "stood", withSettings({ forgetMs: 0 })],
    ["votes against all others", "votes against", withSettings({ minActive: 1 })],
    ["a return without a ramp", "too soon", withSettings({ rampMs: -1 })],
    ["a ramp without end", "long after it came back", withSettings({ rampMs: Number.MAX_SAFE_INTEGER })],
    ["a ramp after every round", "never out", withSettings({ gapMaxMs: 1_000 })],
    [
      "a return that only who heard all votes knows of",
      "too soon",
      {
        ...rules,
        round: (view) => {
          const { ramp: _, ...votes } = nextRound(view);
          const ramp = nextRamp({ ...view, observations: new Map() }, votes.closing);
          return ramp === undefined ? votes : { ...votes, ramp };
        },
      },
    ],
    ["an alarm that counts for ever", "not back", withSettings({ alarmMaxMs: Number.MAX_SAFE_INTEGER })],
    ["a failure that only ten looks show", "not out", withSettings({ failuresToVote: 10 })],
    [
      "two regions' clocks compared",
      "not back",
      withHeard((one, view) => one.type === "said" && Math.abs(one.votes.touchedAtMs - view.nowMs) > 60_000),
    ],
    ["a restore that nobody heeds", "restored", without("restore")],
    ["a drain that nobody heeds", "an operator wants it", without("drain")],
    [
      "a region that closes without asking",
      "may be",
      {
        ...rules,
        round: (view) => {
          const votes = nextRound(view);
          const { closing } = votes;
          return closing?.phase === "asking" ? { ...votes, closing: { ...closing, phase: "closed" } } : votes;
        },
      },
    ],
    [
      "a drain by half of the others",
      "may be",
      {
        ...rules,
        isAnswered: (own, votes) =>
          own.healthy && votes.filter(({ healthy }) => healthy).length * 2 < votes.length,
      },
    ],
  ];

  function expectCaught(runs: fc.Arbitrary<VoteRun>, says: string, broken: VoteRules): void {
    const found = new Set<string>();
    for (const run of fc.sample(runs, { seed: 21, numRuns: 150 })) {
      const { fault } = playVotes(run, broken, rules);
      if (fault?.includes(says) === true) {
        return;
      }
      found.add(fault ?? "nothing");
    }
    expect.unreachable(`only found: ${[...found].slice(0, 5).join(" / ")}`);
  }

  test.each(wrong)("%s", (_name, says, broken) => {
    expectCaught(anyVoteRun, says, broken);
  });

  test("a place that is free before Route 53 has seen it", () => {
    expectCaught(anySwap, "Route 53 sees", withSettings({ settleMs: -1 }));
  });

  test("a region that stays out because it runs other code", () => {
    const broken = withHeard((one) => one.type === "not-understood");
    expectCaught(anyOtherCode, "not back", broken);
  });
});
