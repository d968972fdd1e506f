import type { Origin } from "../../ids/origin.ts";
import type { StoredItem } from "../../items/item.ts";
import { origin } from "../../testing/arbitraries.ts";
import { chanceFrom } from "../../testing/chance.ts";
import type { Command } from "../command-item.ts";
import type { Look } from "../observation.ts";
import { type Check, checkEveryMs, look, slowCheckEveryMs, slowCheckThreshold } from "./route53.ts";
import { applyFault, type Faults, isReachable, noFaults } from "./vote-faults.ts";
import { createVoteRegion, type VoteRegion, type VoteRules } from "./vote-region.ts";
import type { VoteRun, VoteStep } from "./vote-steps.ts";

const names = ["us-east-1#1", "eu-west-1#1", "ap-south-1#1", "ap-east-1#1", "us-west-2#1"];
const beginMs = 1_760_000_000_000;
const tickMs = 1_000;
const answerEveryMs = 5_000; // how old the api function's answer may be

interface Place {
  readonly region: VoteRegion;
  offsetMs: number;
  /** The region's `/health`, as it is, and as it would be were the region never anything but drained. */
  own: Check;
  notDrained: Check;
  /** The region's `/ramped`, by the check that follows it soon, and by the slow one. */
  ramped: Check;
  steady: Check;
  /** By voter: healthy while it votes. */
  readonly votes: Map<number, Check>;
}

export interface Watch {
  /** Every five seconds. */
  glance?(): void;
  /** After each of a region's rounds. */
  round?(at: number): void;
  step?(step: VoteStep): void;
}

