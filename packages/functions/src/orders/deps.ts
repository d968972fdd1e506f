import type { Clock, Items, Payments, RemoteRead } from "@antipode/core";
import type { ReadSellingRights } from "../control/selling-rights.ts";
import type { Peers } from "../peer/peers.ts";
import type { Delay } from "../platform/clock.ts";
import type { Deployment } from "../platform/deployment.ts";
import type { Log } from "../platform/log.ts";
import type { Measurements } from "../platform/measurements.ts";

/** The world of whoever brings orders forward: a checkout, a peer's word, a stream, a schedule. */
export interface SellingDeps {
  readonly deployment: Deployment;
  readonly items: Items;
  readonly remote: RemoteRead;
  readonly peers: Peers;
  readonly payments: Payments;
  readonly clock: Clock;
  readonly log: Log;
  readonly measurements: Measurements;
  readonly rights: ReadSellingRights;
  readonly delay: Delay;
  /** From 0 to below 1: how long to wait when others write the same things, and which runs of repair look at payments. */
  readonly chance: () => number;
}
