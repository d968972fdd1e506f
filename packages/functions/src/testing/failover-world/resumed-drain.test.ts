import { expect, test, vi } from "vitest";
import type { FunctionStep } from "./function-steps.ts";
import { playFunctions } from "./play.ts";

vi.setConfig({ testTimeout: 600_000 }); // two seconds; more on a busy machine

/** Two regions' code is taken forward to one whose words the others cannot read, and back to one that has forgotten its own. */
const changeOfCode: readonly FunctionStep[] = [
  { type: "version", at: 0, version: "later-rules" },
  { type: "version", at: 1, version: "later-rules" },
  { type: "wait", seconds: 300 },
  { type: "version", at: 0, version: "same" },
  { type: "version", at: 1, version: "same" },
  { type: "wait", seconds: 300 },
];

test("an operator's drain that a change of the code has ended stands again for its command, and is followed again", async () => {
  const { fault, counts } = await playFunctions({
    regions: 4,
    seed: 1,
    offsetsMs: [0, 90_000, -60_000, 0, 0],
    steps: [
      { type: "wait", seconds: 90 },
      { type: "command", at: 0, target: 1, action: "drain" },
      { type: "wait", seconds: 300 },
      ...changeOfCode,
      ...changeOfCode,
    ],
  });
  expect(fault).toBeUndefined();
  expect(counts.recovering).toBeGreaterThan(5); // it was taken for ended meanwhile
});
