import { describe, expect, test } from "vitest";
import type { Origin } from "../ids/origin.ts";
import type { Alarm } from "./alarms-item.ts";
import { isVotedOut } from "./drained.ts";
import { nextRound, withheldVotes } from "./round.ts";
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

const ringOf = (of: Origin, sinceMs = nowMs): Alarm => ({
  of,
  name: "ApiErrors",
  state: "alarm",
  changedAtMs: sinceMs,
  sinceMs,
});

const secondMs = 1_000;
const hourMs = 3_600 * secondMs;

interface Ring {
  readonly of: Origin;
  readonly fromS: number;
  readonly untilS?: number;
  /** Who hears of it, and not of the others. */
  readonly heardBy?: readonly Origin[];
}

function alarmsOf(rings: readonly Ring[], me: Origin, atS: number): readonly Alarm[] {
  return rings
    .filter(({ fromS, heardBy = four }) => fromS <= atS && heardBy.includes(me))
    .map(({ of, fromS, untilS = Infinity }) => {
      const changedS = atS < untilS ? fromS : untilS;
      const ring = ringOf(of, nowMs + changedS * secondMs);
      return { ...ring, state: atS < untilS ? "alarm" : "ok" };
    });
}

/** Who is ever out within an hour or less, and how many at once at most; each makes a round every ten seconds and is heard at once. */
function play(rings: readonly Ring[], dead: readonly Origin[] = [], forMs = hourMs) {
  let said = new Map(four.map((by) => [by, votesOf(by)]));
  const out = new Set<Origin>();
  let most = 0;
  for (let atMs = 0; atMs <= forMs; atMs += settings.probeEveryMs) {
    const before = said;
    const rounds = four.map((me) => {
      const own = before.get(me) ?? votesOf(me);
      const look = (of: Origin) => ({ ...(dead.includes(of) ? failing : well), atMs: nowMs + atMs });
      const view: VoteView = {
        ...viewOf(),
        me,
        heard: heardFrom(...before.values()),
        observations: new Map(four.filter((of) => of !== me).map((of) => [of, look(of)])),
        alarms: alarmsOf(rings, me, atMs / secondMs),
        ownCounters: new Map([["VOTES", own.counter]]),
        nowMs: nowMs + atMs,
      };
      return [me, dead.includes(me) ? own : nextRound(view)] as const;
    });
    said = new Map(rounds);
    const heard = heardFrom(...said.values());
    const now = four.filter((of) => isVotedOut({ heard, configured: four }, of, settings));
    most = Math.max(most, now.length);
    now.map((of) => out.add(of));
  }
  return { out: [...out], most };
}

describe("of regions that ring", () => {
  test("one alone goes", () => {
    expect(play([{ of: eu, fromS: 0 }])).toEqual({ out: [eu], most: 1 });
  });

  test("with a common cause that shows in one after the other only the first goes", () => {
    const rings = [us, eu, ap, hk].map((of, at) => ({ of, fromS: at * 40 }));
    expect(play(rings)).toEqual({ out: [us], most: 1 });
  });

  test("with a common cause that shows in all at once nobody goes", () => {
    expect(play(four.map((of) => ({ of, fromS: 0 })))).toEqual({ out: [], most: 0 });
  });

  test("nobody goes when the first has rung for longer than its alarm counts", () => {
    const rings = [us, eu, ap].map((of, at) => ({ of, fromS: at * 1_200 }));
    expect(play(rings)).toEqual({ out: [us], most: 1 });
  });

  test("those that ring under the load of a slow one stay, also when that one is back", () => {
    const loaded = [
      { of: us, fromS: 120 },
      { of: ap, fromS: 300 },
    ];
    expect(play([{ of: eu, fromS: 0 }, ...loaded])).toEqual({ out: [eu], most: 1 });
    expect(play([{ of: eu, fromS: 0, untilS: 400 }, ...loaded])).toEqual({ out: [eu], most: 1 });
    expect(play([{ of: eu, fromS: 0, untilS: 400 }, ...loaded.slice(0, 1)])).toEqual({ out: [eu], most: 1 });
  });

  test("those that ring under the load of a dead one stay", () => {
    expect(play([{ of: us, fromS: 120 }], [eu])).toEqual({ out: [eu], most: 1 });
  });

  test("one that is dead goes, though all ring", () => {
    const rings = four.map((of) => ({ of, fromS: 0 }));
    expect(play(rings, [eu], 30 * secondMs)).toEqual({ out: [eu], most: 1 });
  });

  test("one goes again, and another one later, when the first has long been back", () => {
    const twice = [
      { of: eu, fromS: 0, untilS: 200 },
      { of: us, fromS: 1_800 },
    ];
    expect(play(twice)).toEqual({ out: [eu, us], most: 1 });
  });
});

