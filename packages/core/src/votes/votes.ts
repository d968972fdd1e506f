import type { Origin } from "../ids/origin.ts";
import type { RegionOrders } from "./commands.ts";
import { isFresh } from "./freshness.ts";
import { drainsMax, holdMsOf } from "./settings.ts";
import { echoesLately, remembersWhole, saidBy, type VoteView, votersAgainst } from "./vote-view.ts";
import type { Closing, Standing, VoteReason } from "./votes-item.ts";

/*
 * The rule of drain votes. Every time in it is by the voter's own clock: how far behind a region is shows in which of
 * the voter's rounds it has echoed, so no two clocks are compared.
 */

/** Whether an alarm of a region says that it rings, as of so long ago at most. */
function rings({ alarms, nowMs }: VoteView, target: Origin, ageMaxMs: number): boolean {
  return alarms.some(
    ({ of, state, sinceMs }) => of === target && state === "alarm" && isFresh(sinceMs, ageMaxMs, nowMs),
  );
}

/** Why a region looks unwell from here, if it does. Who has not looked for long knows nothing. */
function troubleOf(view: VoteView, target: Origin): "probes" | "alarm" | undefined {
  const { observations, nowMs, settings } = view;
  const seen = observations.get(target);
  if (seen === undefined || !isFresh(seen.atMs, settings.silenceMaxMs, nowMs)) {
    return undefined;
  }
  if (seen.failures >= settings.failuresToVote) {
    return "probes";
  }
  return rings(view, target, settings.alarmMaxMs) ? "alarm" : undefined;
}

/**
 * Whether data of this region has lately reached another one, whose answer is back, and whether that one keeps up with
 * what reaches it. A region whose items are for other rules, or that has none, runs another version of the code: it
 * cannot say so, and must not stay out for that.
 */
export function isCaughtUp(view: VoteView, target: Origin): boolean {
  const said = saidBy(view, target);
  return said === undefined || (echoesLately(view, target) && said.backlogMs <= view.settings.backlogMaxMs);
}

/** Why a vote ends now, if it does. */
function endOf(
  view: VoteView,
  orders: RegionOrders,
  target: Origin,
  standing: Standing,
): VoteReason | undefined {
  const { observations, nowMs, settings } = view;
  const order = orders.get(target);
  const seen = observations.get(target);
  if (order !== undefined) {
    return order.type === "restore" ? "restored" : undefined;
  }
  if (standing.why === "operator") {
    return "restored";
  }
  if (seen === undefined || !isFresh(seen.atMs, settings.silenceMaxMs, nowMs)) {
    return "silent";
  }
  const isWell =
    seen.successes >= settings.successesToStop &&
    troubleOf(view, target) === undefined &&
    isCaughtUp(view, target);
  return isWell && nowMs - standing.sinceMs >= holdMsOf(standing.epoch, settings) ? "well" : undefined;
}

/** A standing after this moment; none once it is forgotten. A clock that was set back must not make it last. */
function nextStanding(
  view: VoteView,
  orders: RegionOrders,
  target: Origin,
  before: Standing,
): Standing | undefined {
  const standing = { ...before, sinceMs: Math.min(before.sinceMs, view.nowMs) };
  if (!standing.voting) {
    return view.nowMs - standing.sinceMs > view.settings.forgetMs ? undefined : standing;
  }
  const why = endOf(view, orders, target, standing);
  return why === undefined ? standing : { voting: false, sinceMs: view.nowMs, epoch: standing.epoch, why };
}

/**
 * Regions whose place among those that may be out is taken, as far as this one knows. One that operators drain may be closed
 * where nobody can read so.
 */
function takenPlaces(
  view: VoteView,
  orders: RegionOrders,
  closing: Closing | undefined,
  standings: ReadonlyMap<Origin, Standing>,
): ReadonlySet<Origin> {
  const { me, configured, heard, nowMs, settings } = view;
  const isTaken = (origin: Origin): boolean => {
    const standing = standings.get(origin);
    const voted =
      standing?.voting === true || isFresh(standing?.sinceMs ?? -Infinity, settings.settleMs, nowMs);
    const hidden = heard.get(origin)?.type === "not-understood" && orders.get(origin)?.type === "drain";
    return voted || hidden || (origin === me ? closing : saidBy(view, origin)?.closing) !== undefined;
  };
  return new Set(configured.filter(isTaken));
}

interface Candidate {
  readonly target: Origin;
  readonly why: VoteReason;
}

