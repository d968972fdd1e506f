import type { Clock, Result } from "@antipode/core";
import type { Delay } from "./clock.ts";

/** Route 53 asks every few seconds from many places: the tables are read at most this often. */
export const keptAgeMaxMs = 5_000;

/** What was found out, or why nothing was. */
export type Kept<T> = Result<T, { readonly reason: string }>;

export interface KeptOptions<T> {
  /** Finds out; an error says what failed. */
  readonly read: () => Promise<Result<T, string>>;
  readonly clock: Clock;
  readonly delay: Delay;
}

/**
 * Answers with what was found out last while that is fresh. Nothing runs between a function's requests, so an old answer is
 * renewed by the request that finds it old: it waits `boundMs` and then answers that it knows nothing.
 */
export function createKept<T>({ read, clock, delay }: KeptOptions<T>) {
  let latest: { readonly at: number; readonly found: Kept<T> } | undefined;
  let running: Promise<Kept<T>> | undefined;

  async function refresh(): Promise<Kept<T>> {
    const result = await read().catch((error: unknown) => ({ ok: false as const, error: String(error) }));
    const found: Kept<T> = result.ok ? result : { ok: false, error: { reason: result.error } };
    latest = { at: clock.nowMs(), found };
    running = undefined;
    return found;
  }

  return async (boundMs: number): Promise<Kept<T>> => {
    // The distance, not the difference: a clock that was set back must not keep an answer for ever.
    if (latest !== undefined && Math.abs(clock.nowMs() - latest.at) < keptAgeMaxMs) {
      return latest.found;
    }
    running ??= refresh();
    const bound = delay(boundMs).then(
      (): Kept<T> => ({ ok: false, error: { reason: `no answer from the tables in ${boundMs} ms` } }),
    );
    return Promise.race([running, bound]);
  };
}
