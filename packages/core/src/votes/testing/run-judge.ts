import { originRegion } from "../../ids/origin.ts";
import { newestCommands } from "../command-item.ts";
import { drainedRegions } from "../drained.ts";
import type { VoteSettings } from "../settings.ts";
import { createAlarmJudge } from "./alarm-judge.ts";
import {
  createBoundJudge,
  createClosedJudge,
  createFlapJudge,
  type JudgedWorld,
  tooManyOut,
  type VoteCounts,
  wrongVotes,
} from "./vote-judges.ts";
import type { VoteStep } from "./vote-steps.ts";

/** When everything has healed: all regions see the same drains, those that operators want and no others. */
export function faultsAtTheEnd(world: JudgedWorld, settings: VoteSettings): readonly string[] {
  const faults: string[] = [];
  const texts = new Set<string>();
  for (const at of world.places) {
    const sight = world.region(at).sight();
    const drained = drainedRegions({ ...sight, configured: world.origins }, settings);
    const wanted = [...newestCommands(sight.commands)].filter(([, { action }]) => action === "drain");
    const forced = new Set(wanted.filter(([, { force }]) => force).map(([target]) => target));
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
      if (isOut !== (of !== undefined && drained.has(of))) {
        faults.push(`${at} and Route 53 disagree on ${of}`);
      }
      if (isOut && !isWanted) {
        faults.push(`${of} is out, and nobody wants it`);
      }
      if (of !== undefined && isWanted && !isOut && (wanted.length <= 1 || forced.has(of))) {
        faults.push(`${of} is not out, and an operator wants it`);
      }
    }
  }
  return texts.size === 1 ? faults : [...faults, `regions disagree: ${[...texts].join(" / ")}`];
}

/** Judges a run from its first moment to its last: what goes wrong first is kept, with the moment. */
export function createRunJudge(world: JudgedWorld, settings: VoteSettings) {
  const counts: VoteCounts = { votedOut: 0, closed: 0, outInBound: 0, backInBound: 0 };
  const flaps = createFlapJudge(settings);
  const alarms = createAlarmJudge(world, settings);
  const bounds = createBoundJudge(world, settings, counts);
  const closed = createClosedJudge(world);
  const wasOut = new Set<string>();
  const beganMs = world.nowMs();
  let fault: string | undefined;
  const count = (name: "votedOut" | "closed", at: number, isOut: boolean): void => {
    const key = `${name} ${at}`;
    counts[name] += isOut && !wasOut.has(key) ? 1 : 0;
    wasOut[isOut ? "add" : "delete"](key);
  };
  const blame = (faults: readonly string[]): void => {
    fault ??=
      faults[0] === undefined ? undefined : `${faults[0]} (second ${(world.nowMs() - beganMs) / 1_000})`;
  };
  return {
    counts,
    blame,
    fault: () => fault,
    /** After each of a region's rounds. */
    round(at: number): void {
      blame(wrongVotes(world, at, settings));
      blame(alarms.round(at));
      blame(flaps.after(at, world.region(at).votes(), world.nowMs()));
    },
    step(step: VoteStep): void {
      if (step.type === "set-clock" || step.type === "version") {
        flaps.forget(step.at % world.places.length);
      }
      bounds.step(step);
    },
    /** Every five seconds. */
    glance(): void {
      blame(tooManyOut(world, settings));
      blame(bounds.glance());
      blame(closed.glance());
      for (const at of world.places) {
        count("votedOut", at, world.routing(at).votedOut);
        count("closed", at, world.region(at).votes()?.closing?.phase === "closed");
      }
    },
    end(): void {
      blame(faultsAtTheEnd(world, settings));
    },
  };
}