describe("an alarm", () => {
  const begins = (changed: Partial<VoteView> = {}) => {
    const view = viewOf({ alarms: [ringOf(eu)], ...changed });
    return nextRound(view).standings.get(eu)?.voting === true;
  };
  const hearing = (...said: readonly Parameters<typeof votesOf>[]) => ({
    heard: heardFrom(...four.map((by) => votesOf(by)), ...said.map((one) => votesOf(...one))),
  });
  const against = (of: Origin, changed = {}) => ({ standings: new Map([[of, standing(changed)]]) });

  test("begins a vote where nobody else is in trouble, and follows one that another region has begun", () => {
    expect(begins()).toBe(true);
    expect(begins(hearing([ap, against(eu)], [hk, against(eu)]))).toBe(true);
  });

  test("begins none while another region rings, the voter itself too, until its end is heard", () => {
    for (const of of [us, ap, hk]) {
      expect(begins({ alarms: [ringOf(eu), ringOf(of)] })).toBe(false);
      expect(begins({ alarms: [ringOf(eu), ringOf(of, nowMs - settings.alarmKnownMs)] })).toBe(false);
      expect(begins({ alarms: [ringOf(eu), ringOf(of, nowMs - settings.alarmKnownMs - 1)] })).toBe(true);
      expect(begins({ alarms: [ringOf(eu), { ...ringOf(of), state: "ok" }] })).toBe(true);
      expect(begins({ alarms: [ringOf(eu), { ...ringOf(of), state: "missing" }] })).toBe(true);
    }
    expect(begins({ alarms: [ringOf(eu), { ...ringOf(eu), name: "ApiLatency" }] })).toBe(true);
  });

  test("begins none while another region is voted against, but by the one that rings", () => {
    expect(begins(hearing([hk, against(ap)]))).toBe(false);
    expect(begins(hearing([hk, against(us)]))).toBe(false);
    expect(begins(hearing([eu, against(ap)]))).toBe(true);
    expect(begins(hearing([hk, against(ap, { voting: false, why: "well" })]))).toBe(true);
  });

  test("begins none while another one's drain stands for this voter, or ended while the alarm may have risen", () => {
    const ended = (agoMs: number) => against(ap, { voting: false, why: "well", sinceMs: nowMs - agoMs });
    expect(begins(hearing([us, against(ap, { sinceMs: nowMs })]))).toBe(false);
    expect(begins(hearing([us, ended(settings.alarmMaxMs)]))).toBe(false);
    expect(begins(hearing([us, ended(settings.alarmMaxMs + 1)]))).toBe(true);
  });

  test("begins none while another region closes, or an operator wants that", () => {
    const command = commandOf(ap, "drain");
    const closing = { command: command.stamp, phase: "asking", round: 1, sinceMs: 1 } as const;
    expect(begins(hearing([ap, { closing }]))).toBe(false);
    expect(begins({ commands: [command] })).toBe(false);
    expect(begins({ commands: [commandOf(us, "drain")] })).toBe(false);
  });

  test("begins none while another region fails its looks", () => {
    const looks = new Map([eu, ap, hk].map((of) => [of, of === ap ? failing : well]));
    expect(begins({ observations: looks })).toBe(false);
    const twice = new Map([...looks, [ap, { ...failing, failures: 2 }]]);
    expect(begins({ observations: twice })).toBe(true);
  });

  test("that begins no vote says why: what another region shows", () => {
    const withheld = (changed: Partial<VoteView> = {}) => {
      const { by, why } = withheldVotes(viewOf({ alarms: [ringOf(eu)], ...changed })).get(eu) ?? {};
      return [by, why];
    };
    const command = commandOf(ap, "drain");
    const closing = { command: command.stamp, phase: "asking", round: 1, sinceMs: 1 } as const;
    const ended = against(ap, { voting: false, why: "well", sinceMs: nowMs - settings.settleMs - 1 });
    const looks = new Map([eu, ap, hk].map((of) => [of, of === ap ? failing : well]));
    expect(withheld()).toEqual([undefined, undefined]);
    expect(withheld({ alarms: [ringOf(eu), ringOf(us)] })).toEqual([us, "alarm"]);
    expect(withheld(hearing([hk, against(ap)]))).toEqual([ap, "voted-against"]);
    expect(withheld(hearing([us, ended]))).toEqual([ap, "came-back"]);
    expect(withheld(hearing([us, against(ap)]))).toEqual([ap, "out"]);
    expect(withheld(hearing([ap, { closing }]))).toEqual([ap, "out"]);
    expect(withheld({ commands: [command] })).toEqual([ap, "ordered-out"]);
    expect(withheld({ observations: looks })).toEqual([ap, "probes"]);
    expect(withheld(hearing([us, against(eu, { why: "alarm" })]))).toEqual([undefined, undefined]);
    expect(withheldVotes(viewOf({ alarms: [ringOf(us)] })).size).toBe(0);
  });

  test("of another region is in the way of no vote by looks or by an operator, and ends none", () => {
    const alarms = [ringOf(eu), ringOf(us)];
    expect(begins({ alarms, commands: [commandOf(eu, "drain")] })).toBe(true);
    const looks = new Map([eu, ap, hk].map((of) => [of, of === eu ? failing : well]));
    expect(begins({ alarms, observations: looks })).toBe(true);
    expect(begins({ alarms: four.map((of) => ringOf(of)), observations: looks })).toBe(true);
    const dark = new Map([eu, ap, hk].map((of) => [of, failing]));
    expect(begins({ alarms, observations: dark })).toBe(false);
    expect(begins({ alarms, ...hearing([us, against(eu, { why: "alarm" })]) })).toBe(true);
  });
});
