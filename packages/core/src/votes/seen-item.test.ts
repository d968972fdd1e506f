import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { origin } from "../testing/arbitraries.ts";
import { backlogOf, itemToSeenRound, planSeen, seenKey } from "./seen-item.ts";
import type { RegionVotes } from "./votes-item.ts";

const us = origin("us-east-1#1");

const rounds = (...atMs: readonly number[]): RegionVotes => ({
  origin: us,
  counter: atMs.length,
  touchedAtMs: atMs.at(-1) ?? 0,
  atMsByRound: new Map(atMs.map((at, index) => [index + 1, at])),
  heard: new Map(),
  backlogMs: 0,
  standings: new Map(),
});

describe("how far a dispatcher is behind", () => {
  test("is the age of the oldest round that it has not met", () => {
    const own = rounds(1_000, 11_000, 21_000);
    expect([0, 1, 2, 3].map((seen) => backlogOf(own, seen, 30_000))).toEqual([29_000, 19_000, 9_000, 0]);
    expect(backlogOf(undefined, 0, 30_000)).toBe(0);
  });

  test("is never below 0, whatever the clock does, and never grows as more is met", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100_000), { maxLength: 30 }),
        fc.nat(30),
        fc.nat(100_000),
        (times, seen, nowMs) => {
          const own = rounds(...times);
          const behind = backlogOf(own, seen, nowMs);
          expect(behind).toBeGreaterThanOrEqual(backlogOf(own, seen + 1, nowMs));
          expect(behind).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  test("is written once for each round, and not for one before", () => {
    expect(planSeen(7, 99)).toEqual({
      set: { round: 7, touchedAt: 99 },
      add: { v: 1 },
      onlyIf: [{ type: "below", attribute: "round", limit: 7 }],
    });
    expect(itemToSeenRound({ ...seenKey(us), round: 7, v: 1 })).toEqual({ ok: true, value: 7 });
    for (const round of [0, -1, 1.5, "7", undefined]) {
      const item = { ...seenKey(us), ...(round === undefined ? {} : { round }) };
      expect(itemToSeenRound(item)).toMatchObject({ ok: false, error: { attribute: "round" } });
    }
  });
});
