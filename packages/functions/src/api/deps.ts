import type { Clock, Items, Randomness, Sessions } from "@antipode/core";
import type { Delay } from "../platform/clock.ts";
import type { Deployment } from "../platform/deployment.ts";
import type { Log } from "../platform/log.ts";

/** The API's world. */
export interface ApiDeps {
  readonly deployment: Deployment;
  readonly items: Items;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly delay: Delay;
  readonly log: Log;
}
