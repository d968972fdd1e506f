import type { Clock, Items, Randomness, RemoteRead, Sessions } from "@antipode/core";
import type { ReadSellingRights } from "../control/selling-rights.ts";
import type { Delay } from "../platform/clock.ts";
import type { Deployment } from "../platform/deployment.ts";
import type { Log } from "../platform/log.ts";
import type { Measurements } from "../platform/measurements.ts";

/** What every function that answers requests has, whatever it answers. */
export type AppDeps = Pick<ApiDeps, "deployment" | "clock" | "randomness" | "log" | "measurements">;

/** The API's world. */
export interface ApiDeps {
  readonly deployment: Deployment;
  readonly items: Items;
  /** The peers' copies of the global tables, read only for an answer that must cover what a client saw. */
  readonly remote: RemoteRead;
  readonly sessions: Sessions;
  /** Only to say whether this region sells: a checkout decides it. */
  readonly rights: ReadSellingRights;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly delay: Delay;
  readonly log: Log;
  readonly measurements: Measurements;
}
