import { itemToVotes, ok, type RegionVotes, type Result, votesKey } from "@antipode/core";
import { createKept } from "../platform/kept.ts";
import type { HealthDeps } from "./deps.ts";

/**
 * ms for which an instance that has read nothing yet says so. A checker asks every ten seconds and turns at the third bad
 * answer: shorter than two of its intervals, this alone closes no region, not even if Control is away from all of them.
 */
export const unsureMaxMs = 15_000;

export interface OwnVotes {
  /** What this region's prober said last. Absent before its first round, and where nothing was ever read. */
  readonly votes: RegionVotes | undefined;
  /** Whether nobody knows yet what it said: an operator may have closed the region. */
  readonly isUnsure: boolean;
}

export type ReadOwnVotes = (boundMs: number) => Promise<OwnVotes>;

async function readVotes({
  items,
  deployment,
}: HealthDeps): Promise<Result<RegionVotes | undefined, string>> {
  const own = await items.get("Control", votesKey(deployment.origin));
  if (!own.ok) {
    return { ok: false, error: JSON.stringify(own.error) };
  }
  const votes = own.value === undefined ? ok(undefined) : itemToVotes(own.value);
  return votes.ok ? votes : { ok: false, error: JSON.stringify(votes.error) };
}

/**
 * Where the word cannot be read the last one that was stands: a region that an operator closed must not open for that. An
 * instance without one is unsure for a while, counted from when it is first asked, as it may have been started long before.
 */
export function createOwnVotes(deps: HealthDeps): ReadOwnVotes {
  const { clock, delay, log } = deps;
  const kept = createKept({ read: () => readVotes(deps), clock, delay });
  let known: { readonly votes: RegionVotes | undefined } | undefined;
  let askedFirstMs: number | undefined;
  return async (boundMs) => {
    askedFirstMs ??= clock.nowMs();
    const read = await kept(boundMs);
    if (read.ok) {
      known = { votes: read.value };
    } else {
      log.warn("the region's own votes cannot be read", { reason: read.error.reason });
    }
    const isNew = Math.abs(clock.nowMs() - askedFirstMs) < unsureMaxMs;
    return { votes: known?.votes, isUnsure: known === undefined && isNew };
  };
}
