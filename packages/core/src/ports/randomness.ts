import type { Ulid } from "../ids/ulid.ts";

/** Chance as an argument, so that a seed can replay a run. */
export interface Randomness {
  /** A new ULID for that time; later calls of one instance sort after earlier ones within a ms. */
  ulid(nowMs: number): Ulid;
}
