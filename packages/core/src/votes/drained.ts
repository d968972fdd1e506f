import type { Origin } from "../ids/origin.ts";
import type { VoteSettings } from "./settings.ts";
import { saidBy, type VoteView, votersAgainst } from "./vote-view.ts";

/** Why a region is out, with those who vote for it. */
export type Drain =
  | { readonly type: "votes"; readonly voters: readonly Origin[] }
  | { readonly type: "operator"; readonly sinceMs: number };

/** Who is drained by votes: all other configured regions say so. Silence is no vote, and below three regions none is one. */
export function isVotedOut(
  view: Pick<VoteView, "heard" | "configured">,
  target: Origin,
  { regionsMin }: VoteSettings,
): boolean {
  const others = view.configured.filter((origin) => origin !== target);
  return view.configured.length >= regionsMin && votersAgainst(view, target).length === others.length;
}

/**
 * Who is drained, by what one region sees: for people and for announcements. What moves shoppers is each region's own
 * word, `healthAnswer` and `drainVoteAnswer`, which may be newer.
 */
export function drainedRegions(
  view: Pick<VoteView, "heard" | "configured">,
  settings: VoteSettings,
): ReadonlyMap<Origin, Drain> {
  const drained = new Map<Origin, Drain>();
  for (const target of view.configured) {
    const closing = saidBy(view, target)?.closing;
    if (closing?.phase === "closed") {
      drained.set(target, { type: "operator", sinceMs: closing.sinceMs });
    } else if (isVotedOut(view, target, settings)) {
      drained.set(target, { type: "votes", voters: votersAgainst(view, target) });
    }
  }
  return drained;
}
