import { backWithinMs, defaultVoteSettings } from "@antipode/core";
import {
  createRunJudge,
  faultsAtTheEnd,
  shiftWithinMs,
  type VoteCounts,
  type VoteRun,
} from "@antipode/core/testing";
import { createFunctionWorld } from "./world.ts";
import { nothingWrong, type WrongChange } from "./wrong-changes.ts";

const settings = defaultVoteSettings;

export interface FunctionsPlayed {
  /** What went wrong first, with the moment; nothing when all is well. */
  readonly fault?: string;
  readonly counts: VoteCounts;
  /** Seconds of virtual time. */
  readonly seconds: number;
}

/** Seconds that all must have been as it should be, before a run that has healed ends. */
const calmSeconds = 120;

/** Plays a run, then mends everything, and judges what is left: when it has been right for a while, or at the longest bound. */
export async function playFunctions(
  run: VoteRun,
  wrong: WrongChange = nothingWrong,
): Promise<FunctionsPlayed> {
  const world = createFunctionWorld(run, wrong);
  const beganMs = world.nowMs();
  const judge = createRunJudge(world, settings);
  world.observe(judge);
  for (const step of run.steps) {
    await world.play(step);
  }
  for (const at of world.places) {
    await world.play({ type: "mend", at });
    if (world.faults.version.has(at)) {
      await world.play({ type: "version", at, version: "same" });
    }
  }
  const alarmed = run.steps.some(({ type }) => type === "alarm");
  const quietMs = alarmed ? settings.alarmMaxMs : 0;
  const healMs = quietMs + backWithinMs(settings) + settings.settleMs + shiftWithinMs + 90_000;
  const healedMs = world.nowMs();
  let calm = 0;
  while (world.nowMs() - healedMs < healMs && calm < calmSeconds) {
    await world.play({ type: "wait", seconds: 20 });
    calm = faultsAtTheEnd(world, settings).length === 0 ? calm + 20 : 0;
  }
  judge.end();
  judge.blame(world.bugs().map((bug) => `a bug: ${JSON.stringify(bug)} ${String(bug)}`));
  const fault = judge.fault();
  const seconds = (world.nowMs() - beganMs) / 1_000;
  return { counts: judge.counts, seconds, ...(fault === undefined ? {} : { fault }) };
}
