import { describe, expect, test } from "vitest";
import type { Origin } from "../ids/origin.ts";
import { origin } from "../testing/arbitraries.ts";
import { nextRound, planRound } from "./round.ts";
import { defaultVoteSettings as settings } from "./settings.ts";
import {
  ap,
  commandOf,
  eu,
  failing,
  four,
  heardFrom,
  hk,
  nowMs,
  standing,
  us,
  viewOf,
  votesOf,
  well,
} from "./testing/vote-data.ts";
import type { VoteView } from "./vote-view.ts";
import { type RegionVotes, votesToItem } from "./votes-item.ts";

function against({ standings }: RegionVotes): readonly Origin[] {
  return [...standings].filter(([, { voting }]) => voting).map(([target]) => target);
}

const seeing = (...pairs: readonly (readonly [Origin, typeof well])[]) => ({
  observations: new Map([...[eu, ap, hk].map((one) => [one, well] as const), ...pairs]),
});

/** us-east-1 votes against eu-west-1, and everything else is well. */
function voting(changed: Partial<VoteView> = {}, own = standing()): VoteView {
  const ownVotes = votesOf(us, { standings: new Map([[eu, own]]) });
  return viewOf({ heard: heardFrom(ownVotes, ...[eu, ap, hk].map((one) => votesOf(one))), ...changed });
}

