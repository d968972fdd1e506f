import type { Origin } from "../ids/origin.ts";
import { drainedRegions } from "./drained.ts";
import { isFresh } from "./freshness.ts";
import type { VoteSettings } from "./settings.ts";
import { saidBy, type VoteView, votersAgainst } from "./vote-view.ts";
import type { RegionVotes } from "./votes-item.ts";

/** How one region sees another one, or itself: for people and for clients. No operator's name or reason is in it. */
export interface RegionState {
  /**
   * `closing`: an operator's drain waits until enough others stay open. `unknown`: nothing that it says is in sight, or it
   * has said nothing for long.
   */
  readonly state: "open" | "closing" | "drained" | "unknown";
  /** Where it is drained: by an operator, or by votes alone. */
  readonly drainedBy?: "operator" | "votes";
  /**
   * By the clock of who said so: since when it is closing, drained (by votes: when the last of them began) or silent. Of
   * one that is open, when the last drain of it, or vote against it, ended: that is remembered for an hour at most.
   */
  readonly sinceMs?: number;
  /** The other regions that vote against it, enough or not. */
  readonly voters: readonly Origin[];
}

type Sight = Pick<VoteView, "heard" | "configured">;

/** When the last vote against a region began, of those that stand, or ended, of the others. */
function lastChangeMs(view: Sight, target: Origin, voting: boolean): number {
  const standings = view.configured.flatMap((origin) => saidBy(view, origin)?.standings.get(target) ?? []);
  return Math.max(
    ...standings.filter((standing) => standing.voting === voting).map(({ sinceMs }) => sinceMs),
  );
}

/** The others vote for an operator's drain too, which may be earlier than the region itself has heard of it. */
function isByCommand(view: Sight, target: Origin, voters: readonly Origin[]): boolean {
  return voters.every((origin) => saidBy(view, origin)?.standings.get(target)?.why === "operator");
}

/** Of a region that is not out. Its clock against the own one shows only whether it has been silent for long. */
function stateOfHeard(
  said: RegionVotes | undefined,
  endedMs: number,
  { nowMs, settings }: { readonly nowMs: number; readonly settings: VoteSettings },
): Omit<RegionState, "voters"> {
  if (said === undefined) {
    return { state: "unknown" };
  }
  if (!isFresh(said.touchedAtMs, settings.silenceMaxMs, nowMs)) {
    return { state: "unknown", sinceMs: said.touchedAtMs };
  }
  if (said.closing?.phase === "asking") {
    return { state: "closing", sinceMs: said.closing.sinceMs };
  }
  const sinceMs = Math.max(said.closing?.sinceMs ?? -Infinity, endedMs);
  return Number.isFinite(sinceMs) ? { state: "open", sinceMs } : { state: "open" };
}

/** Each configured region's state, as what is in sight has it. */
export function regionStates(
  view: Sight,
  step: { readonly nowMs: number; readonly settings: VoteSettings },
): ReadonlyMap<Origin, RegionState> {
  const drained = drainedRegions(view, step.settings);
  const states = view.configured.map((origin): [Origin, RegionState] => {
    const voters = votersAgainst(view, origin);
    const drain = drained.get(origin);
    if (drain === undefined) {
      const endedMs = lastChangeMs(view, origin, false);
      return [origin, { ...stateOfHeard(saidBy(view, origin), endedMs, step), voters }];
    }
    const sinceMs = drain.type === "operator" ? drain.sinceMs : lastChangeMs(view, origin, true);
    const drainedBy = drain.type === "operator" || isByCommand(view, origin, voters) ? "operator" : "votes";
    return [origin, { state: "drained", drainedBy, sinceMs, voters }];
  });
  return new Map(states);
}
