import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { playStock } from "../testing/stock-play.ts";
import { anySchedule } from "../testing/stock-steps.ts";

vi.setConfig({ testTimeout: 3_600_000 }); // seconds; an hour for many schedules by hand on a busy machine

/** More by hand: `STOCK_SCHEDULES=50000 npx vitest run packages/core/src/stock/stock.laws.test.ts`. */
const schedules = Number(process.env["STOCK_SCHEDULES"] ?? 400);

/** Schedules that never came to these would prove nothing about them. */
const leastPerSchedule = {
  held: 2,
  "held in two cells": 0,
  sold: 0.5,
  released: 0.5,
  shortfall: 1,
  "hold refused": 0.05,
  "no lease": 0.05,
  "delivery known": 0.5,
  absorb: 0.2,
  grant: 0.15,
  want: 0.4,
  "take-back": 0.2,
  transfer: 0.2,
  "direct grant": 0.4,
  "answer absorbed": 0.3,
  "late answer absorbed": 0.02,
  "donor died": 0.05,
  reborn: 0.05,
  "two lost": 0.3,
  "units reclaimed": 0.3,
  "reclaimed, nothing lost": 0.01,
  "reclaimed, something lost": 0.03,
  "reclaimed of a region that runs": 0.02,
  "exact after a reclaim": 0.3,
  "tail of a reclaim": 0.005,
  "witnessed in the tail": 0.001,
};

describe("any schedule of deliveries, checkouts, moves between regions, lost answers and lost regions", () => {
  test("sells every unit once, and loses none but with a region's last writes", async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(anySchedule, async (schedule) => {
        const world = await playStock(schedule);
        expect(world.faults).toEqual([]);
        for (const [what, times] of world.seen) {
          seen.set(what, (seen.get(what) ?? 0) + times);
        }
      }),
      { numRuns: schedules },
    );
    const rare = Object.entries(leastPerSchedule).filter(
      ([what, times]) => (seen.get(what) ?? 0) <= times * schedules,
    );
    expect(rare.map(([what]) => `${what}: ${seen.get(what) ?? 0}`)).toEqual([]);
  });
});