describe("a vote begins", () => {
  test("after failures in a row that were seen lately", () => {
    expect(nextRound(viewOf(seeing([eu, failing]))).standings).toEqual(
      new Map([[eu, { voting: true, sinceMs: nowMs, epoch: 1, why: "probes" }]]),
    );
    expect(against(nextRound(viewOf(seeing([eu, { ...failing, failures: 2 }]))))).toEqual([]);
    const old = { ...failing, atMs: nowMs - settings.silenceMaxMs - 1 };
    expect(against(nextRound(viewOf(seeing([eu, old]))))).toEqual([]);
  });

  test("when an alarm says so, unless it is about a metric that nobody sent, or old", () => {
    const alarm = { of: eu, name: "Errors5xx", state: "alarm", changedAtMs: 1, sinceMs: nowMs } as const;
    expect(nextRound(viewOf({ alarms: [alarm] })).standings.get(eu)).toMatchObject({ why: "alarm" });
    expect(against(nextRound(viewOf({ alarms: [{ ...alarm, state: "missing" }] })))).toEqual([]);
    const old = { ...alarm, sinceMs: nowMs - settings.alarmMaxMs - 1 };
    expect(against(nextRound(viewOf({ alarms: [old] })))).toEqual([]);
    expect(against(nextRound(viewOf({ alarms: [alarm], observations: new Map() })))).toEqual([]);
  });

  test("against nobody while every other region fails; one that only rings answers", () => {
    expect(against(nextRound(viewOf(seeing([eu, failing], [ap, failing], [hk, failing]))))).toEqual([]);
    const alarms = [{ of: eu, name: "Errors5xx", state: "alarm", changedAtMs: 1, sinceMs: nowMs }] as const;
    expect(against(nextRound(viewOf({ alarms, ...seeing([ap, failing], [hk, failing]) })))).toEqual([ap, hk]);
  });

  test("against two of four at most: those first that others vote against, then in the order of the list", () => {
    const five = [...four, origin("us-west-2#1")];
    const all = seeing([eu, failing], [ap, failing], [hk, failing], [origin("us-west-2#1"), well]);
    const strict = { configured: five, settings: { ...settings, minActive: 3 } };
    expect(against(nextRound(viewOf({ ...all, ...strict })))).toEqual([eu, ap]);
    const heard = heardFrom(votesOf(us), votesOf(ap, { standings: new Map([[hk, standing()]]) }));
    expect(against(nextRound(viewOf({ ...all, ...strict, heard })))).toEqual([hk, eu]);
  });

  test.each<[string, Partial<RegionVotes>, Partial<RegionVotes>]>([
    [
      "others close",
      {},
      { closing: { command: commandOf(ap, "drain").stamp, phase: "asking", round: 1, sinceMs: 1 } },
    ],
    [
      "a vote has just ended",
      { standings: new Map([[ap, standing({ voting: false, why: "well", sinceMs: nowMs - 59_000 })]]) },
      {},
    ],
  ])("only where there is a place: none while %s", (_what, own, others) => {
    const view = viewOf({
      ...seeing([eu, failing]),
      settings: { ...settings, minActive: 3 },
      heard: heardFrom(votesOf(us, own), votesOf(ap, others)),
    });
    expect(against(nextRound(view))).toEqual([]);
  });

  test("not while another region with other code may be closed, as an operator wants it to be", () => {
    const others = new Map([[ap, { type: "not-understood" } as const]]);
    const view = viewOf({
      ...seeing([eu, failing]),
      settings: { ...settings, minActive: 3 },
      heard: new Map([...heardFrom(votesOf(us), votesOf(eu)), ...others]),
    });
    expect(against(nextRound(view))).toEqual([eu]);
    expect(against(nextRound({ ...view, commands: [commandOf(ap, "drain")] }))).toEqual([ap]);
  });

  test("a minute after the first round of code that cannot read what the region said before", () => {
    const first = viewOf({ ...seeing([eu, failing]), heard: new Map([[us, { type: "not-understood" }]]) });
    const { standings, atMsByRound } = nextRound(first);
    expect([...standings]).toEqual([]);
    const later = (ms: number) => {
      const heard = heardFrom(votesOf(us, { atMsByRound }));
      return against(nextRound({ ...first, heard, nowMs: nowMs + ms }));
    };
    expect(later(settings.settleMs)).toEqual([]);
    expect(later(settings.settleMs + 1)).toEqual([eu]);
    const fresh = { heard: new Map(), ownCounters: new Map() };
    expect(against(nextRound({ ...first, ...fresh }))).toEqual([eu]);
  });

  test("in no world of two regions", () => {
    const two = viewOf({
      configured: [us, eu],
      settings: { ...settings, minActive: 1 },
      ...seeing([eu, failing]),
      commands: [commandOf(eu, "drain")],
    });
    expect(nextRound(two).standings.size).toBe(0);
  });

  test("on an operator's word, with all well; and never against one that was restored", () => {
    const ordered = nextRound(viewOf({ commands: [commandOf(eu, "drain")] }));
    expect(ordered.standings.get(eu)).toMatchObject({ voting: true, why: "operator" });
    const restored = viewOf({ ...seeing([eu, failing]), commands: [commandOf(eu, "restore")] });
    expect(against(nextRound(restored))).toEqual([]);
  });

  test("soon after the last one as the next in a row, later as a first one", () => {
    const ended = (agoMs: number) =>
      standing({ voting: false, why: "well", epoch: 2, sinceMs: nowMs - agoMs });
    const next = (agoMs: number) => nextRound(voting(seeing([eu, failing]), ended(agoMs))).standings.get(eu);
    expect(next(settings.forgetMs)).toMatchObject({ voting: true, epoch: 3 });
    expect(next(settings.forgetMs + 1)).toMatchObject({ voting: true, epoch: 1 });
  });
});

