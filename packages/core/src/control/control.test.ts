import { describe, expect, test } from "vitest";
import { origin } from "../testing/arbitraries.ts";
import {
  explainFenceRefusal,
  type Fences,
  fencedOrigins,
  fencesToItem,
  itemToFences,
  planFence,
  reclaimableAtMs,
} from "./fences.ts";
import { echoesToItem, heartbeatToItem, itemToEchoes, itemToHeartbeat } from "./heartbeat-item.ts";
import { echoedBeat, isLeaseRunning, leaseUntilMs, planBeat, planEcho } from "./lease.ts";
import { defaultLeaseSettings as settings } from "./settings.ts";

const us = origin("us-east-1#1");
const eu = origin("eu-west-1#1");
const ap = origin("ap-south-1#1");
const hk = origin("ap-east-1#1");
const configured = [us, eu, ap, hk];
const fenced = new Set<typeof us>();

const heartbeat = {
  origin: us,
  counter: 5,
  beat: 5,
  atMs: 500,
  atMsByBeat: new Map([
    [3, 300],
    [4, 400],
  ]),
  touchedAtMs: 500,
};
const echoOf = (by: typeof us, beat: number) => ({
  origin: by,
  counter: 1,
  beatByOrigin: new Map([[us, beat]]),
  touchedAtMs: 1,
});
const fencesOf = (by: typeof us, reclaimer: typeof us, fencedAtMs: number): Fences => ({
  origin: by,
  counter: 1,
  fenceByOrigin: new Map([[us, { reclaimer, fencedAtMs }]]),
  touchedAtMs: fencedAtMs,
});

describe("items of Control", () => {
  test("read back as they were written", () => {
    expect(itemToHeartbeat(heartbeatToItem(heartbeat))).toEqual({ ok: true, value: heartbeat });
    expect(itemToEchoes(echoesToItem(echoOf(eu, 4)))).toEqual({ ok: true, value: echoOf(eu, 4) });
    const fences = fencesOf(eu, ap, 7);
    expect(itemToFences(fencesToItem(fences))).toEqual({ ok: true, value: fences });
  });

  test.each([
    ["x", 1],
    ["b#0", 1],
    ["at", "1"],
    ["beat", 0],
    ["v", 0],
    ["sk", "ECHOES"],
    ["pk", "REGION#us-east-1"],
  ])("a heartbeat with %s = %s is not understood", (attribute, value) => {
    const read = itemToHeartbeat({ ...heartbeatToItem(heartbeat), [attribute]: value });
    expect(read).toMatchObject({ ok: false, error: { attribute } });
  });

  test.each([
    ["x", 1],
    ["e#us-east-1", 1],
    ["e#us-east-1#1", "1"],
    ["v", 0],
  ])("echoes with %s = %s are not understood", (attribute, value) => {
    const read = itemToEchoes({ ...echoesToItem(echoOf(eu, 4)), [attribute]: value });
    expect(read).toMatchObject({ ok: false, error: { attribute } });
  });

  test.each([
    ["x", 1],
    ["f#us-east-1#1", "ap-south-1#1"],
    ["f#us-east-1#1", "ap-south-1#1|7|8"],
    ["f#us-east-1#1", "ap-south-1|7"],
    ["f#us-east-1#1", "ap-south-1#1|07"],
    ["v", 0],
    ["touchedAt", "7"],
  ])("fences with %s = %s are not understood", (attribute, value) => {
    const read = itemToFences({ ...fencesToItem(fencesOf(eu, ap, 7)), [attribute]: value });
    expect(read).toMatchObject({ ok: false, error: { attribute } });
  });
});

describe("a lease", () => {
  test("runs from the greatest beat that a majority has heard, the region itself counted", () => {
    const view = {
      own: heartbeat,
      echoes: [echoOf(eu, 5), echoOf(ap, 4), echoOf(hk, 2)],
      configured,
      fenced,
    };
    expect(echoedBeat(view)).toBe(4);
    expect(leaseUntilMs(view, settings)).toBe(400 + settings.leaseMs);
    expect(echoedBeat({ ...view, configured: [us, eu, ap] })).toBe(5);
    expect(echoedBeat({ ...view, configured: [us, hk] })).toBe(2);
    expect(echoedBeat({ ...view, configured: [us] })).toBe(5);
  });

  test("is none while no majority has heard the region, whoever else has", () => {
    const view = {
      own: heartbeat,
      echoes: [echoOf(eu, 5), echoOf(origin("eu-west-1#2"), 5)],
      configured,
      fenced,
    };
    expect(leaseUntilMs(view, settings)).toBeUndefined();
    expect(leaseUntilMs({ ...view, own: undefined }, settings)).toBeUndefined();
    expect(isLeaseRunning(undefined, 0)).toBe(false);
  });

  test("counts from an earlier beat where the time of the one heard is not kept, and from none before all", () => {
    const own = { ...heartbeat, atMsByBeat: new Map([[2, 200]]) };
    const heard = (beat: number) => ({
      own,
      echoes: [echoOf(eu, beat), echoOf(ap, beat)],
      configured,
      fenced,
    });
    expect(leaseUntilMs(heard(4), settings)).toBe(200 + settings.leaseMs);
    expect(leaseUntilMs(heard(1), settings)).toBeUndefined();
    expect(leaseUntilMs(heard(9), settings)).toBe(500 + settings.leaseMs); // no echo is of a beat to come
  });

  test("is none for a region that sees itself given up", () => {
    const view = { own: heartbeat, echoes: [echoOf(eu, 5), echoOf(ap, 5)], configured };
    expect(leaseUntilMs({ ...view, fenced: new Set([eu]) }, settings)).toBe(500 + settings.leaseMs);
    expect(leaseUntilMs({ ...view, fenced: new Set([us]) }, settings)).toBeUndefined();
  });

  test("ends at its moment", () => {
    expect(isLeaseRunning(10, 9)).toBe(true);
    expect(isLeaseRunning(10, 10)).toBe(false);
  });
});

