import { compareStamps } from "../clock/stamp.ts";
import type { Origin } from "../ids/origin.ts";
import type { Command } from "./command-item.ts";
import type { RegionOrders } from "./commands.ts";
import { isFresh } from "./freshness.ts";
import { drainsMax } from "./settings.ts";
import { remembersWhole, saidBy, type VoteView } from "./vote-view.ts";
import type { Closing } from "./votes-item.ts";

/*
 * How a region obeys an operator's drain. Two operators on the two sides of a cut may each drain what the other side
 * counts on. So a region first asks, and closes once enough others have heard that it asks and said, in the same item,
 * that they neither ask nor are voted against. Of any that close the last one to ask thus has enough others that stay
 * open: those have heard of it before they could ask themselves, and then do not count it.
 */

/** Whether a region has heard that this one is about to close; what it says in the same item, it said after that. */
function hasHeard(view: VoteView, other: Origin, asked: Closing): boolean {
  return (saidBy(view, other)?.heard.get(view.me) ?? 0) >= asked.round;
}

/**
 * Whether this region votes against another, or one that has heard the question does; or did so lately: by the voter's
 * clock, as Route 53 may not have seen the end. A region is out by the votes of all others only, so these keep it open, and
 * nobody need wait for the word of one that is dead.
 */
function isVotedAgainst(view: VoteView, target: Origin, asked: Closing): boolean {
  const voters = view.configured.filter((voter) => voter === view.me || hasHeard(view, voter, asked));
  return voters.some((voter) => {
    const said = saidBy(view, voter);
    const standing = said?.standings.get(target);
    return (
      said !== undefined &&
      standing !== undefined &&
      (standing.voting || isFresh(standing.sinceMs, view.settings.settleMs, said.touchedAtMs))
    );
  });
}

/** Whether a region is surely open, and has heard that this one is about to close. */
function standsIn(view: VoteView, orders: RegionOrders, other: Origin, asked: Closing): boolean {
  return (
    hasHeard(view, other, asked) &&
    saidBy(view, other)?.closing === undefined &&
    remembersWhole(view, other) &&
    orders.get(other)?.type !== "drain" &&
    !isVotedAgainst(view, other, asked)
  );
}

/** So many drains of others were commanded before that there is no place for this one. */
function isHeldBack(view: VoteView, orders: RegionOrders, command: Command): boolean {
  const earlier = view.configured.filter((origin) => {
    const order = orders.get(origin);
    return order?.type === "drain" && compareStamps(order.command.stamp, command.stamp) < 0;
  });
  return earlier.length >= drainsMax(view.configured.length, view.settings);
}

function obey(view: VoteView, orders: RegionOrders, command: Command, round: number): Closing | undefined {
  const { me, configured, nowMs, settings } = view;
  const before = saidBy(view, me)?.closing;
  if (before?.phase === "closed") {
    return { ...before, command: command.stamp };
  }
  if (command.force) {
    return { command: command.stamp, phase: "closed", round, sinceMs: nowMs };
  }
  if (isHeldBack(view, orders, command)) {
    return undefined;
  }
  const asked: Closing =
    before?.phase === "asking"
      ? { ...before, command: command.stamp }
      : { command: command.stamp, phase: "asking", round, sinceMs: nowMs };
  const open = configured.filter((other) => other !== me && standsIn(view, orders, other, asked));
  return open.length >= Math.max(1, settings.minActive) && remembersWhole(view, me)
    ? { ...asked, phase: "closed", sinceMs: nowMs }
    : asked;
}

/** How a region stands to the order on itself after the round of that number. */
export function nextClosing(view: VoteView, orders: RegionOrders, round: number): Closing | undefined {
  const order = orders.get(view.me);
  if (order?.type === "drain") {
    return obey(view, orders, order.command, round);
  }
  const before = saidBy(view, view.me)?.closing;
  if (before?.phase === "closed") {
    return { ...before, phase: "reopened", sinceMs: view.nowMs };
  }
  const settled =
    before?.phase !== "reopened" || Math.abs(view.nowMs - before.sinceMs) >= view.settings.settleMs;
  return settled ? undefined : before;
}
