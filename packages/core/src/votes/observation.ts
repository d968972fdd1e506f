import type { Origin } from "../ids/origin.ts";
import { isFresh } from "./freshness.ts";
import type { VoteSettings } from "./settings.ts";

/** What one look at another region's `/ready` from outside has shown. */
export type Look =
  | { readonly type: "well"; readonly latencyMs: number }
  | { readonly type: "failed"; readonly reason: string };

/** What a region's looks at another one come to. Times are by the observer's clock. */
export interface Observation {
  /** In a row, up to the last look; one of the two is 0. */
  readonly failures: number;
  readonly successes: number;
  /** Of the last look that succeeded. */
  readonly latencyMs?: number;
  /** Of the last look that failed. */
  readonly reason?: string;
  /** Since when looks come out as the last one did. */
  readonly sinceMs: number;
  /** The last look that counted. */
  readonly atMs: number;
}

export interface LookStep {
  readonly nowMs: number;
  readonly settings: VoteSettings;
}

function observe(before: Observation | undefined, look: Look, { nowMs, settings }: LookStep): Observation {
  const known =
    before !== undefined && isFresh(before.atMs, settings.silenceMaxMs, nowMs) ? before : undefined;
  const same = known !== undefined && (look.type === "well" ? known.successes : known.failures) > 0;
  const { latencyMs, reason } = {
    ...known,
    ...(look.type === "well" ? { latencyMs: Math.round(look.latencyMs) } : { reason: look.reason }),
  };
  return {
    failures: look.type === "failed" ? (known?.failures ?? 0) + 1 : 0,
    successes: look.type === "well" ? (known?.successes ?? 0) + 1 : 0,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(reason === undefined ? {} : { reason }),
    sinceMs: same ? known.sinceMs : nowMs,
    atMs: nowMs,
  };
}

/**
 * Adds one round of looks. When every one of several has failed nothing is counted: who sees nobody well is most likely
 * cut off itself, and an observer that is missing is no failure of whom it observes.
 */
export function observeRound(
  before: ReadonlyMap<Origin, Observation>,
  looks: ReadonlyMap<Origin, Look>,
  step: LookStep,
): ReadonlyMap<Origin, Observation> {
  const sighted = looks.size < 2 || [...looks.values()].some(({ type }) => type === "well");
  return sighted
    ? new Map([
        ...before,
        ...[...looks].map(([of, look]) => [of, observe(before.get(of), look, step)] as const),
      ])
    : before;
}
