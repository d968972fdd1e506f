import fc from "fast-check";
import { expect } from "vitest";
import { anyFunctionRun } from "./function-steps.ts";
import { playFunctions } from "./play.ts";

/** More by hand: `FAILOVER_SCHEDULES=5000 npx vitest run packages/functions/src/testing/failover-world/schedules`. */
const schedules = Number(process.env["FAILOVER_SCHEDULES"] ?? 500);

/** Plays so many random schedules of a seed, and judges each. */
export async function judgeSchedules(seed: number): Promise<void> {
  const sum = {
    votedOut: 0,
    closed: 0,
    outInBound: 0,
    returned: 0,
    woken: 0,
    wholeAgain: 0,
    calls: 0,
    recovering: 0,
    refused: 0,
    completed: 0,
  };
  const names = Object.keys(sum) as (keyof typeof sum)[];
  await fc.assert(
    fc.asyncProperty(anyFunctionRun, async (run) => {
      const { fault, counts } = await playFunctions(run);
      expect(fault).toBeUndefined();
      for (const name of names) {
        sum[name] += counts[name];
      }
    }),
    { seed: Number(process.env["FAILOVER_SEED"] ?? seed), numRuns: schedules, endOnFailure: true },
  );
  // the schedules are no empty ones
  expect(sum.votedOut).toBeGreaterThan(schedules / 2);
  expect(sum.closed).toBeGreaterThan(schedules / 4);
  expect(sum.outInBound).toBeGreaterThan(schedules / 4);
  expect(sum.returned).toBeGreaterThan(schedules / 4);
  expect(sum.woken).toBeGreaterThan(schedules / 100);
  expect(sum.wholeAgain).toBeGreaterThan(schedules / 10);
  expect(sum.calls).toBeGreaterThan(5 * schedules);
  expect(sum.recovering).toBeGreaterThan(2 * schedules);
  expect(sum.refused).toBeGreaterThan(schedules / 4);
  expect(sum.completed).toBeGreaterThan(schedules);
}
