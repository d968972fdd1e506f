import type { FailoverPair, OriginOrder, Result } from "@antipode/core";

/*
 * What a run does outside its region. Every call is bounded in time, and says in one line why it did not succeed: nothing
 * that moves shoppers depends on any of them.
 */

/** What a change came to, in words; `ref` where its spreading can be waited for. */
export interface Changed {
  readonly note: string;
  readonly ref?: string;
}

/** The control plane of names: Route 53's. */
export interface NamesControl {
  /** Lets the failover pair lead to these regions, if it does not. */
  lead(pair: FailoverPair): Promise<Result<Changed, string>>;
  /** Waits until every name server knows of a change, for a while. */
  whenKnown(ref: string): Promise<Result<Changed, string>>;
}

/** The control plane of the CDN: CloudFront's. */
export interface EdgeControl {
  /** Asks the origins of catalog reads in this order, if it does not. */
  order(order: OriginOrder): Promise<Result<Changed, string>>;
}

export interface Announcement {
  readonly subject: string;
  /** For people. */
  readonly text: string;
}

/** An event of this system on the region's own bus. */
export interface RegionEvent {
  readonly detailType: "Region Drained" | "Region Restored";
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Announce {
  tellPeople(announcement: Announcement): Promise<Result<undefined, string>>;
  tellSystems(event: RegionEvent): Promise<Result<undefined, string>>;
}

/** What a client outside sees. */
export interface OutsideLook {
  /** The status of an answer, or why there is none. */
  status(region: string, path: string): Promise<Result<number, string>>;
  /** The name to which a name leads, `eu-west-1.<domain>`; nothing where names cannot be looked up from here. */
  leadsTo(label: string): Promise<Result<string | undefined, string>>;
  /** Who answers a catalog read through the CDN; nothing where there is none. */
  edgeServedBy(): Promise<Result<string | undefined, string>>;
}

/** Where an environment has neither names nor a CDN, as a personal stage. */
export interface ControlPlanes {
  readonly names?: NamesControl;
  readonly edge?: EdgeControl;
}
