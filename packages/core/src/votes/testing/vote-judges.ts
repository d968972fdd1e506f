import type { Origin } from "../../ids/origin.ts";
import { type Command, newestCommands } from "../command-item.ts";
import { ordersInForce } from "../commands.ts";
import { isFresh } from "../freshness.ts";
import { backWithinMs, drainsMax, holdMsOf, type VoteSettings, voteWithinMs } from "../settings.ts";
import type { ControlSight } from "../vote-view.ts";
import type { RegionVotes, Standing } from "../votes-item.ts";
import { shiftWithinMs } from "./route53.ts";
import { type Faults, isReachable } from "./vote-faults.ts";
import type { VoteStep } from "./vote-steps.ts";

/** Of regions that are played on virtual time, what judges look at. Places are numbers in the list of regions. */
export interface JudgedWorld {
  readonly places: readonly number[];
  readonly origins: readonly Origin[];
  readonly faults: Faults;
  /** All that operators have said, wherever, and whoever knows it. */
  readonly commands: readonly Command[];
  nowMs(): number;
  clockMs(at: number): number;
  region(at: number): {
    /** What the region's replica says. */
    sight(): ControlSight;
    /** What it last said itself. */
    votes(): RegionVotes | undefined;
  };
  /** What Route 53 does at this moment, and what it would do at once. */
  routing(at: number): {
    readonly answered: boolean;
    /** All shoppers that are near are led there, not a share of them. */
    readonly whole: boolean;
    readonly drained: boolean;
    readonly votedOut: boolean;
    readonly drainedNow: boolean;
  };
}

/** What a run has shown beside its faults, so that a test can say that it was no empty one. */
export interface VoteCounts {
  /** Times that votes took a region out, as Route 53 saw it. */
  votedOut: number;
  /** Times that a region's drain by an operator began to show. */
  closed: number;
  /** Looks at a region that had to be out by then, and at one that had to be back. */
  outInBound: number;
  backInBound: number;
}

/**
 * More than the drains that leave enough regions open are never in force: at once, and as Route 53 has seen them. Those that
 * an operator has forced are not counted.
 */
export function tooManyOut(world: JudgedWorld, settings: VoteSettings): readonly string[] {
  const most = drainsMax(world.places.length, settings);
  const forced = new Set(
    world.commands.filter(({ force, action }) => force && action === "drain").map(({ target }) => target),
  );
  const routing = world.origins.flatMap((of, at) => (forced.has(of) ? [] : [world.routing(at)]));
  const now = routing.filter(({ drainedNow }) => drainedNow).length;
  const routed = routing.filter(({ drained }) => drained).length;
  return [
    ...(now > most ? [`${now} regions are drained, ${most} may be`] : []),
    ...(routed > most ? [`Route 53 sees ${routed} regions drained, ${most} may be`] : []),
  ];
}

/** What one region's votes must never be, by themselves and by what it sees. */
export function wrongVotes(world: JudgedWorld, at: number, settings: VoteSettings): readonly string[] {
  const sight = world.region(at).sight();
  const standings = world.region(at).votes()?.standings ?? new Map<Origin, Standing>();
  const against = [...standings].filter(([, { voting }]) => voting).map(([target]) => target);
  const orders = ordersInForce(sight.commands, world.clockMs(at), settings);
  const unheeded = against.filter((target) => orders.get(target)?.type === "restore");
  return [
    ...(against.length > drainsMax(world.places.length, settings) ? [`${at} votes against ${against}`] : []),
    ...unheeded.map((target) => `${at} votes against ${target}, which an operator has restored`),
  ];
}

interface Track {
  voting: boolean;
  beganMs: number;
  endedMs: number;
  silentMs: number;
  inRow: number;
}

/**
 * Judges the votes of one region over time, in true time: each in a row stands twice as long as the last, up to the cap,
 * unless an operator ends it, or nobody looks for long, which cannot be often either.
 */
export function createFlapJudge(settings: VoteSettings) {
  const tracks = new Map<string, Track>();
  const slackMs = settings.probeEveryMs;

  function ended(track: Track, why: string, nowMs: number): string | undefined {
    const stoodMs = nowMs - track.beganMs;
    const silentForMs = nowMs - track.silentMs;
    Object.assign(track, { voting: false, endedMs: nowMs });
    if (why === "silent") {
      track.silentMs = nowMs;
      return silentForMs < settings.silenceMaxMs - slackMs ? `silent twice in ${silentForMs} ms` : undefined;
    }
    const leastMs = Math.min(holdMsOf(track.inRow, settings), settings.holdMaxMs);
    return why !== "restored" && stoodMs < leastMs
      ? `vote ${track.inRow} in a row stood ${stoodMs} ms only`
      : undefined;
  }

  return {
    /** A clock that is set, or other code, may forget: what it does next is not held against it. */
    forget(at: number): void {
      for (const key of [...tracks.keys()].filter((one) => one.startsWith(`${at}>`))) {
        tracks.delete(key);
      }
    },

    after(at: number, votes: RegionVotes | undefined, nowMs: number): readonly string[] {
      const faults: string[] = [];
      for (const [target, { voting, why, sinceMs }] of votes?.standings ?? []) {
        const key = `${at}>${target}`;
        const track = tracks.get(key);
        if (track === undefined) {
          const beganMs = sinceMs === votes?.touchedAtMs ? nowMs : -Infinity;
          tracks.set(key, { voting, beganMs, endedMs: nowMs, silentMs: -Infinity, inRow: voting ? 1 : 0 });
        } else if (voting && !track.voting) {
          const soon = nowMs - track.endedMs <= settings.forgetMs - slackMs;
          Object.assign(track, { voting, beganMs: nowMs, inRow: soon ? track.inRow + 1 : 1 });
        } else if (!voting && track.voting) {
          const fault = ended(track, why, nowMs);
          faults.push(...(fault === undefined ? [] : [`${key}: ${fault}`]));
        }
      }
      return faults;
    },
  };
}

