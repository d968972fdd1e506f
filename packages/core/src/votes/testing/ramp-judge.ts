import type { VoteSettings } from "../settings.ts";
import { shiftWithinMs } from "./route53.ts";
import { isReachable } from "./vote-faults.ts";
import type { VoteStep } from "./vote-steps.ts";
import type { VoteWorld } from "./vote-world.ts";

/** What a run has shown of returns, so that a test can say that it was no empty one. */
export interface RampCounts {
  /** Times that a region which was drained was answered again, and judged. */
  returned: number;
  /** Looks at a region that was never out, or had to be whole by then. */
  whole: number;
}

interface Track {
  /** Whether anything has happened that could be taken for an outage. */
  isTouched: boolean;
  /** Since when it has been out for a drain, as Route 53 sees it; never while it is answered. */
  drainedSinceMs: number;
  wasAnswered: boolean;
  /** When it last could not hear what others say of it. */
  unheardMs: number;
  /** Until when it may not be whole. */
  shareUntilMs: number;
}

/** Steps after which a region may not know that it was out. */
const forgetful: ReadonlySet<VoteStep["type"]> = new Set(["set-clock", "version"]);

/** Judges that a region which was drained is led a share of its shoppers first, and one that never was out all of them. */
export function createRampJudge(world: VoteWorld, settings: VoteSettings, counts: RampCounts) {
  const tracks = world.places.map(
    (): Track => ({
      isTouched: false,
      drainedSinceMs: Number.POSITIVE_INFINITY,
      wasAnswered: true,
      unheardMs: -Infinity,
      shareUntilMs: -Infinity,
    }),
  );

  /** Whether there are votes that a region does not see, or not for long, or cannot read. */
  const isUnheard = (at: number): boolean =>
    world.faults.proberless.has(at) ||
    (world.faults.delayMs.get(at) ?? 0) > settings.probeEveryMs ||
    [...world.faults.version.values()].includes("later-rules") ||
    world.places.every((other) => other === at || !isReachable(world.faults, other, at));

  function forget(track: Track): void {
    track.drainedSinceMs = Number.POSITIVE_INFINITY;
    track.shareUntilMs = -Infinity;
  }

  function judge(at: number, track: Track): readonly string[] {
    const { answered, whole, drained } = world.routing(at);
    const faults: string[] = [];
    const target = world.origins[at];
    const isVotedAgainst = world.places.some(
      (voter) => target !== undefined && world.region(voter).votes()?.standings.has(target) === true,
    );
    track.isTouched ||= drained || isVotedAgainst || world.region(at).votes()?.closing !== undefined;
    if (!track.isTouched) {
      counts.whole += 1;
      faults.push(...(whole ? [] : [`${at} was never out and is led a share only`]));
    }
    // Shorter than Route 53 needs to see a change, and the one end of the drain may be seen before the other.
    const isJudged = [track.drainedSinceMs, track.unheardMs].every(
      (ms) => world.nowMs() - ms > shiftWithinMs,
    );
    if (answered && !track.wasAnswered && isJudged) {
      counts.returned += 1;
      track.shareUntilMs = world.nowMs() + settings.rampMs - shiftWithinMs;
    }
    if (isUnheard(at)) {
      track.unheardMs = world.nowMs();
    }
    const drainedMs = drained ? world.nowMs() : Number.POSITIVE_INFINITY;
    track.drainedSinceMs = answered ? Number.POSITIVE_INFINITY : Math.min(track.drainedSinceMs, drainedMs);
    track.wasAnswered = answered;
    if (whole && world.nowMs() < track.shareUntilMs) {
      faults.push(`${at} is led all shoppers too soon`);
    }
    return faults;
  }

  return {
    step(step: VoteStep): void {
      const track = "at" in step ? tracks[step.at % tracks.length] : undefined;
      const isFault = !["command", "alarm", "mend", "heal", "slow-replication", "backlog"].includes(
        step.type,
      );
      if (track !== undefined && isFault) {
        track.isTouched = true;
      }
      if (track !== undefined && forgetful.has(step.type)) {
        forget(track);
      }
    },

    glance: (): readonly string[] => tracks.flatMap((track, at) => judge(at, track)),
  };
}
