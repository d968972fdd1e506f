import { describe, expect, test } from "vitest";
import { nextClosing } from "./closing.ts";
import { ordersInForce, planCommand } from "./commands.ts";
import { nextRound } from "./round.ts";
import { defaultVoteSettings as settings } from "./settings.ts";
import {
  ap,
  commandOf,
  eu,
  four,
  heardFrom,
  hk,
  nowMs,
  standing,
  us,
  viewOf,
  votesOf,
} from "./testing/vote-data.ts";
import type { VoteView } from "./vote-view.ts";
import type { Closing, RegionVotes } from "./votes-item.ts";

const drain = commandOf(us, "drain");
const asking: Closing = { command: drain.stamp, phase: "asking", round: 9, sinceMs: nowMs - 20_000 };

function closingOf(view: VoteView, round = 10) {
  return nextClosing(view, ordersInForce(view.commands, view.nowMs, view.settings), round);
}

/** us-east-1 asks, and what the others say. */
function asked(others: readonly RegionVotes[], changed: Partial<VoteView> = {}): VoteView {
  const heard = heardFrom(votesOf(us, { closing: asking }), ...others);
  return viewOf({ commands: [drain], heard, ...changed });
}

describe("orders", () => {
  const inForce = (commands: VoteView["commands"], atMs = nowMs) =>
    [...ordersInForce(commands, atMs, settings)].map(([target, { type }]) => [target, type]);

  test("are the greatest stamp's, however the commands are read", () => {
    const both = [commandOf(us, "drain", { by: eu }), commandOf(us, "restore", { by: hk })];
    expect(inForce(both)).toEqual(inForce([...both].reverse()));
    expect(inForce(both)).toEqual([[us, "drain"]]); // eu-west-1 sorts behind ap-east-1
  });

  test("a drain has no end by itself; a restore keeps votes away for a while", () => {
    expect(inForce([drain], nowMs * 1_000)).toEqual([[us, "drain"]]);
    const restored = [drain, commandOf(us, "restore", { ms: nowMs + 1 })];
    expect(inForce(restored, nowMs + 1 + settings.restoreForMs)).toEqual([[us, "restore"]]);
    expect(inForce(restored, nowMs + 2 + settings.restoreForMs)).toEqual([]);
    expect(inForce(restored, nowMs - settings.restoreForMs)).toEqual([]);
  });
});

describe("a command", () => {
  const step = {
    me: us,
    configured: four,
    commands: [],
    target: eu,
    action: "drain",
    force: false,
    who: "alice",
    reason: "a drill",
    nowMs,
    settings,
  } as const;

  test("is the next of its region, above all that the region has seen", () => {
    const seen = [
      commandOf(ap, "drain", { by: hk, ms: nowMs + 5, number: 8 }),
      commandOf(ap, "restore", { by: us }),
    ];
    expect(planCommand({ ...step, commands: seen })).toMatchObject({
      ok: true,
      value: {
        key: { sk: "COMMANDS#2" },
        command: { number: 2, stamp: { ms: nowMs + 5, counter: 1, origin: us } },
        onlyIf: [{ type: "absent", attribute: "v" }],
      },
    });
  });

  test("is refused where it would leave too few regions open, unless it insists", () => {
    const commands = [commandOf(ap, "drain"), commandOf(hk, "drain", { number: 2 })];
    expect(planCommand({ ...step, commands })).toEqual({
      ok: false,
      error: { type: "too-many-drained", drained: [ap, hk], drainsMax: 2 },
    });
    expect(planCommand({ ...step, commands, force: true }).ok).toBe(true);
    const restored = [...commands, commandOf(hk, "restore", { ms: nowMs + 1, number: 3 })];
    expect(planCommand({ ...step, commands: restored }).ok).toBe(true);
    expect(planCommand({ ...step, commands, action: "restore" }).ok).toBe(true);
    expect(planCommand({ ...step, commands, target: ap }).ok).toBe(true);
    expect(planCommand({ ...step, configured: [us, ap] })).toMatchObject({
      error: { type: "region-unknown" },
    });
  });
});

