import type { Origin } from "../ids/origin.ts";
import { nextClosing } from "./closing.ts";
import { ordersInForce } from "./commands.ts";
import { type PlannedPut, planPut } from "./control-fields.ts";
import { nextRamp } from "./ramp.ts";
import { saidBy, type VoteView } from "./vote-view.ts";
import { nextStandings, type Withheld } from "./votes.ts";
import { type RegionVotes, votesToItem } from "./votes-item.ts";

/**
 * What a region says after one more round: a function of what is in sight, the time and the settings. The round's own
 * looks are in the view's observations.
 */
export function nextRound(view: VoteView): RegionVotes {
  const { me, configured, nowMs, settings } = view;
  const counter = (view.ownCounters.get("VOTES") ?? 0) + 1;
  const orders = ordersInForce(view.commands, nowMs, settings);
  const closing = nextClosing(view, orders, counter);
  const ramp = nextRamp(view, closing);
  const heard = configured.flatMap((origin): [Origin, number][] => {
    const said = origin === me ? undefined : saidBy(view, origin);
    return said === undefined ? [] : [[origin, said.counter]];
  });
  const times = [...(saidBy(view, me)?.atMsByRound ?? []), [counter, nowMs] as const];
  return {
    origin: me,
    counter,
    touchedAtMs: nowMs,
    atMsByRound: new Map(times.sort(([left], [right]) => left - right).slice(-settings.roundsKept)),
    heard: new Map(heard),
    backlogMs: view.backlogMs,
    standings: nextStandings(view, orders, closing).standings,
    ...(closing === undefined ? {} : { closing }),
    ...(ramp === undefined ? {} : { ramp }),
  };
}

/** The regions that an alarm speaks against, and against which this round begins no vote all the same: for people. */
export function withheldVotes(view: VoteView): ReadonlyMap<Origin, Withheld> {
  const orders = ordersInForce(view.commands, view.nowMs, view.settings);
  const closing = nextClosing(view, orders, (view.ownCounters.get("VOTES") ?? 0) + 1);
  return nextStandings(view, orders, closing).withheld;
}

/** The round as a write of the own `VOTES`. Refused when another instance has made it: one round is enough. */
export function planRound(view: VoteView): PlannedPut {
  return planPut(votesToItem(nextRound(view)), view.ownCounters.get("VOTES"));
}
