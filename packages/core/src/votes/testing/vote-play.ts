import { originRegion } from "../../ids/origin.ts";
import { newestCommands } from "../command-item.ts";
import { drainedRegions } from "../drained.ts";
import { backWithinMs } from "../settings.ts";
import { createRampJudge, type RampCounts } from "./ramp-judge.ts";
import { shiftWithinMs, wholeWithinMs } from "./route53.ts";
import { createBoundJudge, createFlapJudge, tooManyOut, type VoteCounts, wrongVotes } from "./vote-judges.ts";
import type { VoteRules } from "./vote-region.ts";
import type { VoteRun } from "./vote-steps.ts";
import { createVoteWorld, type VoteWorld } from "./vote-world.ts";

export interface Played {
  /** What went wrong first, with the moment; nothing when all is well. */
  readonly fault?: string;
  readonly counts: VoteCounts & RampCounts;
}

/** When everything has healed: all regions see the same drains, those that operators want and no others. */
function faultsAtTheEnd(world: VoteWorld, rules: VoteRules): readonly string[] {
  const faults: string[] = [];
  const texts = new Set<string>();
  for (const at of world.places) {
    const sight = world.region(at).sight();
    const drained = drainedRegions({ ...sight, configured: world.origins }, rules.settings);
    const wanted = [...newestCommands(sight.commands)].filter(([, { action }]) => action === "drain");
    texts.add(
      [...drained]
        .map(([of, { type }]) => `${originRegion(of)} by ${type}`)
        .sort()
        .join(),
    );
    for (const other of world.places) {
      const of = world.origins[other];
      const isOut = !world.routing(other).answered;
      const isWanted = wanted.some(([target]) => target === of);
      if (!isOut && !world.routing(other).whole) {
        faults.push(`${of} is led a share only, long after it came back`);
      }
      if (isOut !== (of !== undefined && drained.has(of))) {
        faults.push(`${at} and Route 53 disagree on ${of}`);
      }
      if (isOut && !isWanted) {
        faults.push(`${of} is out, and nobody wants it`);
      }
      if (isWanted && !isOut && wanted.length <= 1) {
        faults.push(`${of} is not out, and an operator wants it`);
      }
    }
  }
  return texts.size === 1 ? faults : [...faults, `regions disagree: ${[...texts].join(" / ")}`];
}

/** Plays a run to its end, then mends everything, waits for the longest bound, and judges what is left. */
export function playVotes(run: VoteRun, rules: VoteRules, judged: VoteRules = rules): Played {
  const world = createVoteWorld(run, rules);
  const { settings } = judged;
  const counts = { votedOut: 0, closed: 0, outInBound: 0, backInBound: 0, returned: 0, whole: 0 };
  const flaps = createFlapJudge(settings);
  const bounds = createBoundJudge(world, settings, counts);
  const ramps = createRampJudge(world, settings, counts);
  const wasOut = new Set<string>();
  const count = (name: "votedOut" | "closed", at: number, isOut: boolean): void => {
    const key = `${name} ${at}`;
    counts[name] += isOut && !wasOut.has(key) ? 1 : 0;
    wasOut[isOut ? "add" : "delete"](key);
  };
  let fault: string | undefined;
  const blame = (faults: readonly string[]): void => {
    fault ??= faults[0] === undefined ? undefined : `${faults[0]} (second ${world.nowMs() / 1_000 - 1.76e9})`;
  };
  world.observe({
    round(at) {
      blame(wrongVotes(world, at, settings));
      blame(flaps.after(at, world.region(at).votes(), world.nowMs()));
    },
    step(step) {
      if (step.type === "set-clock" || step.type === "version") {
        flaps.forget(step.at % world.places.length);
      }
      bounds.step(step);
      ramps.step(step);
    },
    glance() {
      blame(tooManyOut(world, settings));
      blame(bounds.glance());
      blame(ramps.glance());
      for (const at of world.places) {
        const { votedOut } = world.routing(at);
        count("votedOut", at, votedOut);
        count("closed", at, world.region(at).votes()?.closing?.phase === "closed");
      }
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
  blame(faultsAtTheEnd(world, judged));
  return fault === undefined ? { counts } : { fault, counts };
}
