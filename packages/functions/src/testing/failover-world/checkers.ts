import { drainVoteAnswer, healthAnswer, type Origin, originRegion, type VoteSettings } from "@antipode/core";
import { type Check, type Faults, isAnswered, look, slowCheckThreshold } from "@antipode/core/testing";
import type { RegionFunctions } from "./region-functions.ts";

interface Checks {
  /** The region's `/health`, and by voter its `/drain-votes`, healthy while it votes. */
  own: Check;
  readonly votes: Map<number, Check>;
  /** The region's `/ramped`, by the check that follows it soon, and by the slow one. */
  ramped: Check;
  longRamped: Check;
  /** As `own`, were the region never anything but drained. */
  notDrained: Check;
}

export interface CheckersOptions {
  readonly origins: readonly Origin[];
  readonly faults: Faults;
  readonly region: (at: number) => RegionFunctions;
  readonly clockMs: (at: number) => number;
  readonly settings: VoteSettings;
  readonly isWhole: IsWhole;
}

/** Whether the check that leads all shoppers to a region is healthy, by its parts. */
export type IsWhole = (parts: {
  readonly isOpen: boolean;
  readonly ramped: boolean;
  readonly longRamped: boolean;
}) => boolean;

export const allParts: IsWhole = ({ isOpen, ramped, longRamped }) => isOpen && ramped && longRamped;

/** Route 53's health checks of the regions' addresses, and what it answers by them. */
export function createCheckers({ origins, faults, region, clockMs, settings, isWhole }: CheckersOptions) {
  const places = origins.map((_, at) => at);
  const all = places.map(
    (at): Checks => ({
      own: { healthy: true, against: 0 },
      notDrained: { healthy: true, against: 0 },
      ramped: { healthy: true, against: 0 },
      longRamped: { healthy: true, against: 0 },
      votes: new Map(
        places.filter((other) => other !== at).map((other) => [other, { healthy: false, against: 0 }]),
      ),
    }),
  );
  const checksAt = (at: number): Checks => {
    const checks = all[at];
    if (checks === undefined) {
      throw new Error(`no place ${at}`);
    }
    return checks;
  };
  const answers = async (at: number, path: string): Promise<boolean> =>
    !faults.dead.has(at) && (await region(at).request(path)).status === 200;
  const isDrained = (at: number) => healthAnswer(true, region(at).votes()).status === 503;
  const votesNow = (at: number, target: Origin) =>
    !faults.dead.has(at) &&
    drainVoteAnswer(region(at).votes(), target, { nowMs: clockMs(at), settings }).status === 200;

  return {
    async check(at: number): Promise<void> {
      const checks = checksAt(at);
      checks.own = look(checks.own, await answers(at, "/health"));
      checks.ramped = look(checks.ramped, await answers(at, "/ramped"));
      checks.notDrained = look(checks.notDrained, !isDrained(at));
      for (const [voter, check] of checks.votes) {
        const path = `/drain-votes/${originRegion(region(at).origin)}`;
        checks.votes.set(voter, look(check, await answers(voter, path)));
      }
    },

    /** The one check that looks every half minute. */
    async checkLong(at: number): Promise<void> {
      const checks = checksAt(at);
      checks.longRamped = look(checks.longRamped, await answers(at, "/ramped"), slowCheckThreshold);
    },

    routing(at: number) {
      const { own, notDrained, votes, ramped, longRamped } = checksAt(at);
      const answered = isAnswered(own, [...votes.values()]);
      const votedOut = !isAnswered({ healthy: true, against: 0 }, [...votes.values()]);
      const others = places.filter((other) => other !== at);
      return {
        answered,
        whole: isWhole({ isOpen: answered, ramped: ramped.healthy, longRamped: longRamped.healthy }),
        drained: votedOut || !notDrained.healthy,
        votedOut,
        get drainedNow() {
          return others.every((voter) => votesNow(voter, region(at).origin)) || isDrained(at);
        },
      };
    },
  };
}
