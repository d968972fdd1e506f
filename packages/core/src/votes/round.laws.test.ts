import fc from "fast-check";
import { expect, test } from "vitest";
import type { Origin } from "../ids/origin.ts";
import type { StoredItem } from "../items/item.ts";
import { type AlarmState, alarmsToItem } from "./alarms-item.ts";
import { commandToItem } from "./command-item.ts";
import { ordersInForce } from "./commands.ts";
import { observationsToItem } from "./observations-item.ts";
import { nextRound } from "./round.ts";
import { drainsMax, defaultVoteSettings as settings } from "./settings.ts";
import { commandOf, eu, failing, four, nowMs, us, votesOf, well } from "./testing/vote-data.ts";
import { readControlSight, type VoteView } from "./vote-view.ts";
import { type RegionVotes, type VoteReason, votesToItem } from "./votes-item.ts";

const anyOf = fc.constantFrom(...four);
const others = four.filter((one) => one !== us);
const anyAgoMs = fc.oneof(fc.nat({ max: 150_000 }), fc.nat({ max: 4_000_000 }));
const reasons: readonly VoteReason[] = ["probes", "alarm", "operator", "well", "restored", "silent"];

const anyStandings = fc.array(
  fc.record({
    of: anyOf,
    why: fc.constantFrom(...reasons),
    agoMs: anyAgoMs,
    epoch: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 3 },
);
const anyClosing = fc.option(
  fc.record({
    command: fc.constant(commandOf(us, "drain").stamp),
    phase: fc.constantFrom("asking" as const, "closed" as const, "reopened" as const),
    round: fc.integer({ min: 1, max: 9 }),
    sinceMs: anyAgoMs.map((agoMs) => nowMs - agoMs),
  }),
  { nil: undefined, freq: 4 },
);

const anyVotes = fc.tuple(anyStandings, anyClosing, fc.nat({ max: 20_000 })).map(
  ([standings, closing, backlogMs]): Partial<RegionVotes> => ({
    standings: new Map(
      standings.map(({ of, why, agoMs, epoch }) => {
        const voting = ["probes", "alarm", "operator"].includes(why);
        return [of, { voting, why, sinceMs: nowMs - agoMs, epoch }];
      }),
    ),
    backlogMs,
    ...(closing === undefined ? {} : { closing }),
  }),
);

const anyItems: fc.Arbitrary<readonly StoredItem[]> = fc
  .record({
    votes: fc.tuple(anyVotes, anyVotes, anyVotes, anyVotes),
    commands: fc.array(
      fc.record({ target: anyOf, isDrain: fc.boolean(), by: anyOf, agoMs: fc.nat({ max: 2_000_000 }) }),
      { maxLength: 4 },
    ),
    looks: fc.tuple(...others.map(() => fc.tuple(fc.boolean(), fc.nat({ max: 900_000 })))),
    alarms: fc.array(
      fc.record({ of: anyOf, state: fc.constantFrom<AlarmState>("alarm", "missing", "ok"), agoMs: anyAgoMs }),
      { maxLength: 2 },
    ),
  })
  .map(({ votes, commands, looks, alarms }) => [
    ...votes.map((one, at) => votesToItem(votesOf(four[at] ?? us, one))),
    ...commands.map(({ target, isDrain, by, agoMs }, number) =>
      commandToItem(
        commandOf(target, isDrain ? "drain" : "restore", { by, ms: nowMs - agoMs, number: number + 1 }),
      ),
    ),
    observationsToItem({
      origin: us,
      counter: 1,
      touchedAtMs: nowMs,
      observationByOrigin: new Map(
        looks.map(([isWell, agoMs], at) => [
          others[at] ?? us,
          { ...(isWell ? well : failing), atMs: nowMs - agoMs },
        ]),
      ),
    }),
    alarmsToItem({
      origin: us,
      counter: 1,
      touchedAtMs: nowMs,
      alarms: alarms.map(({ of, state, agoMs }, at) => ({
        of,
        name: `A${at}`,
        state,
        changedAtMs: nowMs - agoMs,
        sinceMs: nowMs - agoMs,
      })),
    }),
  ]);

function viewOfItems(items: readonly StoredItem[]): VoteView {
  return { ...readControlSight(us, items), me: us, configured: four, backlogMs: 0, nowMs, settings };
}

const targetsOf = ({ standings }: RegionVotes) =>
  [...standings].filter(([, { voting }]) => voting).map(([target]) => target);

test("a round is a function of what is in sight, however the items come", () => {
  fc.assert(
    fc.property(
      anyItems.chain((items) =>
        fc.tuple(fc.constant(items), fc.shuffledSubarray([...items], { minLength: items.length })),
      ),
      ([items, shuffled]) => {
        expect(votesToItem(nextRound(viewOfItems(shuffled)))).toEqual(
          votesToItem(nextRound(viewOfItems(items))),
        );
      },
    ),
    { numRuns: 1_000 },
  );
});

test("votes are never more than may be out, none is against who was restored, and none begins where all fail", () => {
  const seen = { began: 0, full: 0 };
  fc.assert(
    fc.property(anyItems, (items) => {
      const view = viewOfItems(items);
      const own = view.heard.get(us);
      const before = own?.type === "said" ? targetsOf(own.votes) : [];
      fc.pre(!before.includes(us));
      const next = nextRound(view);
      const after = targetsOf(next);
      const began = after.filter((target) => !before.includes(target));
      const most = drainsMax(four.length, settings);
      expect(began.length === 0 || after.length <= most).toBe(true);
      expect(after).not.toContain(us);
      const orders = ordersInForce(view.commands, nowMs, settings);
      expect(after.filter((target) => orders.get(target)?.type === "restore")).toEqual([]);
      const failsFresh = (target: Origin) => {
        const look = view.observations.get(target);
        return look !== undefined && look.failures > 0 && nowMs - look.atMs <= settings.silenceMaxMs;
      };
      const byTrouble = began.filter((target) => next.standings.get(target)?.why !== "operator");
      expect(byTrouble.length === 0 || !others.every(failsFresh)).toBe(true);
      seen.began += began.length > 0 ? 1 : 0;
      seen.full += after.length === most ? 1 : 0;
    }),
    { numRuns: 1_000 },
  );
  expect(seen.began).toBeGreaterThan(20);
  expect(seen.full).toBeGreaterThan(50);
});

const anySilent = fc.constantFrom([], [us], others, four);

test("no vote begins by an alarm while another region is out, about to be, or rings", () => {
  const seen = { began: 0, heldBack: 0 };
  fc.assert(
    fc.property(anyItems, anySilent, fc.boolean(), fc.boolean(), (items, silent, isWell, isFree) => {
      const all = viewOfItems(items);
      const view: VoteView = {
        ...all,
        heard: new Map([...all.heard].filter(([by]) => !silent.includes(by))),
        observations: isWell ? new Map(others.map((one) => [one, well])) : all.observations,
        ...(isFree
          ? { commands: [], alarms: [{ of: eu, name: "A", state: "alarm", changedAtMs: 1, sinceMs: nowMs }] }
          : {}),
      };
      const next = nextRound(view);
      const orders = ordersInForce(view.commands, nowMs, settings);
      const said = (by: Origin) => {
        const one = view.heard.get(by);
        return one?.type === "said" ? one.votes : undefined;
      };
      const isTroubled = (target: Origin, other: Origin): boolean => {
        const voters = four.filter((by) => by !== target && by !== us && by !== other);
        const own = next.standings.get(other);
        const look = view.observations.get(other);
        return (
          voters.some((by) => said(by)?.standings.get(other)?.voting === true) ||
          own?.voting === true ||
          (own !== undefined && nowMs - own.sinceMs <= settings.alarmMaxMs) ||
          (other === us ? next.closing : said(other)?.closing) !== undefined ||
          orders.get(other)?.type === "drain" ||
          (look !== undefined && look.failures > 0 && nowMs - look.atMs <= settings.silenceMaxMs) ||
          view.alarms.some(({ of, state }) => of === other && state === "alarm")
        );
      };
      const before = targetsOf(said(us) ?? next);
      const began = targetsOf(next).filter((target) => !before.includes(target));
      const byAlarm = began.filter((target) => next.standings.get(target)?.why === "alarm");
      for (const target of byAlarm) {
        expect(four.filter((other) => other !== target && isTroubled(target, other))).toEqual([]);
      }
      seen.began += byAlarm.length;
      seen.heldBack += byAlarm.length === 0 && view.alarms.length > 0 ? 1 : 0;
    }),
    { numRuns: 3_000 },
  );
  expect(seen.began).toBeGreaterThan(10);
  expect(seen.heldBack).toBeGreaterThan(100);
});

test("a second round at the same moment changes no vote", () => {
  fc.assert(
    fc.property(anyItems, (items) => {
      const first = nextRound(viewOfItems(items));
      const rest = items.filter(({ pk, sk }) => pk !== `REGION#${us}` || sk !== "VOTES");
      const second = nextRound(viewOfItems([...rest, votesToItem(first)]));
      expect(second.standings).toEqual(first.standings);
    }),
    { numRuns: 1_000 },
  );
});
