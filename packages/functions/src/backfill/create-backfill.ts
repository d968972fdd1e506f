import type { ItemKey, Result } from "@antipode/core";
import * as z from "zod";
import type { Tally } from "./tally.ts";
import { type WalkDeps, walkCatalog } from "./walk-catalog.ts";

export interface BackfillDeps extends WalkDeps {
  /** Invokes this function again without waiting for its answer; an error is what the service said. */
  readonly startAgain: (payload: string) => Promise<Result<undefined, string>>;
}

export interface BackfillSummary extends Readonly<Tally> {
  /** Present when the time was over before the catalog: send it as `after`. */
  readonly next?: ItemKey;
}

export interface BackfillStarted {
  readonly started: true;
}

/** A run is minutes of some hundred products a second: more runs than this go in circles. */
export const roundsMax = 2_000;

/** A new function's rights take some seconds to be known everywhere. */
const startAttemptsMax = 6;
const startDelayMs = 5_000;

const requestSchema = z.strictObject({
  /** The `next` of the run before; from the start without. */
  after: z.strictObject({ pk: z.string().min(1), sk: z.string().min(1) }).optional(),
  /** To go on by itself: the answer comes at once, and runs follow one another until the catalog's end. */
  continue: z.boolean().default(false),
  /** Which of those runs it is; the function itself says so. */
  round: z.int().min(1).max(roundsMax).optional(),
});

type Request = z.infer<typeof requestSchema>;

/**
 * Brings every product's view and conflicts up to what this replica holds, by the dispatcher's own rebuild: safe beside
 * it, never going back, and free to repeat.
 */
export function createBackfill(deps: BackfillDeps) {
  const { log, measurements, delay, startAgain } = deps;

  async function start(request: Request): Promise<void> {
    const payload = JSON.stringify(request);
    for (let attempt = 1; ; attempt += 1) {
      const started = await startAgain(payload);
      if (started.ok) {
        return;
      }
      if (attempt === startAttemptsMax) {
        throw new Error(`the next run cannot be started: ${started.error}`);
      }
      log.warn("the next run is not started yet", { reason: started.error });
      await delay(startDelayMs);
    }
  }

  /** The next run starts behind this one, so each is shorter than the one before, and there are only so many. */
  async function goOn(round: number, next: ItemKey): Promise<void> {
    if (round >= roundsMax) {
      throw new Error(`the catalog has not ended after ${roundsMax} runs`);
    }
    await start({ continue: true, after: { pk: next.pk, sk: next.sk }, round: round + 1 });
  }

  return async (event: unknown, timeLeftMs: () => number): Promise<BackfillSummary | BackfillStarted> => {
    const request = requestSchema.parse(event ?? {});
    if (request.continue && request.round === undefined) {
      await start({ ...request, round: 1 });
      return { started: true };
    }
    const { tally, next } = await walkCatalog(deps, request.after, timeLeftMs);
    measurements.record("ViewsBackfilled", [tally.rebuilt]);
    measurements.record("ViewsNotBackfilled", [tally.failedInAll]);
    const { failed: _shown, ...counts } = tally;
    log.info(next === undefined ? "the catalog is walked" : "out of time, the rest is for another run", {
      ...counts,
      next,
    });
    if (request.continue && next !== undefined) {
      await goOn(request.round ?? 1, next);
    }
    return { ...tally, ...(next === undefined ? {} : { next }) };
  };
}
