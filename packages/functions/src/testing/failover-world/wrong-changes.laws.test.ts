import type { VoteRun } from "@antipode/core/testing";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { anyFunctionRun } from "./function-steps.ts";
import { playFunctions } from "./play.ts";
import { nothingWrong, type WrongChange } from "./wrong-change.ts";
import { wrongReturns } from "./wrong-returns.ts";
import { wrongRuns } from "./wrong-runs.ts";
import { wrongVotes } from "./wrong-votes.ts";

vi.setConfig({ testTimeout: 3_600_000 }); // seconds each; an hour on a busy machine

const anyPlaced = fc.record({
  regions: fc.constantFrom(3, 4),
  seed: fc.nat(),
  offsetsMs: fc.array(fc.integer({ min: -300_000, max: 300_000 }), { minLength: 5, maxLength: 5 }),
});

describe("judges catch that", () => {
  const changes = Object.entries({ ...wrongVotes, ...wrongRuns, ...wrongReturns });
  test.each(changes)("%s", async (_name, { says, wrong, steps }) => {
    const found = new Set<string>();
    const runs = steps === undefined ? anyFunctionRun : anyPlaced.map((run) => ({ ...run, steps }));
    for (const run of fc.sample(runs, { seed: 21, numRuns: 300 })) {
      const { fault } = await playFunctions(run, wrong);
      if (fault?.includes(says) === true) {
        return;
      }
      found.add(fault ?? "nothing");
    }
    expect.unreachable(`only found: ${[...found].slice(0, 5).join(" / ")}`);
  });
});

describe("alarms", () => {
  const runs = fc.sample(
    fc.tuple(anyPlaced, fc.nat({ max: 2 })).map(([run, at]) => ({ ...run, at })),
    { seed: 3, numRuns: 10 },
  );
  const stepsOf = (at: number, state: "missing" | "alarm"): VoteRun["steps"] => [
    { type: "wait", seconds: 90 },
    { type: "alarm", at, state },
    { type: "wait", seconds: 120 },
  ];
  async function votedOut(state: "missing" | "alarm", wrong: WrongChange = nothingWrong): Promise<number> {
    let times = 0;
    for (const { at, ...run } of runs) {
      const { fault, counts } = await playFunctions({ ...run, steps: stepsOf(at, state) }, wrong);
      expect(fault).toBeUndefined();
      times += counts.votedOut;
    }
    return times;
  }

  test("that were raised by data take their region out; those of missing data take nobody out", async () => {
    expect(await votedOut("alarm")).toBe(runs.length);
    expect(await votedOut("missing")).toBe(0);
  });

  test("of missing data that count as evidence are seen", async () => {
    const asData = (event: unknown): unknown =>
      JSON.parse(
        JSON.stringify(event).replaceAll(/no datapoints were received|treated as \[Breaching\]/gi, "…"),
      );
    expect(await votedOut("missing", { news: asData })).toBe(runs.length);
  });
});
