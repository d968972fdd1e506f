import type { ItemKey, Result } from "@antipode/core";
import { type BackfillRequest, idleRunsMax, readRequest, roundsMax } from "./request.ts";
import type { Tally } from "./tally.ts";
import { timeNeededMs, type WalkDeps, type WalkEnd, type Walked, walkCatalog } from "./walk-catalog.ts";

export interface BackfillDeps extends WalkDeps {
  /** Invokes this function again without waiting for its answer; an error is what the service said. */
  readonly startAgain: (payload: string) => Promise<Result<undefined, string>>;
}

export interface BackfillSummary extends Readonly<Tally> {
  /** Present when the run ended before the catalog: send it as `after`. */
  readonly next?: ItemKey;
}

export interface BackfillStarted {
  readonly started: true;
}

/** A new function's rights take some seconds to be known everywhere. */
const startAttemptsMax = 6;
const startDelayMs = 5_000;

/** With less left, a run says that it stops rather than being cut off. */
const startNeededMs = 15_000;

const keyOf = ({ pk, sk }: ItemKey): ItemKey => ({ pk, sk });
const isSamePlace = (left: ItemKey | undefined, right: ItemKey | undefined) =>
  left?.pk === right?.pk && left?.sk === right?.sk;

function summaryOf(tally: Tally, at: ItemKey | undefined): BackfillSummary {
  return { ...tally, ...(at === undefined ? {} : { next: keyOf(at) }) };
}

/** What is to be sent for the next run of those that follow one another. */
function nextRequest(request: BackfillRequest, at: ItemKey | undefined): BackfillRequest {
  return {
    ...request,
    after: at === undefined ? undefined : keyOf(at),
    round: (request.round ?? 0) + 1,
    idle: isSamePlace(at, request.after) ? request.idle + 1 : 0,
  };
}

/**
 * Brings every product's view and conflicts up to what this replica holds, by the dispatcher's own rebuild: safe beside
 * it, never going back, and free to repeat.
 */
export function createBackfill(deps: BackfillDeps) {
  const { log, measurements, delay, startAgain } = deps;

  async function start(request: BackfillRequest, timeLeftMs: () => number): Promise<void> {
    const payload = JSON.stringify(request);
    for (let attempt = 1; ; attempt += 1) {
      const started = await startAgain(payload);
      if (started.ok) {
        return;
      }
      if (attempt === startAttemptsMax || timeLeftMs() < startNeededMs) {
        throw new Error(`the next run cannot be started: ${started.error}`);
      }
      log.warn("the next run is not started yet", { reason: started.error });
      await delay(startDelayMs);
    }
  }

  /** Runs get somewhere, or wait out a fault a bounded number of times, and there are only so many in all. */
  async function goOn(request: BackfillRequest, end: WalkEnd, timeLeftMs: () => number): Promise<void> {
    if (end.type === "catalog-end") {
      return;
    }
    if ((request.round ?? 0) >= roundsMax) {
      throw new Error(`the catalog has not ended after ${roundsMax} runs`);
    }
    const next = nextRequest(request, end.at);
    if (next.idle > idleRunsMax) {
      const reason = end.type === "fault" ? end.reason : "no page was done within a run's time";
      throw new Error(`${idleRunsMax + 1} runs got no further: ${reason}`);
    }
    if (end.type === "fault") {
      const waitMs = Math.max(0, timeLeftMs() - timeNeededMs);
      log.warn("the store fails, the next run tries again", { reason: end.reason, after: end.at, waitMs });
      await delay(waitMs);
    }
    await start(next, timeLeftMs);
  }

  async function walk(request: BackfillRequest, timeLeftMs: () => number): Promise<Walked> {
    const walked = await walkCatalog(deps, {
      from: request.after,
      force: request.force,
      // By itself it waits for a store that is out, and leaves behind what fails alone for hours.
      mayPassOver: (kept, inPage) => !request.continue || (request.idle === idleRunsMax && kept < inPage),
      timeLeftMs,
    });
    const { failed: _shown, ...counts } = walked.tally;
    measurements.record("ViewsBackfilled", [counts.rebuilt]);
    measurements.record("ViewsNotBackfilled", [counts.failedInAll]);
    log.info(
      walked.end.type === "catalog-end"
        ? "the catalog is walked"
        : "not at the catalog's end, the rest is for another run",
      { ...counts, ...walked.end },
    );
    return walked;
  }

  /** One run of those that follow one another. When it throws, Lambda repeats it twice. */
  async function continued(request: BackfillRequest, timeLeftMs: () => number): Promise<BackfillSummary> {
    let at: ItemKey | undefined = request.after;
    try {
      const { tally, end } = await walk(request, timeLeftMs);
      at = end.type === "catalog-end" ? undefined : end.at;
      await goOn(request, end, timeLeftMs);
      return summaryOf(tally, at);
    } catch (error) {
      log.error("the backfill stopped; start it again from `after`", { after: at ?? null, cause: error });
      measurements.record("BackfillStopped", [1]);
      throw error;
    }
  }

  /** One run and no other: the operator sees what came of it. */
  async function alone(request: BackfillRequest, timeLeftMs: () => number): Promise<BackfillSummary> {
    const { tally, end } = await walk(request, timeLeftMs);
    if (end.type === "fault") {
      throw new Error(end.reason);
    }
    if (end.type === "out-of-time" && isSamePlace(end.at, request.after)) {
      throw new Error("no page was done within a run's time");
    }
    return summaryOf(tally, end.type === "out-of-time" ? end.at : undefined);
  }

  return async (event: unknown, timeLeftMs: () => number): Promise<BackfillSummary | BackfillStarted> => {
    const request = readRequest(event);
    if (!request.continue) {
      return alone(request, timeLeftMs);
    }
    if (request.round === undefined) {
      await start({ ...request, round: 1 }, timeLeftMs);
      return { started: true };
    }
    return continued(request, timeLeftMs);
  };
}