describe("a vote ends", () => {
  const endOf = (view: VoteView) => nextRound(view).standings.get(eu);

  test("when its region is well, caught up, and it has stood long enough", () => {
    expect(endOf(voting())).toEqual({ voting: false, sinceMs: nowMs, epoch: 1, why: "well" });
    expect(endOf(voting({}, standing({ sinceMs: nowMs - 119_999 })))).toMatchObject({ voting: true });
    expect(endOf(voting({}, standing({ epoch: 2 })))).toMatchObject({ voting: true });
    const longest = standing({ epoch: 50, sinceMs: nowMs - settings.holdMaxMs });
    expect(endOf(voting({}, longest))).toMatchObject({ voting: false });
    expect(endOf(voting(seeing([eu, { ...well, successes: 5 }])))).toMatchObject({ voting: true });
    const alarms = [{ of: eu, name: "p99", state: "alarm", changedAtMs: 1, sinceMs: nowMs }] as const;
    expect(endOf(voting({ alarms }))).toMatchObject({ voting: true, epoch: 1 });
  });

  const said = (changed: Partial<RegionVotes>) => {
    const own = votesOf(us, { standings: new Map([[eu, standing()]]) });
    return voting({ heard: heardFrom(own, votesOf(eu, changed)) });
  };

  test("not while its region is behind", () => {
    expect(endOf(said({ backlogMs: settings.backlogMaxMs + 1 }))).toMatchObject({ voting: true });
    expect(endOf(said({ heard: new Map() }))).toMatchObject({ voting: true });
    expect(endOf(said({ heard: new Map([[us, 8]]) }))).toMatchObject({ voting: true }); // its time is not kept
    const late = said({});
    expect(endOf({ ...late, nowMs: nowMs + settings.echoMaxMs })).toMatchObject({ voting: true });
    expect(endOf(said({}))).toMatchObject({ voting: false });
  });

  test("by no other clock than its own", () => {
    expect(endOf(said({ touchedAtMs: 5, atMsByRound: new Map([[1, 5]]) }))).toMatchObject({ voting: false });
  });

  test("without an echo where its region runs other code, or none that votes", () => {
    const own = votesOf(us, { standings: new Map([[eu, standing()]]) });
    const other = new Map([...heardFrom(own), [eu, { type: "not-understood" } as const]]);
    expect(endOf(voting({ heard: other }))).toMatchObject({ voting: false });
    expect(endOf(voting({ heard: heardFrom(own) }))).toMatchObject({ voting: false });
  });

  test("in silence, when nobody has looked for long", () => {
    const old = { ...failing, atMs: nowMs - settings.silenceMaxMs - 1 };
    expect(endOf(voting(seeing([eu, old])))).toMatchObject({ voting: false, why: "silent" });
    expect(endOf(voting({ observations: new Map() }))).toMatchObject({ voting: false, why: "silent" });
  });

  test("at once on an operator's restore, and when the operator's drain it stood for is taken back", () => {
    const commands = [commandOf(eu, "restore")];
    const young = standing({ sinceMs: nowMs });
    expect(endOf(voting({ commands, ...seeing([eu, failing]) }, young))).toMatchObject({ why: "restored" });
    const ordered = standing({ sinceMs: nowMs, why: "operator" });
    expect(endOf(voting({}, ordered))).toMatchObject({ voting: false, why: "restored" });
    expect(endOf(voting({ commands: [commandOf(eu, "drain")] }))).toMatchObject({ voting: true });
  });

  test("with its region's place in the list", () => {
    expect(endOf(voting({ configured: [us, ap, hk] }))).toBeUndefined();
  });

  test("in time also when the clock was set back", () => {
    const ahead = voting({}, standing({ sinceMs: nowMs + 9e9 }));
    expect(endOf(ahead)).toMatchObject({ voting: true, sinceMs: nowMs });
  });
});

describe("a round", () => {
  test("says what was heard, and keeps the times of the newest rounds", () => {
    const few = { ...settings, roundsKept: 2 };
    const own = votesOf(us, {
      atMsByRound: new Map([
        [8, 1],
        [9, 2],
      ]),
    });
    const heard = new Map([
      ...heardFrom(own, votesOf(eu, { counter: 5 })),
      [ap, { type: "not-understood" } as const],
    ]);
    const round = nextRound(viewOf({ heard, settings: few, backlogMs: 7 }));
    expect(round).toMatchObject({ counter: 10, touchedAtMs: nowMs, backlogMs: 7 });
    expect(round.heard).toEqual(new Map([[eu, 5]]));
    expect(round.atMsByRound).toEqual(
      new Map([
        [9, 2],
        [10, nowMs],
      ]),
    );
  });

  test("is written if the item is still the one that was read", () => {
    const view = viewOf();
    expect(planRound(view)).toEqual({
      item: votesToItem(nextRound(view)),
      onlyIf: [{ type: "equals", attribute: "v", value: 9 }],
    });
    expect(planRound(viewOf({ ownCounters: new Map() })).onlyIf).toEqual([
      { type: "absent", attribute: "v" },
    ]);
  });
});
