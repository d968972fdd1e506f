import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Origin } from "../ids/origin.ts";
import { nextRound } from "./round.ts";
import type { defaultVoteSettings } from "./settings.ts";
import { playVotes } from "./testing/vote-play.ts";
import type { VoteRules } from "./testing/vote-region.ts";
import {
  anyAlarmRun,
  anyOtherCode,
  anySwap,
  forgetfulRuns,
  rules,
  unheardVoter,
} from "./testing/vote-runs.ts";
import { anyVoteRun, type VoteRun } from "./testing/vote-steps.ts";
import { type Heard, saidBy, type VoteView } from "./vote-view.ts";
import type { RegionVotes } from "./votes-item.ts";

vi.setConfig({ testTimeout: 600_000 }); // seconds, on a machine that is not busy

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
    ["a return without a ramp from where no rounds were made", "too soon", withSettings({ gapMaxMs: 1e12 })],
    ["a ramp without end", "long after it came back", withSettings({ rampMs: Number.MAX_SAFE_INTEGER })],
    ["a ramp after every round", "never out", withSettings({ gapMaxMs: 1_000 })],
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

  const ringing = ({ alarms }: VoteView) => alarms.filter(({ state }) => state === "alarm");
  const asLooks = (view: VoteView): VoteView => {
    const counted = ringing(view).filter(({ sinceMs }) => view.nowMs - sinceMs < view.settings.alarmMaxMs);
    const looks = [...view.observations].map(([target, seen]) => {
      const fails = counted.some(({ of }) => of === target);
      return [target, fails ? { ...seen, failures: 3, successes: 0 } : seen] as const;
    });
    return { ...view, observations: new Map(looks) };
  };

  test.each<[string, string, VoteRules]>([
    ["that counts as failed looks do, whoever is out", "is out", withView(asLooks)],
    ["that counts as failed looks do, whoever rings", "rings", withView(asLooks)],
    [
      "that counts while no other one rings, whoever is out",
      "is out",
      withView((view) => (new Set(ringing(view).map(({ of }) => of)).size === 1 ? asLooks(view) : view)),
    ],
    [
      "that counts while nobody is out, whoever rings",
      "rings",
      withView((view) => ({
        ...view,
        alarms: view.alarms.filter(({ of, state }) => state !== "alarm" || of === ringing(view)[0]?.of),
      })),
    ],
  ])("an alarm %s", (_name, says, broken) => {
    expectCaught(anyAlarmRun, says, broken);
  });

  test("a place that is free before Route 53 has seen it", () => {
    expectCaught(anySwap, "Route 53 sees", withSettings({ settleMs: -1 }));
  });

  test("a return of a region that takes old words, and none, for new ones", () => {
    const broken = withView((view) => {
      const newest = Math.max(...(saidBy(view, view.me)?.atMsByRound.keys() ?? []));
      const nothing = { counter: 1, touchedAtMs: 0, atMsByRound: new Map(), backlogMs: 0 };
      const known = view.configured.filter((by) => by !== view.me || view.heard.has(by));
      const heard = known.map((by): [Origin, Heard] => {
        const one = view.heard.get(by) ?? {
          type: "said",
          votes: { ...nothing, origin: by, heard: new Map(), standings: new Map() },
        };
        const votes = one.type === "said" && by !== view.me ? one.votes : undefined;
        const echoes = new Map([...(votes?.heard ?? []), [view.me, newest]]);
        return [by, votes === undefined ? one : { type: "said", votes: { ...votes, heard: echoes } }];
      });
      return { ...view, heard: new Map(heard) };
    });
    expect(playVotes(unheardVoter, broken, rules).fault ?? "nothing").toContain("too soon");
  });

  test.each(forgetfulRuns)("a vote by a region that has forgotten its own ones, run %#", (run) => {
    const broken = withView((view) => {
      const own = saidBy(view, view.me);
      const atMsByRound = new Map([[1, view.nowMs], ...(own?.atMsByRound ?? [])]);
      const others = [...view.heard].filter(([origin]) => origin !== view.me);
      const said = own === undefined ? [] : [[view.me, { type: "said", votes: { ...own, atMsByRound } }]];
      return { ...view, heard: new Map([...others, ...(said as [Origin, Heard][])]) };
    });
    expect(playVotes(run, broken, rules).fault).toContain("may be");
  });

  test("a region that stays out because it runs other code", () => {
    const broken = withHeard((one) => one.type === "not-understood");
    expectCaught(anyOtherCode, "not back", broken);
  });
});
