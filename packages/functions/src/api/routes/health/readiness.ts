import type { Clock, Result } from "@antipode/core";
import type { Delay } from "../../../platform/clock.ts";

/** Route 53 asks every few seconds from many places: the tables are touched at most this often. */
export const readinessAgeMaxMs = 5_000;

export type Readiness = Result<{ readonly checkedAtMs: number }, { readonly reason: string }>;

export interface ReadinessOptions {
  /** Touches what the region needs to serve; an error says what failed. */
  readonly check: () => Promise<Result<unknown, string>>;
  readonly clock: Clock;
  readonly delay: Delay;
}

/**
 * Answers from the last check while that is fresh. Nothing runs between a function's requests, so an old answer is
 * renewed by the request that finds it old: it waits `boundMs` for the check and then answers that it had none.
 */
export function createReadiness({ check, clock, delay }: ReadinessOptions) {
  let latest: { readonly at: number; readonly readiness: Readiness } | undefined;
  let running: Promise<Readiness> | undefined;

  async function refresh(): Promise<Readiness> {
    const result = await check().catch((error: unknown) => ({ ok: false as const, error: String(error) }));
    const at = clock.nowMs();
    const readiness: Readiness = result.ok
      ? { ok: true, value: { checkedAtMs: at } }
      : { ok: false, error: { reason: result.error } };
    latest = { at, readiness };
    running = undefined;
    return readiness;
  }

  return async (boundMs: number): Promise<Readiness> => {
    // The distance, not the difference: a clock that was set back must not keep an answer for ever.
    if (latest !== undefined && Math.abs(clock.nowMs() - latest.at) < readinessAgeMaxMs) {
      return latest.readiness;
    }
    running ??= refresh();
    const bound = delay(boundMs).then(
      (): Readiness => ({ ok: false, error: { reason: `no answer from the tables in ${boundMs} ms` } }),
    );
    return Promise.race([running, bound]);
  };
}
