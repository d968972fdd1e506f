import { backWithinMs } from "../settings.ts";
import type { RampCounts } from "./ramp-counts.ts";
import { createRampJudge } from "./ramp-judge.ts";
import { shiftWithinMs, wholeWithinMs } from "./route53.ts";
import { createRunJudge } from "./run-judge.ts";
import type { VoteCounts } from "./vote-judges.ts";
import type { VoteRules } from "./vote-region.ts";
import type { VoteRun } from "./vote-steps.ts";
import { createVoteWorld } from "./vote-world.ts";
import { sharesAtTheEnd } from "./whole-judge.ts";

export interface Played {
  /** What went wrong first, with the moment; nothing when all is well. */
  readonly fault?: string;
  readonly counts: VoteCounts & RampCounts;
}

/** Plays a run to its end, then mends everything, waits for the longest bound, and judges what is left. */
export function playVotes(run: VoteRun, rules: VoteRules, judged: VoteRules = rules): Played {
  const world = createVoteWorld(run, rules);
  const { settings } = judged;
  const judge = createRunJudge(world, settings);
  const ramps = createRampJudge(world, settings);
  world.observe({
    round(at) {
      judge.round(at);
      ramps.round(at);
    },
    step(step) {
      judge.step(step);
      ramps.step(step);
    },
    glance() {
      judge.glance();
      judge.blame(ramps.glance());
    },
  });
  for (const step of run.steps) {
    world.play(step);
  }
  for (const at of world.places) {
    world.play({ type: "mend", at });
    if (world.faults.version.has(at)) {
      world.play({ type: "version", at, version: "same" });
    }
  }
  const alarmed = run.steps.some(({ type }) => type === "alarm");
  const quietMs = alarmed ? settings.alarmMaxMs : 0;
  const healMs =
    quietMs + backWithinMs(settings) + settings.settleMs + shiftWithinMs + settings.rampMs + wholeWithinMs;
  world.play({ type: "wait", seconds: Math.ceil(healMs / 1_000) + 30 });
  judge.blame(sharesAtTheEnd(world));
  judge.end();
  const counts = { ...judge.counts, ...ramps.counts };
  const fault = judge.fault();
  return fault === undefined ? { counts } : { fault, counts };
}