/**
 * Against whom a vote may begin, those first that others vote against too, then in the order of the list. None for
 * trouble while every other region fails its looks: then it is this region that is cut off. Those that only ring answer,
 * so they protect none that is dead.
 */
function candidates(view: VoteView, orders: RegionOrders): readonly Candidate[] {
  const others = view.configured.filter((origin) => origin !== view.me);
  const seesNobody = others.every((target) => troubleOf(view, target) === "probes");
  const found: Candidate[] = [];
  for (const target of others) {
    const order = orders.get(target)?.type;
    const trouble = seesNobody ? undefined : troubleOf(view, target);
    const why = order === "drain" ? "operator" : trouble;
    if (why !== undefined && order !== "restore") {
      found.push({ target, why });
    }
  }
  const voters = new Map(found.map(({ target }) => [target, votersAgainst(view, target).length]));
  return found.sort((left, right) => (voters.get(right.target) ?? 0) - (voters.get(left.target) ?? 0));
}

interface Places {
  readonly orders: RegionOrders;
  readonly standings: ReadonlyMap<Origin, Standing>;
  readonly taken: ReadonlySet<Origin>;
}

/** Why no vote is begun against a region that an alarm speaks against: what another one shows. */
export interface Withheld {
  readonly by: Origin;
  readonly why: "out" | "came-back" | "voted-against" | "ordered-out" | "probes" | "alarm";
}

/**
 * Where what an alarm of this region shows may come from, outside it: from another one that is out, or about to be, whose
 * load it bears, or from a cause that rings elsewhere too. Its own word against others is no hint of either. What rose while
 * another region was out, or a moment later, no longer counts as an alarm when that one's end is as old as alarms grow;
 * what rings elsewhere does so until its end is heard.
 */
function sharedTrouble(
  view: VoteView,
  { orders, standings, taken }: Places,
  target: Origin,
): Withheld | undefined {
  const { configured, nowMs, settings } = view;
  const hintOf = (other: Origin): Withheld["why"] | undefined => {
    if (taken.has(other)) {
      return "out";
    }
    if (isFresh(standings.get(other)?.sinceMs ?? -Infinity, settings.alarmMaxMs, nowMs)) {
      return "came-back";
    }
    if (votersAgainst(view, other).some((voter) => voter !== target)) {
      return "voted-against";
    }
    if (orders.get(other)?.type === "drain") {
      return "ordered-out";
    }
    if (troubleOf(view, other) === "probes") {
      return "probes";
    }
    return rings(view, other, settings.alarmKnownMs) ? "alarm" : undefined;
  };
  for (const by of configured.filter((other) => other !== target)) {
    const why = hintOf(by);
    if (why !== undefined) {
      return { by, why };
    }
  }
  return undefined;
}

/** Those of a region's votes that go on, and those that ended and are not forgotten. */
function formerStandings(view: VoteView, orders: RegionOrders): Map<Origin, Standing> {
  const standings = new Map<Origin, Standing>();
  for (const [target, before] of saidBy(view, view.me)?.standings ?? []) {
    const isConfigured = view.configured.includes(target);
    const standing = isConfigured ? nextStanding(view, orders, target, before) : undefined;
    if (standing !== undefined) {
      standings.set(target, standing);
    }
  }
  return standings;
}

/** How a region stands to the others after this moment, and against whom it withholds a vote. `closing` is its own, after this moment. */
export function nextStandings(
  view: VoteView,
  orders: RegionOrders,
  closing: Closing | undefined,
): { readonly standings: ReadonlyMap<Origin, Standing>; readonly withheld: ReadonlyMap<Origin, Withheld> } {
  const { me, configured, nowMs, settings } = view;
  const withheld = new Map<Origin, Withheld>();
  if (configured.length < settings.regionsMin) {
    return { standings: new Map(), withheld };
  }
  const standings = formerStandings(view, orders);
  const taken = new Set(takenPlaces(view, orders, closing, standings));
  const most = drainsMax(configured.length, settings);
  for (const { target, why } of remembersWhole(view, me) ? candidates(view, orders) : []) {
    const before = standings.get(target);
    if (before?.voting === true) {
      continue;
    }
    const places = new Set([...taken, target]).size;
    const shared = why === "alarm" ? sharedTrouble(view, { orders, standings, taken }, target) : undefined;
    if (shared !== undefined) {
      withheld.set(target, shared);
    } else if (places <= most) {
      standings.set(target, { voting: true, sinceMs: nowMs, epoch: (before?.epoch ?? 0) + 1, why });
      taken.add(target);
    }
  }
  return { standings, withheld };
}
