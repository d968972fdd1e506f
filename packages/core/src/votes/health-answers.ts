import type { Origin } from "../ids/origin.ts";
import { isFresh } from "./freshness.ts";
import { isReturning } from "./ramp.ts";
import type { VoteSettings } from "./settings.ts";
import type { RegionVotes } from "./votes-item.ts";

/** What `/health` answers to Route 53. */
export type HealthAnswer =
  | { readonly status: 200; readonly health: "open" }
  | { readonly status: 503; readonly health: "not-ready" | "drained" };

/** Drained by an operator. It needs no fresh round: a region that was closed stays so while its prober is away. */
export function healthAnswer(isReady: boolean, own: RegionVotes | undefined): HealthAnswer {
  if (!isReady) {
    return { status: 503, health: "not-ready" };
  }
  return own?.closing?.phase === "closed"
    ? { status: 503, health: "drained" }
    : { status: 200, health: "open" };
}

/** What `/drain-votes/<region>` answers: 404, and not a server's error that an alarm would count, while there is no vote. */
export type DrainVoteAnswer =
  | { readonly status: 200; readonly vote: "drain"; readonly sinceMs: number }
  | { readonly status: 404; readonly vote: "none" };

/** A region's word on another one. It is none once the region has made no round for long: its prober may be gone. */
export function drainVoteAnswer(
  own: RegionVotes | undefined,
  target: Origin,
  { nowMs, settings }: { readonly nowMs: number; readonly settings: VoteSettings },
): DrainVoteAnswer {
  const standing = own?.standings.get(target);
  return own !== undefined &&
    standing?.voting === true &&
    isFresh(own.touchedAtMs, settings.silenceMaxMs, nowMs)
    ? { status: 200, vote: "drain", sinceMs: standing.sinceMs }
    : { status: 404, vote: "none" };
}

/** What `/ramped` answers: 404, and not a server's error that an alarm would count, while a share of the shoppers is enough. */
export type RampedAnswer =
  | { readonly status: 200; readonly load: "all" }
  | { readonly status: 404; readonly load: "share" };

/**
 * Whether all shoppers that are near may be led to a region. They may where nothing is known of it, as in its first minute,
 * and where it was out by a word that is old: a prober that is gone must not make the others carry its region for ever.
 * One that an operator closed stays so while its prober is away.
 */
export function rampedAnswer(
  own: RegionVotes | undefined,
  step: { readonly nowMs: number; readonly settings: VoteSettings },
): RampedAnswer {
  const isClosed = own?.closing?.phase === "closed";
  const isOut =
    own?.ramp?.phase === "out" && isFresh(own.touchedAtMs, step.settings.silenceMaxMs, step.nowMs);
  return isClosed || isOut || isReturning(own?.ramp, step)
    ? { status: 404, load: "share" }
    : { status: 200, load: "all" };
}
