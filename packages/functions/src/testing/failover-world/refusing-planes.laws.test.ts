import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { FunctionStep } from "./function-steps.ts";
import { playFunctions } from "./play.ts";
import { createFunctionWorld } from "./world.ts";
import { type Plane, planes } from "./world-planes.ts";

vi.setConfig({ testTimeout: 3_600_000 }); // seconds; an hour on a busy machine

const runs = fc.sample(
  fc.record({
    regions: fc.constantFrom(3, 4, 5),
    seed: fc.nat(),
    offsetsMs: fc.array(fc.integer({ min: -300_000, max: 300_000 }), { minLength: 5, maxLength: 5 }),
    at: fc.nat({ max: 2 }),
  }),
  { seed: 5, numRuns: 8 },
);

const stepsOf = (at: number, refusing: readonly Plane[]): readonly FunctionStep[] => [
  { type: "wait", seconds: 90 },
  ...refusing.map((plane): FunctionStep => ({ type: "refuse", plane })),
  { type: "gray", at, share: 100 },
  { type: "wait", seconds: 200 },
];

test.each<[string, readonly Plane[]]>([
  ["every control plane, SNS and the bus refuse", planes.filter((plane) => plane !== "news")],
  ["nobody can tell the functions either", planes],
])("shoppers move in time though %s, and all of it is done when it can be", async (_what, refusing) => {
  for (const { at, ...run } of runs) {
    const { fault, counts } = await playFunctions({ ...run, steps: stepsOf(at, refusing) });
    expect(fault).toBeUndefined();
    expect(counts.outInBound).toBeGreaterThan(0);
    expect(counts.votedOut).toBe(1);
    expect(counts.completed).toBeGreaterThan(0);
  }
});

test("while they refuse a run is pending, says which steps failed, and tries again ever more seldom", async () => {
  for (const { at, ...run } of runs) {
    const world = createFunctionWorld(run);
    let calls = 0;
    world.observe({
      call: ({ effect }) => {
        calls += effect === "people" ? 1 : 0;
        return () => {};
      },
    });
    for (const step of stepsOf(at, ["people", "names", "edge"])) {
      await world.play(step);
    }
    await world.play({ type: "wait", seconds: 1_200 });
    const target = world.origins[at];
    const tried = world.places
      .flatMap((one) => world.viewOf(one).records.filter(({ origin }) => origin === world.origins[one]))
      .filter((record) => record.target === target && record.attempt > 0);
    expect(tried.length).toBeGreaterThan(0);
    for (const { outcome, steps } of tried) {
      expect(outcome).toMatch(/pending|running/);
      expect(steps.get("names")?.note).toMatch(/ThrottlingException|begun/);
    }
    expect(calls).toBeGreaterThan(3);
    expect(calls).toBeLessThan(15 * run.regions);
    expect(world.routing(at).answered).toBe(false);
  }
});
