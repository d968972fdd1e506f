import { isUlid, type Randomness } from "@antipode/core";
import { monotonicFactory } from "ulid";

/** Below this an earlier time is jitter between two readings; beyond it the clock was set back. */
const jitterMaxMs = 1_000;

/**
 * One factory per function instance: a bare `ulid()` looks for a random source on each call, 80 times slower. A factory
 * never goes back, so a clock that is set back gets a new one: else the instance would go on naming the future.
 */
export function createRandomness(): Randomness {
  let next = monotonicFactory();
  let lastMs = 0;
  return {
    ulid(nowMs) {
      if (nowMs < lastMs - jitterMaxMs) {
        next = monotonicFactory();
      }
      lastMs = nowMs;
      const id = next(nowMs);
      if (!isUlid(id)) {
        throw new Error(`not a ULID: ${id}`);
      }
      return id;
    },
  };
}
