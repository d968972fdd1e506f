import type { Clock, Items, Payments, RemoteRead } from "@antipode/core";
import type { ReadSellingRights } from "../control/selling-rights.ts";
import type { Peers } from "../peer/peers.ts";
import type { Delay } from "../platform/clock.ts";
import type { Deployment } from "../platform/deployment.ts";
import type { Log } from "../platform/log.ts";
import type { Measurements } from "../platform/measurements.ts";

/** The world of whoever brings orders forward, as a stream does: no other region is asked, and nothing decided on stock. */
export interface AdvancingDeps {
  readonly deployment: Deployment;
  readonly items: Items;
  readonly remote: RemoteRead;
  readonly payments: Payments;
  readonly clock: Clock;
  readonly log: Log;
  readonly measurements: Measurements;
  readonly delay: Delay;
  /** From 0 to below 1: how long to wait when others write the same things, and which runs of repair look at payments. */
  readonly chance: () => number;
}

/** And of who decides by the region's rights, a peer's word or a schedule: what to grant, or whose payments to look at. */
export interface DecidingDeps extends AdvancingDeps {
  readonly rights: ReadSellingRights;
}

/** And of who asks other regions: a checkout. */
export interface SellingDeps extends DecidingDeps {
  readonly peers: Peers;
}
