import { describe, expect, test } from "vitest";
import { parseKey } from "../items/keys.ts";
import { alarmsToItem, itemToAlarms } from "./alarms-item.ts";
import { commandToItem, itemToCommand } from "./command-item.ts";
import {
  itemToObservations,
  lookReasonCharsMax,
  observationsToItem,
  planObservations,
} from "./observations-item.ts";
import { ap, commandOf, eu, failing, four, hk, standing, us, votesOf, well } from "./testing/vote-data.ts";
import { readControlSight } from "./vote-view.ts";
import { itemToVotes, votesToItem } from "./votes-item.ts";

const stamp = { ms: 7, counter: 0, origin: eu };
const votes = votesOf(us, {
  standings: new Map([
    [eu, standing()],
    [ap, standing({ voting: false, why: "silent", epoch: 4 })],
  ]),
  closing: { command: stamp, phase: "asking", round: 8, sinceMs: 5 },
  ramp: { phase: "returning", sinceMs: 6 },
});
const observations = {
  origin: us,
  counter: 2,
  observationByOrigin: new Map([
    [eu, { ...failing, reason: "time out" }],
    [ap, { ...well, latencyMs: 20 }],
  ]),
  touchedAtMs: 3,
};
const alarm = { of: eu, name: "prod|ApiErrors", state: "alarm", changedAtMs: 3, sinceMs: 4 } as const;
const alarms = { origin: us, counter: 2, alarms: [alarm], touchedAtMs: 3 };
const command = commandOf(ap, "drain", { by: us, force: true, number: 3 });

const kinds = [
  ["VOTES", itemToVotes, votesToItem(votes), votes],
  ["OBSERVATIONS", itemToObservations, observationsToItem(observations), observations],
  ["ALARMS", itemToAlarms, alarmsToItem(alarms), alarms],
  ["COMMANDS", itemToCommand, commandToItem(command), command],
] as const;

describe.each(kinds)("%s", (_kind, read, item, value) => {
  test("reads back as it was written, under a key of its own region", () => {
    expect(read(item)).toEqual({ ok: true, value });
    expect(parseKey("Control", item)).toMatchObject({ ok: true, value: { writer: us } });
  });

  test("is understood with a later version's remarks", () => {
    expect(read({ ...item, "x-why": "later" })).toEqual({ ok: true, value });
  });

  test.each([
    ["rules", 2],
    ["v", 0],
    ["touchedAt", "1"],
    ["y", 1],
    ["sk", "FENCES"],
    ["pk", "REGION#us-east-1"],
  ])("is not understood with %s = %s", (attribute, wrong) => {
    expect(read({ ...item, [attribute]: wrong })).toMatchObject({ ok: false, error: { attribute } });
  });
});

describe("parts", () => {
  test.each([
    ["backlog", -1],
    ["closing", { command: "now", phase: "closed", round: 1, since: 1 }],
    ["closing", { command: "000000000000007-00000-eu-west-1#1", phase: "shut", round: 1, since: 1 }],
    ["ramp", { phase: "slow", since: 1 }],
    ["ramp", { phase: "out", since: -1 }],
    ["ramp", { phase: "out", since: 1, share: 25 }],
    ["t#0", 1],
    ["h#us-east-1", 1],
    ["s#eu-west-1#1", { since: 1, epoch: 0, why: "probes" }],
    ["s#eu-west-1#1", { since: 1, epoch: 1, why: "toString" }],
    ["s#eu-west-1#1", { since: 1, epoch: 1, why: "probes", more: 1 }],
  ])("votes with %s = %j are not understood", (attribute, wrong) => {
    const item = { ...votesToItem(votes), [attribute]: wrong };
    expect(itemToVotes(item)).toMatchObject({ ok: false, error: { attribute } });
  });

  test.each([
    ["o#eu-west-1#1", { failures: 1, successes: 1, since: 1, at: 1 }],
    ["o#eu-west-1#1", { failures: 0, successes: 1, since: 1, at: 1, latency: "fast" }],
    ["o#eu-west-1#1", { failures: 1, successes: 0, since: 1, at: 1, reason: "" }],
    ["o#eu-west-1", { failures: 1, successes: 0, since: 1, at: 1 }],
  ])("observations with %s = %j are not understood", (attribute, wrong) => {
    const item = { ...observationsToItem(observations), [attribute]: wrong };
    expect(itemToObservations(item)).toMatchObject({ ok: false, error: { attribute } });
  });

  test.each([
    ["target", "us-east-1"],
    ["action", "close"],
    ["force", "yes"],
    ["who", ""],
    ["reason", "x".repeat(401)],
    ["stamp", "000000000000007-00000-eu-west-1#1"],
  ])("a command with %s = %s is not understood", (attribute, wrong) => {
    const item = { ...commandToItem(command), [attribute]: wrong };
    expect(itemToCommand(item)).toMatchObject({ ok: false, error: { attribute } });
  });

  test.each([
    { state: "high", changedAt: 1, since: 1 },
    { state: "ok", since: 1 },
    { state: "ok", changedAt: "1", since: 1 },
    { state: "ok", changedAt: 1, since: 1, until: 2 },
  ])("alarms with %j are not understood", (wrong) => {
    const item = { ...alarmsToItem(alarms), "a|eu-west-1#1|Lag": wrong };
    expect(itemToAlarms(item)).toMatchObject({ ok: false, error: { attribute: "a|eu-west-1#1|Lag" } });
  });
});

