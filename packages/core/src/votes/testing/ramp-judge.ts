import type { VoteSettings } from "../settings.ts";
import { createCutBackJudge } from "./cut-back-judge.ts";
import type { RampCounts } from "./ramp-counts.ts";
import { createShareFirstJudge } from "./share-first-judge.ts";
import type { JudgedWorld } from "./vote-judges.ts";
import type { VoteStep } from "./vote-steps.ts";
import { createWholeJudge } from "./whole-judge.ts";

/** Judges how regions come back: by a share of their shoppers first, then by all, and no other way. */
export function createRampJudge(world: JudgedWorld, settings: VoteSettings) {
  const counts: RampCounts = { returned: 0, woken: 0, whole: 0, wholeAgain: 0 };
  const first = createShareFirstJudge(world, settings, counts);
  const cutBack = createCutBackJudge(world, settings);
  const whole = createWholeJudge(world, settings, counts);
  return {
    counts: counts as Readonly<RampCounts>,
    /** After a region's round. */
    round: cutBack.round,
    step(step: VoteStep): void {
      first.step(step);
      whole.step(step);
    },
    /** Every five seconds. */
    glance: (): readonly string[] => [...first.glance(), ...cutBack.glance(), ...whole.glance()],
  };
}
