import type { WorldClock } from "../links/clock.ts";
import type { FaultState } from "./fault-state.ts";

export interface SkewedClockOptions {
  /** ms since 1970 by the world's own time */
  readonly now: () => number;
  readonly state: () => FaultState;
}

/** Each region's clock is the world's time plus that region's skew. Setting a clock back makes it run backwards once. */
export function createSkewedClock({ now, state }: SkewedClockOptions): WorldClock {
  return { now: (region) => now() + (state().skewMs[region] ?? 0) };
}
