import { defaultVoteSettings } from "@antipode/core";
import type { Delay } from "../platform/clock.ts";
import { lookWithinMs } from "./look-at.ts";
import { type ProberDeps, probeRound } from "./probe-round.ts";
import { createSayWithheld } from "./say-withheld.ts";

/** ms beside the looks that a round may take: a read of Control and two writes. */
const roundOverheadMs = 4_000;

export interface Probed {
  readonly rounds: number;
  readonly failed: number;
}

/**
 * A minute's rounds: a schedule starts it each minute, and it looks every ten seconds until the next one begins. A round that
 * fails is one round less; the function fails when all have.
 */
export function createProber(deps: Omit<ProberDeps, "sayWithheld"> & { readonly delay: Delay }) {
  const roundDeps = { ...deps, sayWithheld: createSayWithheld(deps.log) };
  const { probeEveryMs } = defaultVoteSettings;
  return async (timeLeftMs: () => number): Promise<Probed> => {
    const startedMs = deps.clock.nowMs();
    let rounds = 0;
    let failed = 0;
    for (let number = 0; number * probeEveryMs < 60_000; number += 1) {
      const waitMs = startedMs + number * probeEveryMs - deps.clock.nowMs();
      if (timeLeftMs() < Math.max(0, waitMs) + lookWithinMs + roundOverheadMs) {
        break;
      }
      if (waitMs > 0) {
        await deps.delay(waitMs);
      }
      const round = await probeRound(roundDeps);
      rounds += 1;
      if (!round.ok) {
        failed += 1;
        deps.log.error("a round of looks is lost", { cause: round.error });
      }
    }
    if (rounds > 0 && failed === rounds) {
      throw new Error("no round of looks could be written");
    }
    return { rounds, failed };
  };
}