/** Whether every other region sees a region failing, and nothing else could be in the way of its drain. */
function mustGo(world: JudgedWorld, at: number, settings: VoteSettings): boolean {
  const { faults, places } = world;
  const others = places.filter((one) => one !== at);
  const fails = faults.dead.has(at) || (faults.failShare.get(at) ?? 0) === 100;
  return (
    fails &&
    others.every((other) => {
      const standings = [...(world.region(other).votes()?.standings ?? [])];
      const isBusy = standings.some(
        ([of, { voting, sinceMs }]) =>
          of !== world.origins[at] && (voting || isFresh(sinceMs, settings.settleMs, world.clockMs(other))),
      );
      const isOrdered = ordersInForce(world.commands, world.clockMs(other), settings).size > 0;
      const works = !faults.dead.has(other) && !faults.proberless.has(other) && !faults.failShare.has(other);
      const sees = others.every((third) => third === other || isReachable(faults, other, third));
      return works && sees && !isBusy && !isOrdered && world.region(other).votes()?.closing === undefined;
    })
  );
}

/** Whether a region is as well as one can be, for everybody, and no operator wants it out. */
export function mustBeBack(world: JudgedWorld, at: number): boolean {
  const { faults, places, origins } = world;
  const target = origins[at];
  const others = places.filter((one) => one !== at);
  const slow = places.some((one) => faults.delayMs.has(one) || faults.backlogMs.has(one));
  const wanted = target !== undefined && newestCommands(world.commands).get(target)?.action !== "drain";
  return (
    !slow &&
    wanted &&
    !faults.dead.has(at) &&
    !faults.proberless.has(at) &&
    !faults.failShare.has(at) &&
    others.every((other) => isReachable(faults, at, other) || faults.dead.has(other))
  );
}

/** ms by which judges see anything late: they glance every five seconds. */
export const glanceWithinMs = 6_000;

/** Judges that a region that all see failing is out, and one that is well again is back, each within its bound. */
export function createBoundJudge(world: JudgedWorld, settings: VoteSettings, counts: VoteCounts) {
  const goSinceMs = new Map<number, number>();
  const backSinceMs = new Map<number, number>();
  let alarmedMs = -Infinity;
  const goWithinMs = voteWithinMs(settings) + settings.probeEveryMs + shiftWithinMs + glanceWithinMs;
  const returnWithinMs = backWithinMs(settings) + settings.settleMs + shiftWithinMs + glanceWithinMs;

  function sinceMs(since: Map<number, number>, at: number, holds: boolean): number {
    if (!holds) {
      since.delete(at);
      return 0;
    }
    since.set(at, since.get(at) ?? world.nowMs());
    return world.nowMs() - (since.get(at) ?? 0);
  }

  return {
    /** What may delay anything counts from its own moment. */
    step({ type }: VoteStep): void {
      alarmedMs = type === "alarm" ? world.nowMs() : alarmedMs;
      if (type === "set-clock" || type === "version") {
        goSinceMs.clear();
        backSinceMs.clear();
      }
    },

    glance(): readonly string[] {
      const faults: string[] = [];
      const isQuiet = world.nowMs() - alarmedMs > settings.alarmMaxMs;
      for (const at of world.places) {
        const { answered } = world.routing(at);
        const goMs = sinceMs(goSinceMs, at, mustGo(world, at, settings));
        const backMs = sinceMs(backSinceMs, at, isQuiet && mustBeBack(world, at));
        if (goMs > goWithinMs) {
          counts.outInBound += 1;
          faults.push(...(answered ? [`${at} is not out after ${goMs} ms`] : []));
        }
        if (backMs > returnWithinMs) {
          counts.backInBound += 1;
          faults.push(...(answered ? [] : [`${at} is not back after ${backMs} ms`]));
        }
      }
      return faults;
    },
  };
}

/** Judges that a region which says that it is closed is soon answered no longer, whether or not others vote for it. */
export function createClosedJudge(world: JudgedWorld) {
  const closedSinceMs = new Map<number, number>();
  return {
    glance(): readonly string[] {
      const faults: string[] = [];
      for (const at of world.places) {
        if (world.region(at).votes()?.closing?.phase !== "closed") {
          closedSinceMs.delete(at);
          continue;
        }
        const sinceMs = closedSinceMs.get(at) ?? world.nowMs();
        closedSinceMs.set(at, sinceMs);
        const isLate = world.nowMs() - sinceMs > shiftWithinMs + glanceWithinMs;
        faults.push(
          ...(isLate && world.routing(at).answered ? [`${at} is closed, and shoppers are sent there`] : []),
        );
      }
      return faults;
    },
  };
}