describe("beats and echoes", () => {
  test("a beat keeps the times of the newest ones, and of the one that the lease runs from", () => {
    const few = { ...settings, beatsKept: 2 };
    const own = {
      ...heartbeat,
      atMsByBeat: new Map([
        [1, 100],
        [2, 200],
        [3, 300],
        [4, 400],
      ]),
    };
    const { set, remove, onlyIf } = planBeat(own, { echoed: 2, nowMs: 600, settings: few });
    expect(set).toEqual({ beat: 6, at: 600, "b#5": 500, touchedAt: 600 });
    expect(remove).toEqual(["b#1", "b#3"]);
    expect(onlyIf).toEqual([{ type: "equals", attribute: "v", value: 5 }]);
    expect(planBeat(undefined, { echoed: 0, nowMs: 1, settings }).onlyIf).toEqual([
      { type: "absent", attribute: "v" },
    ]);
  });

  test("an echo says only what is new, and nothing of oneself or of whom one has fenced", () => {
    const step = {
      me: eu,
      heartbeats: [heartbeat, { ...heartbeat, origin: eu }],
      fenced: new Set<never>(),
      nowMs: 9,
    };
    expect(planEcho(undefined, step)).toMatchObject({ set: { "e#us-east-1#1": 5, touchedAt: 9 } });
    expect(planEcho(echoOf(eu, 4), step)?.onlyIf).toEqual([{ type: "equals", attribute: "v", value: 1 }]);
    expect(planEcho(echoOf(eu, 5), step)).toBeUndefined();
    expect(planEcho(undefined, { ...step, fenced: new Set([us]) })).toBeUndefined();
  });
});

describe("a fence", () => {
  const step = { me: eu, lost: us, reclaimer: ap, nowMs: 7 };

  test("is set once, for one reclaimer", () => {
    expect(planFence(undefined, step)).toMatchObject({
      value: { type: "write", update: { set: { "f#us-east-1#1": "ap-south-1#1|7" } } },
    });
    const own = fencesOf(eu, ap, 3);
    expect(planFence(own, step)).toMatchObject({ value: { type: "done-already", fence: { fencedAtMs: 3 } } });
    const other = { type: "fenced-for-another", fence: { reclaimer: ap } };
    expect(planFence(own, { ...step, reclaimer: hk })).toMatchObject({ error: other });
    expect(explainFenceRefusal(fencesToItem(own), { ...step, reclaimer: hk })).toMatchObject({
      error: other,
    });
    expect(explainFenceRefusal(fencesToItem(own), step)).toMatchObject({ value: { type: "done-already" } });
    expect(explainFenceRefusal(undefined, step)).toBeUndefined();
  });

  test("counts for everybody who sees it", () => {
    const others = {
      ...fencesOf(ap, hk, 3),
      fenceByOrigin: new Map([[eu, { reclaimer: hk, fencedAtMs: 3 }]]),
    };
    expect([...fencedOrigins([fencesOf(eu, ap, 3), others])]).toEqual([us, eu]);
  });

  test("is of another region, for another one that is not given up", () => {
    expect(planFence(fencesOf(eu, ap, 3), { ...step, lost: hk, reclaimer: us })).toMatchObject({
      error: { type: "reclaimer-fenced", reclaimer: us },
    });
    for (const wrong of [{ lost: eu }, { lost: ap }]) {
      expect(planFence(undefined, { ...step, ...wrong })).toMatchObject({
        error: { type: "not-another-region" },
      });
    }
  });

  test("of all others allows to take over, a lease and the drift after the last one", () => {
    const view = { lost: us, reclaimer: ap, configured };
    const all = [fencesOf(eu, ap, 7), fencesOf(ap, ap, 9), fencesOf(hk, ap, 8)];
    expect(reclaimableAtMs({ ...view, fences: all }, settings)).toEqual({
      ok: true,
      value: 9 + settings.leaseMs + settings.driftMs,
    });
    expect(reclaimableAtMs({ ...view, fences: all.slice(1) }, settings)).toMatchObject({
      error: { type: "not-fenced-by-all", missing: [eu] },
    });
    const another = [...all.slice(0, 2), fencesOf(hk, eu, 8)];
    expect(reclaimableAtMs({ ...view, fences: another }, settings)).toMatchObject({
      error: { type: "fenced-for-another", by: hk },
    });
    expect(reclaimableAtMs({ ...view, reclaimer: us, fences: all }, settings)).toMatchObject({
      error: { type: "not-another-region" },
    });
    const ofReclaimer = {
      ...fencesOf(hk, ap, 8),
      fenceByOrigin: new Map([[ap, { reclaimer: hk, fencedAtMs: 1 }]]),
    };
    expect(reclaimableAtMs({ ...view, fences: [...all, ofReclaimer] }, settings)).toMatchObject({
      error: { type: "reclaimer-fenced", reclaimer: ap },
    });
    // its next life hears as well, so it has to give the former one up too
    const reborn = { ...view, configured: [origin("us-east-1#2"), eu, ap, hk], fences: all };
    expect(reclaimableAtMs(reborn, settings)).toMatchObject({ error: { missing: ["us-east-1#2"] } });
  });
});
