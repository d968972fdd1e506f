import type { VoteSettings } from "../settings.ts";
import type { RampCounts } from "./ramp-counts.ts";
import { shiftWithinMs, slowCheckEveryMs, slowCheckThreshold, slowTurnsWithinMs } from "./route53.ts";
import { isReachable } from "./vote-faults.ts";
import { glanceWithinMs, type JudgedWorld } from "./vote-judges.ts";
import type { VoteStep } from "./vote-steps.ts";

interface Track {
  /** Since when it has been out for a drain, as Route 53 sees it; never while it is answered. */
  drainedSinceMs: number;
  wasAnswered: boolean;
  /** When it last could not hear what others say of it. */
  unheardMs: number;
  /** Since when it has been dead without anything that makes it forget so; nothing while it is not. */
  deadSinceMs?: number | undefined;
  wasDead: boolean;
  /** Whether it had made a round before it died: who has made none knows of none that it missed. */
  hadSpoken: boolean;
  /** Until when it may not be whole: by its own word, and by the slow check alone. */
  shareUntilMs: number;
  slowUntilMs: number;
}

/** Steps after which a region may not know that it was out, or how long. */
const forgetful: ReadonlySet<VoteStep["type"]> = new Set(["set-clock", "version"]);

/** Judges that a region which was drained, or dead for long, is led a share of its shoppers first. */
export function createShareFirstJudge(world: JudgedWorld, settings: VoteSettings, counts: RampCounts) {
  const tracks = world.places.map(
    (): Track => ({
      drainedSinceMs: Number.POSITIVE_INFINITY,
      wasAnswered: true,
      unheardMs: -Infinity,
      wasDead: false,
      hadSpoken: false,
      shareUntilMs: -Infinity,
      slowUntilMs: -Infinity,
    }),
  );

  /** Whether there are votes that a region does not see, or not for long, or cannot read. */
  const isUnheard = (at: number): boolean =>
    world.faults.proberless.has(at) ||
    (world.faults.delayMs.get(at) ?? 0) > settings.probeEveryMs ||
    [...world.faults.version.values()].includes("later-rules") ||
    world.places.every((other) => other === at || !isReachable(world.faults, other, at));

  /** A region that wakes finds that it has made no round for long; and before that the slow check has turned. */
  function judgeDeath(at: number, track: Track): void {
    const nowMs = world.nowMs();
    const isDead = world.faults.dead.has(at);
    if (isDead && !track.wasDead) {
      Object.assign(track, { deadSinceMs: nowMs, hadSpoken: world.region(at).votes() !== undefined });
    }
    if (!isDead && track.wasDead) {
      const deadMs = nowMs - (track.deadSinceMs ?? nowMs);
      if (deadMs > settings.gapMaxMs + glanceWithinMs && track.hadSpoken) {
        counts.woken += 1;
        track.shareUntilMs = nowMs + settings.rampMs - glanceWithinMs;
      }
      if (deadMs > slowTurnsWithinMs + glanceWithinMs) {
        track.slowUntilMs = nowMs + (slowCheckThreshold - 1) * slowCheckEveryMs - glanceWithinMs;
      }
    }
    track.wasDead = isDead;
  }

  function judgeDrain(at: number, track: Track): void {
    const { answered, drained } = world.routing(at);
    // Shorter than Route 53 needs to see a change, and the one end of the drain may be seen before the other.
    const isJudged = [track.drainedSinceMs, track.unheardMs].every(
      (ms) => world.nowMs() - ms > shiftWithinMs,
    );
    if (answered && !track.wasAnswered && isJudged) {
      counts.returned += 1;
      track.shareUntilMs = Math.max(track.shareUntilMs, world.nowMs() + settings.rampMs - shiftWithinMs);
    }
    if (isUnheard(at)) {
      track.unheardMs = world.nowMs();
    }
    const drainedMs = drained ? world.nowMs() : Number.POSITIVE_INFINITY;
    track.drainedSinceMs = answered ? Number.POSITIVE_INFINITY : Math.min(track.drainedSinceMs, drainedMs);
    track.wasAnswered = answered;
  }

  return {
    step(step: VoteStep): void {
      const track = "at" in step ? tracks[step.at % tracks.length] : undefined;
      if (track !== undefined && forgetful.has(step.type)) {
        track.drainedSinceMs = Number.POSITIVE_INFINITY;
        track.shareUntilMs = -Infinity;
        track.deadSinceMs = undefined;
      }
      if (track !== undefined && step.type === "stop-prober") {
        track.shareUntilMs = -Infinity; // it may never notice that it was dead: silence is whole
      }
    },

    glance: (): readonly string[] =>
      tracks.flatMap((track, at) => {
        judgeDeath(at, track);
        judgeDrain(at, track);
        const untilMs = Math.max(track.shareUntilMs, track.slowUntilMs);
        return world.routing(at).whole && world.nowMs() < untilMs
          ? [`${at} is led all shoppers too soon`]
          : [];
      }),
  };
}