describe("writes", () => {
  test("observations are of the other configured regions, with a reason that fits", () => {
    const long = { ...failing, reason: "x".repeat(lookReasonCharsMax + 1) };
    const seen = new Map([
      [us, well],
      [eu, long],
      [hk, well],
    ]);
    const plan = planObservations(us, seen, { configured: [us, eu, ap], counter: 4, nowMs: 9 });
    const read = itemToObservations(plan.item);
    expect(read).toMatchObject({ ok: true, value: { counter: 5, touchedAtMs: 9 } });
    expect(read.ok ? [...read.value.observationByOrigin.keys()] : []).toEqual([eu]);
    expect(plan.onlyIf).toEqual([{ type: "equals", attribute: "v", value: 4 }]);
  });

  test.each([
    [
      "cut in a character",
      `${"x".repeat(lookReasonCharsMax - 1)}\u{1f525}`,
      `${"x".repeat(lookReasonCharsMax - 1)}\ufffd`,
    ],
    ["of two lines", "reset\r\nby \u001b[2Jpeer", "reset  by  [2Jpeer"],
  ])("a look's reason %s is stored as one line of well-formed text", (_what, reason, stored) => {
    const item = observationsToItem({
      ...observations,
      observationByOrigin: new Map([[eu, { ...failing, reason }]]),
    });
    const read = itemToObservations(item);
    expect(read.ok && read.value.observationByOrigin.get(eu)?.reason).toBe(stored);
  });
});

describe("what is in sight", () => {
  test("is every region's votes and commands, and the own looks and alarms", () => {
    const ofEu = { ...observationsToItem(observations), pk: "REGION#eu-west-1#1" };
    const items = [...kinds.map(([, , item]) => item), ofEu, votesToItem(votesOf(eu))];
    const sight = readControlSight(us, items);
    expect([...sight.heard.keys()]).toEqual([us, eu]);
    expect(sight.commands).toEqual([command]);
    expect(sight.observations).toEqual(observations.observationByOrigin);
    expect(sight.alarms).toEqual([alarm]);
    expect(sight.ownCounters).toEqual(
      new Map([
        ["VOTES", 9],
        ["OBSERVATIONS", 2],
        ["ALARMS", 2],
      ]),
    );
    expect(sight.notUnderstood).toEqual([]);
    expect(readControlSight(eu, items).observations).toEqual(observations.observationByOrigin);
    expect(readControlSight(ap, items)).toMatchObject({ observations: new Map(), alarms: [] });
  });

  test("passes over what is not understood, says so, and goes on from its counter", () => {
    const later = four.map((one) => ({ ...votesToItem(votesOf(one)), rules: 2 }));
    const sight = readControlSight(us, [...later, { ...commandToItem(command), rules: 2 }]);
    expect(sight.heard.get(eu)).toEqual({ type: "not-understood" });
    expect(sight.commands).toEqual([]);
    expect(sight.ownCounters.get("VOTES")).toBe(9);
    expect(sight.notUnderstood).toHaveLength(5);
    const foreign = readControlSight(us, [{ pk: "REGION#nowhere", sk: "VOTES" }]);
    expect(foreign.notUnderstood).toMatchObject([{ attribute: "pk" }]);
  });
});
