import { describe, expect, test } from "vitest";
import { rampedAnswer } from "./health-answers.ts";
import { nextRamp } from "./ramp.ts";
import { defaultVoteSettings as settings } from "./settings.ts";
import {
  ap,
  commandOf,
  eu,
  failing,
  heardFrom,
  hk,
  nowMs,
  standing,
  us,
  viewOf,
  votesOf,
  well,
} from "./testing/vote-data.ts";
import type { Closing, RegionVotes } from "./votes-item.ts";

const closed: Closing = { command: commandOf(us, "drain").stamp, phase: "closed", round: 1, sinceMs: 1 };
const against = new Map([[us, standing()]]);

/** What us-east-1 sees, having said this, when these vote against it. */
const view = (own: Partial<RegionVotes>, voters: readonly string[] = []) =>
  viewOf({
    heard: heardFrom(
      votesOf(us, own),
      ...[eu, ap, hk].map((one) => votesOf(one, voters.includes(one) ? { standings: against } : {})),
    ),
  });

const out = { phase: "out", sinceMs: 7 } as const;
const back = { phase: "returning", sinceMs: nowMs - 1_000 } as const;

describe("a region", () => {
  test("that never was out is on no way back, nor is one in its first round", () => {
    expect(nextRamp(view({}), undefined)).toBeUndefined();
    expect(nextRamp(viewOf({ heard: new Map() }), undefined)).toBeUndefined();
  });

  test("is out while an operator has closed it, and while all others vote against it", () => {
    expect(nextRamp(view({}), closed)).toEqual({ phase: "out", sinceMs: nowMs });
    expect(nextRamp(view({ ramp: out }), closed)).toEqual(out);
    expect(nextRamp(view({ ramp: back }), closed)).toEqual({ phase: "out", sinceMs: nowMs });
    expect(nextRamp(view({}, [eu, ap, hk]), undefined)).toEqual({ phase: "out", sinceMs: nowMs });
    expect(nextRamp(view({}, [eu, ap]), undefined)).toBeUndefined();
  });

  test("is out when one votes against it and it cannot see the rest, but not for seeing nobody", () => {
    const sees = (one: typeof well) => new Map([ap, hk].map((other) => [other, one]));
    const unseen = { ...view({}, [eu]), observations: sees(failing) };
    expect(nextRamp(unseen, undefined)).toEqual({ phase: "out", sinceMs: nowMs });
    expect(nextRamp({ ...unseen, observations: sees(well) }, undefined)).toBeUndefined();
    const old = { ...well, atMs: nowMs - 30_001 }; // whoever sees nobody counts nothing
    expect(nextRamp({ ...unseen, observations: sees(old) }, undefined)).toMatchObject({ phase: "out" });
    expect(nextRamp({ ...unseen, observations: new Map() }, undefined)).toMatchObject({ phase: "out" });
    expect(nextRamp({ ...view({}), observations: sees(failing) }, undefined)).toBeUndefined();
    const two = { ...unseen, configured: [us, eu] };
    expect(nextRamp(two, undefined)).toBeUndefined(); // where one vote drains nobody
  });

  test("is out when one votes against it and the word of the rest is old, or cannot be read", () => {
    const heardBy = (round: number) => votesOf(ap, { heard: new Map([[us, round]]) });
    const own = votesOf(us, {
      atMsByRound: new Map([
        [1, nowMs - settings.echoMaxMs - 1],
        [9, nowMs],
      ]),
    });
    const seen = (rest: RegionVotes) =>
      viewOf({ configured: [us, eu, ap], heard: heardFrom(own, votesOf(eu, { standings: against }), rest) });
    expect(nextRamp(seen(heardBy(9)), undefined)).toBeUndefined();
    expect(nextRamp(seen(heardBy(1)), undefined)).toEqual({ phase: "out", sinceMs: nowMs });
    const heard = heardFrom(own, votesOf(eu, { standings: against }));
    expect(nextRamp({ ...seen(heardBy(9)), heard }, undefined)).toEqual({ phase: "out", sinceMs: nowMs });
  });

  test("returns for a while after it was out, and after a silence", () => {
    const returning = { phase: "returning", sinceMs: nowMs };
    expect(nextRamp(view({ ramp: out }), undefined)).toEqual(returning);
    expect(nextRamp(view({ ramp: out }), { ...closed, phase: "reopened" })).toEqual(returning);
    expect(nextRamp(view({ ramp: back }), undefined)).toEqual(back);
    const silent = view({ touchedAtMs: nowMs - settings.gapMaxMs - 1 });
    expect(nextRamp(silent, undefined)).toEqual(returning);
    expect(nextRamp(view({ touchedAtMs: nowMs - settings.gapMaxMs }), undefined)).toBeUndefined();
  });

  test.each([
    ["ends", nowMs - settings.rampMs - 1],
    ["ends though the clock was set back", nowMs + settings.rampMs + 1],
  ])("%s its return", (_how, sinceMs) => {
    expect(nextRamp(view({ ramp: { phase: "returning", sinceMs } }), undefined)).toBeUndefined();
  });
});

describe("all shoppers may come", () => {
  const statusOf = (own: Partial<RegionVotes> | undefined, at = nowMs) =>
    rampedAnswer(own === undefined ? undefined : votesOf(us, own), { nowMs: at, settings }).status;

  test("where nothing is known, and where nothing was wrong, however old that word is", () => {
    expect(statusOf(undefined)).toBe(200);
    expect(statusOf({})).toBe(200);
    expect(statusOf({}, nowMs + 99 * settings.silenceMaxMs)).toBe(200);
  });

  test("again once a return has lasted its time, also in a region that says nothing more", () => {
    expect(statusOf({ ramp: back })).toBe(404);
    expect(statusOf({ ramp: back }, back.sinceMs + settings.rampMs)).toBe(404);
    expect(statusOf({ ramp: back }, back.sinceMs + settings.rampMs + 1)).toBe(200);
  });

  test("not while the region is out, but for that word being too old, or an operator's", () => {
    expect(statusOf({ ramp: out })).toBe(404);
    expect(statusOf({ ramp: out }, nowMs + settings.silenceMaxMs)).toBe(404);
    expect(statusOf({ ramp: out }, nowMs + settings.silenceMaxMs + 1)).toBe(200);
    expect(statusOf({ ramp: out, closing: closed }, nowMs + settings.silenceMaxMs + 1)).toBe(404);
  });
});
