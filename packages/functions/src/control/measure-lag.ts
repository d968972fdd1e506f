import {
  type Arrival,
  type Clock,
  countArrivals,
  err,
  type Items,
  isCounter,
  itemToMeasuredLag,
  itemToVotes,
  lagKey,
  measuredLagToItem,
  type Origin,
  ok,
  type Result,
  type StorageError,
} from "@antipode/core";
import { shownAtMs } from "../dispatcher/lag.ts";
import type { StreamChange } from "../dispatcher/record.ts";
import type { Deployment } from "../platform/deployment.ts";
import type { Log } from "../platform/log.ts";

interface Deps {
  readonly items: Items;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly log: Log;
}

/** One dispatcher reads a region's items at a time; a retry of a batch may meet the one that it repeats. */
const triesMax = 4;

/** ms without a try after one that failed: heartbeats and rounds must not wait behind a table that does not answer. */
const pauseMs = 60_000;

interface Arrived {
  readonly from: Origin;
  readonly arrivals: readonly Arrival[];
  readonly arrivedRound?: number;
}

async function count(
  { items, deployment, log }: Deps,
  { from, arrivals, ...arrived }: Arrived,
): Promise<Result<undefined, StorageError>> {
  const to = deployment.origin;
  for (let tries = 0; tries < triesMax; tries += 1) {
    const read = await items.get("Views", lagKey(to, from));
    if (!read.ok) {
      return read;
    }
    const known = read.value === undefined ? undefined : itemToMeasuredLag(read.value);
    if (known?.ok === false) {
      log.warn("what was measured of a region's lag is not understood, and begun anew", { ...known.error });
    }
    const next = countArrivals(known?.ok ? known.value : undefined, arrivals, { to, from, ...arrived });
    if (next === undefined) {
      return ok(undefined);
    }
    const v = read.value?.["v"];
    const item = { ...measuredLagToItem(next), v: isCounter(v) ? v + 1 : 1 };
    const outcome = await items.put("Views", item, [
      isCounter(v) ? { type: "equals", attribute: "v", value: v } : { type: "absent", attribute: "v" },
    ]);
    if (!outcome.ok || outcome.value.type === "written") {
      return outcome.ok ? ok(undefined) : outcome;
    }
  }
  return err({ type: "contended", operation: "PutItem Views" });
}

function arrivalsOf(changes: readonly StreamChange[], from: Origin, nowMs: number): readonly Arrival[] {
  return changes.flatMap((change) => {
    const { parsed, item } = change;
    const isTheirs = parsed.writer === from && parsed.kind === "VOTES" && item !== undefined;
    const votes = isTheirs ? itemToVotes(item) : undefined;
    return votes?.ok ? [{ votes: votes.value, arrivedAtMs: shownAtMs(change, nowMs) }] : [];
  });
}

/**
 * Counts how long the rounds of other regions' probers took to arrive here: what `GET /v1/regions` publishes. A
 * measurement that fails is lost, and with it what had arrived by then: nothing else waits for it, and a round that was not
 * counted when it came does not count as late.
 */
export function createLagMeasuring(deps: Deps) {
  const { deployment, clock, log } = deps;
  const arrivedRounds = new Map<Origin, number>();
  let failedAtMs: number | undefined;
  const others: readonly Origin[] = deployment.regions
    .map(({ origin }) => origin)
    .filter((origin) => origin !== deployment.origin);

  async function measure(from: Origin, arrivals: readonly Arrival[], nowMs: number): Promise<void> {
    const arrivedRound = arrivedRounds.get(from);
    arrivedRounds.set(from, Math.max(arrivedRound ?? 0, ...arrivals.map(({ votes }) => votes.counter)));
    // the distance, not the difference: a clock that was set back must not make it pause for long
    if (failedAtMs !== undefined && Math.abs(nowMs - failedAtMs) < pauseMs) {
      return;
    }
    const arrived = { from, arrivals, ...(arrivedRound === undefined ? {} : { arrivedRound }) };
    const counted = await count(deps, arrived);
    failedAtMs = counted.ok ? undefined : nowMs;
    if (!counted.ok) {
      log.warn("the lag of a region is not measured", { of: from, cause: counted.error });
    }
  }

  return async (changes: readonly StreamChange[]): Promise<void> => {
    const nowMs = clock.nowMs();
    for (const from of others) {
      const arrivals = arrivalsOf(changes, from, nowMs);
      if (arrivals.length > 0) {
        await measure(from, arrivals, nowMs);
      }
    }
  };
}
