import type { Origin } from "../../ids/origin.ts";
import { origin } from "../../testing/arbitraries.ts";
import type { Command, CommandAction } from "../command-item.ts";
import type { Observation } from "../observation.ts";
import { defaultVoteSettings } from "../settings.ts";
import type { Heard, VoteView } from "../vote-view.ts";
import type { RegionVotes, Standing } from "../votes-item.ts";

export const us = origin("us-east-1#1");
export const eu = origin("eu-west-1#1");
export const ap = origin("ap-south-1#1");
export const hk = origin("ap-east-1#1");
export const four = [us, eu, ap, hk];
export const nowMs = 10_000_000;

export const well: Observation = { failures: 0, successes: 6, sinceMs: nowMs, atMs: nowMs };
export const failing: Observation = { failures: 3, successes: 0, sinceMs: nowMs, atMs: nowMs };

export function votesOf(by: Origin, changed: Partial<RegionVotes> = {}): RegionVotes {
  return {
    origin: by,
    counter: 9,
    touchedAtMs: nowMs,
    atMsByRound: new Map([
      [1, nowMs - 90_000],
      [9, nowMs - 10_000],
    ]),
    heard: new Map(four.filter((one) => one !== by).map((one) => [one, 9])),
    backlogMs: 0,
    standings: new Map(),
    ...changed,
  };
}

export function standing(changed: Partial<Standing> = {}): Standing {
  return { voting: true, sinceMs: nowMs - 120_000, epoch: 1, why: "probes", ...changed };
}

export function commandOf(
  target: Origin,
  action: CommandAction,
  { by = eu, ms = nowMs, force = false, number = 1 } = {},
): Command {
  return {
    number,
    target,
    action,
    force,
    who: "alice",
    reason: "a drill",
    stamp: { ms, counter: 0, origin: by },
  };
}

export function heardFrom(...all: readonly RegionVotes[]): ReadonlyMap<Origin, Heard> {
  return new Map(all.map((votes) => [votes.origin, { type: "said", votes }]));
}

/** What us-east-1 sees when all is well. */
export function viewOf(changed: Partial<VoteView> = {}): VoteView {
  return {
    me: us,
    configured: four,
    heard: heardFrom(...four.map((one) => votesOf(one))),
    commands: [],
    observations: new Map([eu, ap, hk].map((one) => [one, well])),
    alarms: [],
    ownCounters: new Map([["VOTES", 9]]),
    notUnderstood: [],
    backlogMs: 0,
    nowMs,
    settings: defaultVoteSettings,
    ...changed,
  };
}
