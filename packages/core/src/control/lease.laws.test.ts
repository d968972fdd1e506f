import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { anyLeaseRun } from "../testing/stock-lease-steps.ts";
import { createLeaseWorld } from "../testing/stock-lease-world.ts";

vi.setConfig({ testTimeout: 3_600_000 }); // seconds; an hour for many schedules by hand on a busy machine

const minuteMs = 60_000;

/** More by hand: `LEASE_SCHEDULES=50000 npx vitest run packages/core/src/control/lease.laws.test.ts`. */
const schedules = Number(process.env["LEASE_SCHEDULES"] ?? 500);

describe("any schedule of beats, echoes, fences, late replication and clocks that are off", () => {
  test("no region may sell once another may take over its units", async () => {
    const seen = { leased: 0, reclaimable: 0, ran: 0, close: 0 };
    await fc.assert(
      fc.asyncProperty(anyLeaseRun, async (run) => {
        const world = createLeaseWorld(run);
        for (const step of run.steps) {
          await world.play(step);
          const state = await world.state();
          expect(state.leased && state.reclaimable).toBe(false);
          seen.leased += state.leased ? 1 : 0;
          seen.reclaimable += state.reclaimable ? 1 : 0;
        }
        // the lease is no empty promise either: who is heard by all and fenced by nobody sells
        const heard = await world.heardByAll();
        expect(heard.every(({ fenced, leased }) => leased || fenced)).toBe(true);
        seen.ran += heard.filter(({ leased }) => leased).length;
        const end = await world.untilReclaimable();
        expect(end.lateMs).toBeGreaterThanOrEqual(0);
        seen.close += end.lateMs < 15 * minuteMs ? 1 : 0;
      }),
      { numRuns: schedules },
    );
    expect(seen.leased).toBeGreaterThan(schedules);
    expect(seen.reclaimable).toBeGreaterThan(schedules / 20);
    expect(seen.ran).toBeGreaterThan(schedules / 2);
    expect(seen.close).toBeGreaterThan(schedules / 20); // so that a lease any longer would be caught
  });
});