/** Regions with probers, replication of Control, and Route 53's checkers, on virtual time. */
export function createVoteWorld(run: Pick<VoteRun, "regions" | "seed" | "offsetsMs">, rules: VoteRules) {
  const origins = names.slice(0, run.regions).map(origin);
  const places = origins.map((_, at) => at);
  const faults: Faults = noFaults();
  const chance = chanceFrom(run.seed);
  const inFlight = new Map<string, { readonly item: StoredItem; readonly dueMs: number }[]>();
  const phases = places.map(() => Math.floor(chance() * 10) * tickMs);
  const commands: Command[] = [];
  let nowMs = beginMs;
  let watch: Watch = {};

  function send(from: number, item: StoredItem): void {
    for (const to of places.filter((one) => one !== from)) {
      const slowMs = (faults.delayMs.get(from) ?? 0) + (faults.delayMs.get(to) ?? 0);
      const queue = inFlight.get(`${from}>${to}`) ?? [];
      queue.push({ item, dueMs: nowMs + 200 + chance() * 2_800 + slowMs });
      inFlight.set(`${from}>${to}`, queue);
    }
  }

  const all = origins.map(
    (one, at): Place => ({
      region: createVoteRegion({ origin: one, configured: origins, rules }, (item) => send(at, item)),
      offsetMs: run.offsetsMs[at] ?? 0,
      own: { healthy: true, against: 0 },
      notDrained: { healthy: true, against: 0 },
      ramped: { healthy: true, against: 0 },
      steady: { healthy: true, against: 0 },
      votes: new Map(
        places.filter((other) => other !== at).map((other) => [other, { healthy: false, against: 0 }]),
      ),
    }),
  );
  const placeAt = (at: number): Place => {
    const place = all[at % all.length];
    if (place === undefined) {
      throw new Error(`no place ${at}`);
    }
    return place;
  };
  const clockMs = (at: number) => nowMs + placeAt(at).offsetMs;
  const originAt = (at: number): Origin => placeAt(at).region.origin;

  function deliver(): void {
    for (const [pair, queue] of inFlight) {
      const [from = 0, to = 0] = pair.split(">").map(Number);
      if (!faults.cuts.has(pair) && !faults.dead.has(from) && !faults.dead.has(to)) {
        const later = queue.filter(({ dueMs }) => dueMs > nowMs);
        for (const { item, dueMs } of queue) {
          if (dueMs <= nowMs) {
            placeAt(to).region.receive(item);
          }
        }
        inFlight.set(pair, later);
      }
    }
  }

  function probe(from: number, to: number): Look {
    const isWell = isReachable(faults, from, to) && chance() * 100 >= (faults.failShare.get(to) ?? 0);
    return isWell
      ? { type: "well", latencyMs: 20 + chance() * 200 }
      : { type: "failed", reason: "no answer" };
  }

  function round(at: number): void {
    const looks = places.filter((to) => to !== at).map((to) => [originAt(to), probe(at, to)] as const);
    placeAt(at).region.round(new Map(looks), clockMs(at), faults.backlogMs.get(at) ?? 0);
    watch.round?.(at);
  }

  const isRamped = (at: number): boolean => !faults.dead.has(at) && placeAt(at).region.isRamped(clockMs(at));

  function checkHealth(at: number): void {
    const place = placeAt(at);
    place.ramped = look(place.ramped, isRamped(at));
    place.own = look(place.own, !faults.dead.has(at) && !place.region.isDrained());
    place.notDrained = look(place.notDrained, !place.region.isDrained());
    for (const [voter, check] of place.votes) {
      const votes =
        !faults.dead.has(voter) && placeAt(voter).region.votesAgainst(originAt(at), clockMs(voter));
      place.votes.set(voter, look(check, votes));
    }
  }

  function tick(): void {
    nowMs += tickMs;
    deliver();
    for (const at of places) {
      const sinceMs = nowMs - (phases[at] ?? 0);
      if (sinceMs % rules.settings.probeEveryMs === 0 && !faults.dead.has(at) && !faults.proberless.has(at)) {
        round(at);
      }
      if (sinceMs % answerEveryMs === 0) {
        placeAt(at).region.refreshAnswers();
      }
      if ((sinceMs + 3 * tickMs) % checkEveryMs === 0) {
        checkHealth(at);
      }
      if ((sinceMs + 3 * tickMs) % slowCheckEveryMs === 0) {
        placeAt(at).steady = look(placeAt(at).steady, isRamped(at), slowCheckThreshold);
      }
    }
    if (nowMs % answerEveryMs === 0) {
      watch.glance?.();
    }
  }

  function alarm(of: number, state: "alarm" | "missing" | "ok"): void {
    for (const at of places) {
      const isLost = state === "ok" && chance() < 0.2;
      if (!isLost && (at === of || isReachable(faults, of, at))) {
        placeAt(at).region.hearAlarm(
          { of: originAt(of), name: "ApiErrors", state, changedAtMs: nowMs },
          clockMs(at),
        );
      }
    }
  }

  function play(step: VoteStep): void {
    applyFault(faults, step, places);
    if (step.type === "wait") {
      for (let second = 0; second < step.seconds; second += 1) {
        tick();
      }
    } else if (step.type === "set-clock") {
      placeAt(step.at).offsetMs = step.offsetMs;
    } else if (step.type === "alarm") {
      alarm(step.at % all.length, step.state);
    } else if (step.type === "version") {
      placeAt(step.at).region.runVersion(step.version);
    } else if (step.type === "command" && !faults.dead.has(step.at % all.length)) {
      const at = step.at % all.length;
      const { action, force = false } = step;
      const target = originAt(step.target);
      const command = placeAt(at).region.command({ target, action, force }, clockMs(at));
      commands.push(...(command === undefined ? [] : [command]));
    }
    watch.step?.(step);
  }

  return {
    places,
    origins,
    faults,
    /** All that operators have said, wherever, and whoever knows it. */
    commands: commands as readonly Command[],
    play,
    nowMs: () => nowMs,
    clockMs,
    region: (at: number): VoteRegion => placeAt(at).region,
    observe(next: Watch): void {
      watch = next;
    },

    /** What Route 53 does at this moment, and what it would do at once. */
    routing(at: number) {
      const { own, notDrained, ramped, steady, votes, region } = placeAt(at);
      const voters = places.filter((other) => other !== at);
      const votedNow = voters.every(
        (voter) =>
          !faults.dead.has(voter) && placeAt(voter).region.votesAgainst(region.origin, clockMs(voter)),
      );
      const votedOut = !rules.isAnswered({ healthy: true, against: 0 }, [...votes.values()]);
      const answered = rules.isAnswered(own, [...votes.values()]);
      return {
        answered,
        whole: answered && ramped.healthy && steady.healthy,
        drained: votedOut || !notDrained.healthy,
        votedOut,
        drainedNow: votedNow || region.isDrained(),
      };
    },
  };
}

export type VoteWorld = ReturnType<typeof createVoteWorld>;