describe("a region that is to be drained", () => {
  test("asks first, in a round of its own", () => {
    expect(closingOf(viewOf({ commands: [drain] }))).toEqual({ ...asking, round: 10, sinceMs: nowMs });
    expect(nextRound(viewOf({ commands: [drain] })).closing).toMatchObject({ round: 10 });
  });

  test("closes once two others have heard so and stay open", () => {
    expect(closingOf(asked([votesOf(eu), votesOf(ap)]))).toMatchObject({ phase: "closed", sinceMs: nowMs });
    expect(closingOf(asked([votesOf(eu)]))).toEqual(asking);
  });

  test("does not close while it may have voted, unsaid, against those that it counts on", () => {
    const since = (agoMs: number) =>
      heardFrom(
        votesOf(us, { closing: asking, atMsByRound: new Map([[8, nowMs - agoMs]]) }),
        ...[eu, ap].map((one) => votesOf(one)),
      );
    expect(closingOf(asked([], { heard: since(settings.settleMs) }))).toEqual(asking);
    expect(closingOf(asked([], { heard: since(settings.settleMs + 1) }))).toMatchObject({ phase: "closed" });
  });

  const early = new Map([[us, 8]]);
  const forgetful = { atMsByRound: new Map([[9, nowMs]]) };
  const against = (sinceMs: number, voting = true) => ({
    standings: new Map([[eu, standing({ voting, sinceMs, why: voting ? "probes" : "well" })]]),
  });
  test.each<[string, readonly RegionVotes[], Partial<VoteView>]>([
    ["has not heard of the question", [votesOf(eu, { heard: early }), votesOf(ap)], {}],
    ["asks as well", [votesOf(eu, { closing: { ...asking, round: 1 } }), votesOf(ap)], {}],
    [
      "is to be drained too",
      [votesOf(eu), votesOf(ap)],
      { commands: [drain, commandOf(eu, "drain", { ms: nowMs + 1 })] },
    ],
    ["is voted against", [votesOf(eu), votesOf(ap, against(nowMs))], {}],
    ["has changed to code that cannot read what it said", [votesOf(eu, forgetful), votesOf(ap)], {}],
    ["was voted against a moment ago", [votesOf(eu), votesOf(ap, against(nowMs - 59_000, false))], {}],
  ])("waits while one of two %s", (_what, others, changed) => {
    expect(closingOf(asked(others, changed))).toEqual(asking);
  });

  test.each<[string, number, boolean]>([
    ["stands", 200_000, true],
    ["had just ended", 30_000, false],
  ])("does not wait for one that is dead, whose vote against another %s", (_what, agoMs, voting) => {
    const touchedAtMs = nowMs - agoMs;
    const dead = votesOf(hk, {
      heard: early,
      touchedAtMs,
      standings: new Map([
        [eu, standing({ voting, sinceMs: touchedAtMs - 1_000, why: voting ? "probes" : "well" })],
      ]),
    });
    expect(closingOf(asked([votesOf(eu), votesOf(ap), dead]))).toMatchObject({ phase: "closed" });
  });

  test("does not count whom it votes against itself, or did a moment ago", () => {
    const own = (sinceMs: number, voting: boolean) =>
      heardFrom(
        votesOf(us, {
          closing: asking,
          standings: new Map([[eu, standing({ voting, sinceMs, why: voting ? "probes" : "well" })]]),
        }),
        ...[eu, ap].map((one) => votesOf(one)),
      );
    expect(closingOf(asked([], { heard: own(nowMs - 300_000, true) }))).toEqual(asking);
    expect(closingOf(asked([], { heard: own(nowMs - 59_000, false) }))).toEqual(asking);
    expect(closingOf(asked([], { heard: own(nowMs - 61_000, false) }))).toMatchObject({ phase: "closed" });
  });

  test("counts whom nobody has voted against for long enough", () => {
    const long = votesOf(ap, against(nowMs - 61_000, false));
    expect(closingOf(asked([votesOf(eu), long]))).toMatchObject({ phase: "closed" });
  });

  test("does not ask while as many as may be out were ordered before it", () => {
    const earlier = [commandOf(eu, "drain", { ms: nowMs - 2 }), commandOf(ap, "drain", { ms: nowMs - 1 })];
    expect(closingOf(viewOf({ commands: [drain, ...earlier] }))).toBeUndefined();
    expect(closingOf(asked([votesOf(hk)], { commands: [drain, ...earlier] }))).toBeUndefined();
    const force = commandOf(us, "drain", { force: true });
    expect(closingOf(viewOf({ commands: [force, ...earlier] }))).toMatchObject({ phase: "closed" });
  });

  test("stays closed whoever else is lost, opens at once when it is restored, and keeps its place for a while", () => {
    const closed: Closing = { ...asking, phase: "closed" };
    const again = commandOf(us, "drain", { ms: nowMs + 1 });
    const heard = heardFrom(votesOf(us, { closing: closed }));
    expect(closingOf(viewOf({ commands: [drain, again], heard }))).toEqual({
      ...closed,
      command: again.stamp,
    });
    const commands = [drain, commandOf(us, "restore", { ms: nowMs + 1 })];
    const reopened = closingOf(viewOf({ commands, heard }));
    expect(reopened).toEqual({ ...closed, phase: "reopened", sinceMs: nowMs });
    const later = (ms: number) =>
      viewOf({
        commands,
        heard: heardFrom(votesOf(us, reopened === undefined ? {} : { closing: reopened })),
        nowMs: nowMs + ms,
      });
    expect(closingOf(later(settings.settleMs - 1))).toEqual(reopened);
    expect(closingOf(later(settings.settleMs))).toBeUndefined();
    expect(closingOf(asked([], { commands: [] }))).toBeUndefined();
  });
});
