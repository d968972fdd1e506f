import { itemToVotes, ok, type RegionVotes, type Result, votesKey } from "@antipode/core";
import type { ApiDeps } from "../../deps.ts";
import { createKept } from "./kept.ts";

/** What this region's prober said last. Absent before its first round, or while it was never seen. */
export type ReadOwnVotes = (boundMs: number) => Promise<RegionVotes | undefined>;

async function readVotes({ items, deployment }: ApiDeps): Promise<Result<RegionVotes | undefined, string>> {
  const { pk, sk } = votesKey(deployment.origin);
  const own = await items.queryPartition("Control", pk);
  if (!own.ok) {
    return { ok: false, error: JSON.stringify(own.error) };
  }
  const item = own.value.find((one) => one.sk === sk);
  const votes = item === undefined ? ok(undefined) : itemToVotes(item);
  return votes.ok ? votes : { ok: false, error: JSON.stringify(votes.error) };
}

/** Where the word cannot be read the last one that was stands: a region that an operator closed must not open for that. */
export function createOwnVotes(deps: ApiDeps): ReadOwnVotes {
  const kept = createKept({ read: () => readVotes(deps), clock: deps.clock, delay: deps.delay });
  let known: RegionVotes | undefined;
  return async (boundMs) => {
    const read = await kept(boundMs);
    if (read.ok) {
      known = read.value;
    } else {
      deps.log.warn("the region's own votes cannot be read", { reason: read.error.reason });
    }
    return known;
  };
}
