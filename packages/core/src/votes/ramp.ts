import type { Origin } from "../ids/origin.ts";
import { isVotedOut } from "./drained.ts";
import { isFresh } from "./freshness.ts";
import { voteWithinMs } from "./settings.ts";
import { echoesLately, saidBy, type VoteView, votersAgainst } from "./vote-view.ts";
import type { Closing, Ramp } from "./votes-item.ts";

/*
 * How a region comes back: for a while a share of its shoppers is led to it, then all are. Caches are cold after a drain,
 * and a cause that was not found shows under a little load. The region says so itself, from what it says of itself, so it
 * needs nobody to come back.
 */

/** Whether the last looks at a region have failed, or counted for nothing, as those of who sees nobody. */
function isUnseen({ observations, nowMs, settings }: VoteView, other: Origin): boolean {
  const seen = observations.get(other);
  return (
    seen === undefined ||
    seen.failures >= settings.failuresToVote ||
    !isFresh(seen.atMs, voteWithinMs(settings), nowMs)
  );
}

/**
 * Whether the region is out as far as it can know. One that was cut off, or that replication is late to reach, cannot hear
 * all votes against it: those that it cannot see, or whose word in sight is old, may vote too, once one does.
 */
function isOut(view: VoteView, closing: Closing | undefined): boolean {
  const { me, configured, settings } = view;
  if (closing?.phase === "closed" || isVotedOut(view, me, settings)) {
    return true;
  }
  const voters = votersAgainst(view, me);
  const silent = configured.filter((origin) => origin !== me && !voters.includes(origin));
  return (
    configured.length >= settings.regionsMin &&
    voters.length > 0 &&
    silent.every((other) => isUnseen(view, other) || !echoesLately(view, other))
  );
}

/**
 * Where a region stands on its way back after this moment. A region that has made no round for long may have been dead,
 * so it has just come back. `closing` is its own, after this moment.
 */
export function nextRamp(view: VoteView, closing: Closing | undefined): Ramp | undefined {
  const { me, nowMs, settings } = view;
  const before = saidBy(view, me);
  const ramp = before?.ramp;
  if (isOut(view, closing)) {
    return ramp?.phase === "out" ? ramp : { phase: "out", sinceMs: nowMs };
  }
  const wasSilent = before !== undefined && !isFresh(before.touchedAtMs, settings.gapMaxMs, nowMs);
  if (ramp?.phase === "out" || wasSilent) {
    return { phase: "returning", sinceMs: nowMs };
  }
  return isReturning(ramp, { nowMs, settings }) ? ramp : undefined;
}

/** Whether only a share of the shoppers is to come yet. */
export function isReturning(
  ramp: Ramp | undefined,
  { nowMs, settings }: Pick<VoteView, "nowMs" | "settings">,
): boolean {
  return ramp?.phase === "returning" && isFresh(ramp.sinceMs, settings.rampMs, nowMs);
}
