import { backWithinMs } from "../settings.ts";
import { createRampJudge, type RampCounts } from "./ramp-judge.ts";
import { shiftWithinMs, wholeWithinMs } from "./route53.ts";
import { createRunJudge } from "./run-judge.ts";
import type { VoteCounts } from "./vote-judges.ts";
import type { VoteRules } from "./vote-region.ts";
import type { VoteRun } from "./vote-steps.ts";
import { createVoteWorld, type VoteWorld } from "./vote-world.ts";

export interface Played {
  /** What went wrong first, with the moment; nothing when all is well. */
  readonly fault?: string;
  readonly counts: VoteCounts & RampCounts;
}

function sharesAtTheEnd(world: VoteWorld): readonly string[] {
  return world.places
    .filter((at) => world.routing(at).answered && !world.routing(at).whole)
    .map((at) => `${world.origins[at]} is led a share only, long after it came back`);
}

/** Plays a run to its end, then mends everything, waits for the longest bound, and judges what is left. */
export function playVotes(run: VoteRun, rules: VoteRules, judged: VoteRules = rules): Played {
  const world = createVoteWorld(run, rules);
  const { settings } = judged;
  const judge = createRunJudge(world, settings);
  const returns: RampCounts = { returned: 0, whole: 0 };
  const ramps = createRampJudge(world, settings, returns);
  world.observe({
    round: judge.round,
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
  const counts = { ...judge.counts, ...returns };
  const fault = judge.fault();
  return fault === undefined ? { counts } : { fault, counts };
}
