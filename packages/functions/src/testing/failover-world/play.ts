import { backWithinMs, defaultFailoverSettings, defaultVoteSettings } from "@antipode/core";
import { createRunJudge, faultsAtTheEnd, shiftWithinMs, type VoteCounts } from "@antipode/core/testing";
import type { FunctionRun } from "./function-steps.ts";
import { createGatesJudge } from "./judge-gates.ts";
import { completedIn, createRunsJudge, type RunCounts, runFaultsAtTheEnd } from "./judge-runs.ts";
import { createFunctionWorld, type FunctionWorld } from "./world.ts";
import { planes } from "./world-planes.ts";
import { nothingWrong, type WrongChange } from "./wrong-changes.ts";

const settings = defaultVoteSettings;

export interface FunctionsPlayed {
  /** What went wrong first, with the moment; nothing when all is well. */
  readonly fault?: string;
  readonly counts: VoteCounts & RunCounts;
  /** Seconds of virtual time. */
  readonly seconds: number;
}

type RunJudge = ReturnType<typeof createRunJudge>;

function observe(world: FunctionWorld, judge: RunJudge, counts: RunCounts): void {
  const runs = createRunsJudge(world, counts);
  const gates = createGatesJudge(world, settings);
  world.observe({
    round(at) {
      judge.round(at);
      judge.blame(gates.round(at));
    },
    step(step) {
      judge.step(step);
      runs.watch("at" in step ? step.at % world.places.length : undefined);
    },
    glance() {
      judge.glance();
      gates.glance();
      runs.watch();
    },
    call(call) {
      const { faults, ended } = runs.call(call);
      judge.blame(faults);
      return ended;
    },
    dropped(at) {
      runs.dropped(at);
      runs.watch(at);
    },
  });
}

/** Longest that a run which failed waits for its next attempt, and an attempt. */
const attemptWithinMs = defaultFailoverSettings.retryMaxMs + 240_000;

/** Seconds that all must have been as it should be, before a run that has healed ends. */
const calmSeconds = 120;

/** Plays a run, then mends everything, and judges what is left: when it has been right for a while, or at the longest bound. */
export async function playFunctions(
  run: FunctionRun,
  wrong: WrongChange = nothingWrong,
): Promise<FunctionsPlayed> {
  const world = createFunctionWorld(run, wrong);
  const beganMs = world.nowMs();
  const runCounts: RunCounts = { calls: 0, recovering: 0, refused: 0, completed: 0 };
  const judge = createRunJudge(world, settings);
  observe(world, judge, runCounts);
  for (const step of run.steps) {
    await world.play(step);
  }
  for (const plane of planes) {
    await world.play({ type: "allow", plane });
  }
  for (const at of world.places) {
    await world.play({ type: "mend", at });
    if (world.faults.version.has(at)) {
      await world.play({ type: "version", at, version: "same" });
    }
  }
  const alarmed = run.steps.some(({ type }) => type === "alarm");
  const quietMs = alarmed ? settings.alarmMaxMs : 0;
  const healMs =
    quietMs + backWithinMs(settings) + settings.settleMs + shiftWithinMs + 90_000 + attemptWithinMs;
  const healedMs = world.nowMs();
  let calm = 0;
  while (world.nowMs() - healedMs < healMs && calm < calmSeconds) {
    await world.play({ type: "wait", seconds: 20 });
    const isCalm = faultsAtTheEnd(world, settings).length === 0 && runFaultsAtTheEnd(world).length === 0;
    calm = isCalm ? calm + 20 : 0;
  }
  judge.end();
  judge.blame(runFaultsAtTheEnd(world));
  runCounts.completed = completedIn(world);
  judge.blame(world.bugs().map((bug) => `a bug: ${JSON.stringify(bug)} ${String(bug)}`));
  const fault = judge.fault();
  const seconds = (world.nowMs() - beganMs) / 1_000;
  return { counts: { ...judge.counts, ...runCounts }, seconds, ...(fault === undefined ? {} : { fault }) };
}
