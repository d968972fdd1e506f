/** What clients outside saw of the regions: all that the judges of these drills may know. Times are ms of the world. */

/** Something that the drill did: what a phase is counted from. */
export interface Mark {
  readonly atMs: number;
  readonly type:
    | "broken"
    | "mended"
    /** Regions were cut into halves, and are so no longer. */
    | "halves"
    | "whole";
  /** Whom it is about; nobody in particular when left out. */
  readonly region?: string;
}

/** The region that a client near `near` is led to by the shop's name, when it asks afresh; none when nobody answered. */
export interface NameSight {
  readonly atMs: number;
  readonly near: string;
  readonly to: string | undefined;
}

/** One look at what Route 53's checkers ask: a region's own word, and which others vote against it. */
export interface RegionLook {
  readonly atMs: number;
  readonly region: string;
  /** What `/health` answered; nothing when it did not. */
  readonly health: number | undefined;
  readonly against: readonly string[];
}

/** One request that a shopper sent through the shop's name. */
export interface SentRequest {
  readonly shopper: string;
  readonly near: string;
  readonly to: string;
  readonly sentMs: number;
  readonly endedMs: number;
  /** `failed`: no answer, or a 5xx that leaves it open. A refusal is an answer. */
  readonly end: "done" | "refused" | "failed";
}

export interface RegionsHistory {
  readonly regions: readonly string[];
  readonly marks: readonly Mark[];
  readonly names: readonly NameSight[];
  readonly looks: readonly RegionLook[];
  readonly requests: readonly SentRequest[];
}
