import type { VoteSettings } from "../settings.ts";
import { shiftWithinMs, slowTurnsWithinMs } from "./route53.ts";
import { glanceWithinMs, type JudgedWorld } from "./vote-judges.ts";

interface Track {
  /** Since when all have been led to it; nothing while only some are, or nobody. */
  wholeSinceMs?: number | undefined;
  /** Since when only some have been, after all were. */
  cutSinceMs?: number | undefined;
  /** When it last was out by its own word, or had reason to take itself for one that was. */
  excusedMs: number;
  lastRound?: { readonly ms: number; readonly clockMs: number };
  deadSinceMs?: number | undefined;
  /** ms that it was dead at a stretch before it last woke, and when that was. */
  diedForMs: number;
  wokeMs: number;
}

const proberStartsWithinMs = 75_000; // its schedule is of minutes, and a round and a glance come after

/**
 * Judges that a region which is led all its shoppers is not led a share of them next, but after it was out. A prober that
 * was away for long while its region answered, and a clock that was set as far, are taken for an outage.
 */
export function createCutBackJudge(world: JudgedWorld, settings: VoteSettings) {
  const tracks = world.places.map(
    (): Track => ({ excusedMs: -Infinity, diedForMs: 0, wokeMs: Number.NEGATIVE_INFINITY }),
  );

  function watchDeath(at: number, track: Track): void {
    const nowMs = world.nowMs();
    if (world.faults.dead.has(at)) {
      track.deadSinceMs ??= nowMs;
    } else if (track.deadSinceMs !== undefined) {
      Object.assign(track, { diedForMs: nowMs - track.deadSinceMs, wokeMs: nowMs, deadSinceMs: undefined });
    }
  }

  /** Whether it was led a share until it noticed its silence: the slow check had turned, and its prober came soon. */
  const isHeld = ({ diedForMs, wokeMs, lastRound }: Track): boolean =>
    diedForMs > slowTurnsWithinMs + glanceWithinMs &&
    wokeMs > (lastRound?.ms ?? 0) &&
    world.nowMs() - wokeMs < proberStartsWithinMs;

  function cutBack(track: Track, at: number): readonly string[] {
    const isExcused = track.excusedMs > (track.wholeSinceMs ?? 0) - shiftWithinMs;
    track.wholeSinceMs = undefined;
    return isExcused ? [] : [`${at} was led all shoppers, and is led a share of them though it was not out`];
  }

  return {
    /** After a region's round. */
    round(at: number): void {
      const track = tracks[at];
      if (track === undefined) {
        return;
      }
      watchDeath(at, track);
      const { lastRound } = track;
      const nowMs = world.nowMs();
      const clockMs = world.clockMs(at);
      const silentMs = Math.abs(clockMs - (lastRound?.clockMs ?? clockMs));
      if (silentMs > settings.gapMaxMs && !isHeld(track)) {
        track.excusedMs = nowMs;
      }
      track.lastRound = { ms: nowMs, clockMs };
    },

    glance: (): readonly string[] =>
      tracks.flatMap((track, at) => {
        watchDeath(at, track);
        const { answered, whole } = world.routing(at);
        const nowMs = world.nowMs();
        if (world.region(at).votes()?.ramp?.phase === "out") {
          track.excusedMs = nowMs;
        }
        if (!answered) {
          Object.assign(track, { wholeSinceMs: undefined, cutSinceMs: undefined });
        } else if (whole && track.cutSinceMs === undefined) {
          track.wholeSinceMs ??= nowMs;
        } else if (track.wholeSinceMs !== undefined) {
          // out and back on the one side may be seen before the other: what is cut to a share may be about to go
          track.cutSinceMs ??= nowMs;
          if (whole || nowMs - track.cutSinceMs > shiftWithinMs) {
            track.cutSinceMs = undefined;
            return cutBack(track, at);
          }
        }
        return [];
      }),
  };
}
