import type { RegionVotes, Stamp } from "@antipode/core";
import { startMs, type TestApi } from "./test-world.ts";

/** What the prober of a region says. */
export function votesOf({ deployment }: TestApi): RegionVotes {
  return {
    origin: deployment.origin,
    counter: 1,
    touchedAtMs: startMs,
    atMsByRound: new Map([[1, startMs]]),
    heard: new Map(),
    backlogMs: 0,
    standings: new Map(),
  };
}

export function closedBy(api: TestApi): RegionVotes {
  const stamp: Stamp = { ms: startMs, counter: 0, origin: api.deployment.origin };
  return { ...votesOf(api), closing: { command: stamp, phase: "closed", round: 1, sinceMs: startMs } };
}
