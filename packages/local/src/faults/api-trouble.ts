import type { CallFailures } from "./call-failures.ts";
import type { FaultState } from "./fault-state.ts";

/** What is wrong with one request to a region's API. */
export interface ApiTrouble {
  /** ms that pass before its function is asked. */
  readonly delayMs: number;
  /** Answered with a 500 in the function's place. */
  readonly fails: boolean;
}

const noTrouble: ApiTrouble = { delayMs: 0, fails: false };

/** What checkers and probers ask is spared: a region that is gray says that it is well. */
const sparedPaths = /^\/(health|ready|ramped|drain-votes\/[^/]+)$/;

export interface ApiTroubleOptions {
  readonly region: string;
  readonly state: () => FaultState;
  /** Of the service `api`. */
  readonly failures: CallFailures;
}

/** The trouble that faults of a region's API make for whoever asks for a path. */
export function createApiTrouble({ region, state, failures }: ApiTroubleOptions) {
  return (path: string): ApiTrouble => {
    if (sparedPaths.test(path)) return noTrouble;
    return {
      delayMs: state().slowApiMs[region] ?? 0,
      fails: failures.check(region, "") !== undefined,
    };
  };
}
