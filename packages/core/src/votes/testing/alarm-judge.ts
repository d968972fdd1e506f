import type { Origin } from "../../ids/origin.ts";
import { isFresh } from "../freshness.ts";
import type { VoteSettings } from "../settings.ts";
import type { ControlSight } from "../vote-view.ts";
import type { RegionVotes } from "../votes-item.ts";
import type { JudgedWorld } from "./vote-judges.ts";

/** Whom a region's last round votes against without looks that failed and without an operator. */
function votedByAlarm(
  { observations }: ControlSight,
  { standings, touchedAtMs }: RegionVotes,
  { failuresToVote }: VoteSettings,
): readonly Origin[] {
  return [...standings].flatMap(([target, { voting, sinceMs, why }]) => {
    const seen = observations.get(target);
    // looks of a later round, whose votes were not written, say nothing of this one
    const isKnown = seen !== undefined && seen.atMs <= touchedAtMs;
    const isByLooks = why === "operator" || (seen?.failures ?? 0) >= failuresToVote;
    return voting && sinceMs === touchedAtMs && isKnown && !isByLooks ? [target] : [];
  });
}

/** Why a vote against a region could not begin by an alarm, as far as the voter's own items tell. */
function othersInTrouble(
  { observations, alarms }: ControlSight,
  { standings, touchedAtMs }: RegionVotes,
  other: Origin,
  settings: VoteSettings,
): readonly string[] {
  const standing = standings.get(other);
  const seen = observations.get(other);
  const fails =
    seen !== undefined &&
    seen.failures >= settings.failuresToVote &&
    isFresh(seen.atMs, settings.silenceMaxMs, touchedAtMs);
  const wasOut = isFresh(standing?.sinceMs ?? -Infinity, settings.alarmMaxMs, touchedAtMs);
  // what was heard since the round is no part of it
  const rings = alarms.some(
    ({ of, state, sinceMs }) =>
      of === other &&
      state === "alarm" &&
      sinceMs < touchedAtMs &&
      touchedAtMs - sinceMs <= settings.alarmKnownMs,
  );
  return [
    ...(standing?.voting === true || wasOut || fails ? [`${other} is out`] : []),
    ...(rings ? [`${other} rings`] : []),
  ];
}

/**
 * Judges that no region is voted out by an alarm while another is out or rings, by each voter's own items: all others vote
 * against a region that is out, so of two that are out there is one that votes against both.
 */
export function createAlarmJudge(world: JudgedWorld, settings: VoteSettings) {
  const before = new Map<number, ReadonlySet<Origin>>();
  return {
    /** After each of a region's rounds. */
    round(at: number): readonly string[] {
      const sight = world.region(at).sight();
      const votes = world.region(at).votes();
      const known = before.get(at);
      const standings = [...(votes?.standings ?? [])];
      before.set(at, new Set(standings.filter(([, { voting }]) => voting).map(([target]) => target)));
      const voted = votes === undefined ? [] : votedByAlarm(sight, votes, settings);
      return voted
        .filter((target) => known?.has(target) !== true)
        .flatMap((target) =>
          world.origins
            .filter((other) => other !== target)
            .flatMap((other) => (votes === undefined ? [] : othersInTrouble(sight, votes, other, settings)))
            .map((why) => `${at} votes by an alarm against ${target} while ${why}`),
        );
    },
  };
}
