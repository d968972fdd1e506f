import type { VoteSettings } from "../settings.ts";
import { votersAgainst } from "../vote-view.ts";
import type { RampCounts } from "./ramp-counts.ts";
import { wholeWithinMs } from "./route53.ts";
import { glanceWithinMs, type JudgedWorld, mustBeBack } from "./vote-judges.ts";
import type { VoteStep } from "./vote-steps.ts";

/** What happens to a region without being a reason to take it for one that was out. */
const harmless: readonly VoteStep["type"][] = [
  "command",
  "alarm",
  "mend",
  "heal",
  "slow-replication",
  "backlog",
];

/** Judges that a region which never was out is led all its shoppers, and one that is well again is within the bound. */
export function createWholeJudge(world: JudgedWorld, settings: VoteSettings, counts: RampCounts) {
  /** Regions to which anything has happened that could be taken for an outage. */
  const touched = new Set<number>();
  /** Since when one is well and led a share only, and when that begins to count. */
  const wellSinceMs = new Map<number, number>();
  const startMs = new Map<number, number>();
  const boundMs = settings.rampMs + wholeWithinMs + 2 * settings.probeEveryMs + glanceWithinMs;

  function isVotedAgainst(at: number): boolean {
    const target = world.origins[at];
    return world.places.some(
      (voter) => target !== undefined && world.region(voter).votes()?.standings.get(target)?.voting === true,
    );
  }

  /** Whether it is open, and neither says so nor hears anything else. */
  function isWell(at: number): boolean {
    const target = world.origins[at];
    const { votes, sight } = world.region(at);
    return (
      target !== undefined &&
      world.routing(at).answered &&
      mustBeBack(world, at) &&
      votes()?.closing?.phase !== "closed" &&
      votersAgainst({ heard: sight().heard, configured: world.origins }, target).length === 0
    );
  }

  return {
    step(step: VoteStep): void {
      const at = "at" in step ? step.at % world.places.length : undefined;
      if (at !== undefined && !harmless.includes(step.type)) {
        touched.add(at);
      }
      if (at !== undefined && step.type === "set-clock") {
        wellSinceMs.delete(at);
        startMs.set(at, world.nowMs() + settings.rampMs); // one that is set back makes the ramp as much longer
      }
    },

    glance: (): readonly string[] =>
      world.places.flatMap((at) => {
        const { whole, drained } = world.routing(at);
        if (drained || isVotedAgainst(at) || world.region(at).votes()?.closing !== undefined) {
          touched.add(at);
        }
        counts.whole += touched.has(at) ? 0 : 1;
        if (whole || !isWell(at)) {
          counts.wholeAgain += whole && wellSinceMs.has(at) ? 1 : 0;
          wellSinceMs.delete(at);
        } else if (!wellSinceMs.has(at)) {
          wellSinceMs.set(at, Math.max(world.nowMs(), startMs.get(at) ?? 0));
        }
        const wellMs = world.nowMs() - (wellSinceMs.get(at) ?? world.nowMs());
        return [
          ...(whole || touched.has(at) ? [] : [`${at} was never out and is led a share only`]),
          ...(wellMs > boundMs ? [`${at} is led a share only, ${wellMs} ms after it was well`] : []),
        ];
      }),
  };
}

/** When everything has healed, and the longest bound is over. */
export function sharesAtTheEnd(world: JudgedWorld): readonly string[] {
  return world.places
    .filter((at) => world.routing(at).answered && !world.routing(at).whole)
    .map((at) => `${world.origins[at]} is led a share only, long after it came back`);
}
