import { backWithinMs, defaultFailoverSettings, defaultVoteSettings } from "@antipode/core";
import {
  createRampJudge,
  createRunJudge,
  faultsAtTheEnd,
  type RampCounts,
  sharesAtTheEnd,
  shiftWithinMs,
  type VoteCounts,
  wholeWithinMs,
} from "@antipode/core/testing";
import type { FunctionRun } from "./function-steps.ts";
import { createGatesJudge } from "./judge-gates.ts";
import { wrongAnswers } from "./judge-names.ts";
import { completedIn, createRunsJudge, type RunCounts, runFaultsAtTheEnd } from "./judge-runs.ts";
import { createFunctionWorld, type FunctionWorld } from "./world.ts";
import { planes } from "./world-planes.ts";
import { nothingWrong, type WrongChange } from "./wrong-change.ts";

const settings = defaultVoteSettings;

export interface FunctionsPlayed {
  /** What went wrong first, with the moment; nothing when all is well. */
  readonly fault?: string;
  readonly counts: VoteCounts & RunCounts & RampCounts;
  /** Seconds of virtual time. */
  readonly seconds: number;
}

type RunJudge = ReturnType<typeof createRunJudge>;
type RampJudge = ReturnType<typeof createRampJudge>;

function observe(world: FunctionWorld, judge: RunJudge, ramps: RampJudge, counts: RunCounts): void {
  const runs = createRunsJudge(world, counts);
  const gates = createGatesJudge(world, settings);
  world.observe({
    round(at) {
      judge.round(at);
      judge.blame(gates.round(at));
      ramps.round(at);
    },
    step(step) {
      judge.step(step);
      ramps.step(step);
      runs.watch("at" in step ? step.at % world.places.length : undefined);
    },
    glance() {
      judge.glance();
      gates.glance();
      judge.blame(ramps.glance());
      judge.blame(wrongAnswers(world, world.names));
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

/** Seconds that all must have been as it should be, shares of shoppers aside, before a run that has healed ends. */
const calmSeconds = 120;

/** One run of so many goes on until all regions are led all their shoppers: it takes some eight minutes more. */
const waitsForWhole = 8;

/** Mends everything, and lets time pass until all is right for a while, or something went wrong, or for the longest bound. */
async function heal(
  world: FunctionWorld,
  run: FunctionRun,
  waits: boolean,
  isWrong: () => boolean,
): Promise<void> {
  for (const plane of planes) {
    await world.play({ type: "allow", plane });
  }
  for (const at of world.places) {
    await world.play({ type: "mend", at });
    if (world.faults.version.has(at)) {
      await world.play({ type: "version", at, version: "same" });
    }
  }
  const quietMs = run.steps.some(({ type }) => type === "alarm") ? settings.alarmMaxMs : 0;
  const rampMs = waits ? settings.rampMs + wholeWithinMs : 0;
  const backMs = backWithinMs(settings) + settings.settleMs + shiftWithinMs + 90_000;
  const untilMs = world.nowMs() + quietMs + backMs + attemptWithinMs + rampMs;
  let calm = 0;
  const isRight = () => calm >= calmSeconds && (!waits || sharesAtTheEnd(world).length === 0);
  while (world.nowMs() < untilMs && !isWrong() && !isRight()) {
    await world.play({ type: "wait", seconds: 20 });
    const isCalm = faultsAtTheEnd(world, settings).length === 0 && runFaultsAtTheEnd(world).length === 0;
    calm = isCalm ? calm + 20 : 0;
  }
}

/** Plays a run, then heals all, and judges what is left. What went wrong first ends it: nothing is made of what comes after. */
export async function playFunctions(
  run: FunctionRun,
  wrong: WrongChange = nothingWrong,
): Promise<FunctionsPlayed> {
  const world = createFunctionWorld(run, wrong);
  const beganMs = world.nowMs();
  const runCounts: RunCounts = { calls: 0, recovering: 0, refused: 0, completed: 0 };
  const judge = createRunJudge(world, settings);
  const ramps = createRampJudge(world, settings);
  observe(world, judge, ramps, runCounts);
  const isWrong = () => judge.fault() !== undefined;
  for (const step of run.steps) {
    if (isWrong()) {
      break;
    }
    await world.play(step);
  }
  const waits = run.seed % waitsForWhole === 0;
  await heal(world, run, waits, isWrong);
  judge.end();
  judge.blame(waits ? sharesAtTheEnd(world) : []);
  judge.blame(runFaultsAtTheEnd(world));
  judge.blame(world.bugs().map((bug) => `a bug: ${JSON.stringify(bug)} ${String(bug)}`));
  runCounts.completed = completedIn(world);
  const fault = judge.fault();
  const seconds = (world.nowMs() - beganMs) / 1_000;
  const counts = { ...judge.counts, ...ramps.counts, ...runCounts };
  return { counts, seconds, ...(fault === undefined ? {} : { fault }) };
}
