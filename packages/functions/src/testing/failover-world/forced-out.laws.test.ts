import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { FunctionStep } from "./function-steps.ts";
import { playFunctions } from "./play.ts";

vi.setConfig({ testTimeout: 3_600_000 }); // seconds; an hour on a busy machine

const anyForced = fc.record({
  regions: fc.constantFrom(3, 4, 5),
  seed: fc.nat(),
  offsetsMs: fc.array(fc.integer({ min: -300_000, max: 300_000 }), { minLength: 5, maxLength: 5 }),
  stays: fc.nat({ max: 2 }),
});

test("what is to be done is done though operators have forced out all regions but one", async () => {
  for (const { stays, ...run } of fc.sample(anyForced, { seed: 7, numRuns: 6 })) {
    const others = [0, 1, 2, 3, 4].slice(0, run.regions).filter((at) => at !== stays);
    const steps: readonly FunctionStep[] = [
      { type: "wait", seconds: 90 },
      ...others.map(
        (target): FunctionStep => ({ type: "command", at: stays, target, action: "drain", force: true }),
      ),
      { type: "wait", seconds: 120 },
    ];
    const { fault, counts } = await playFunctions({ ...run, steps });
    expect(fault).toBeUndefined();
    expect(counts.closed).toBe(others.length);
    expect(counts.completed).toBeGreaterThanOrEqual(others.length);
  }
});
