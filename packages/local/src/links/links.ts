/** Where a message starts or ends: a region's name, or `outside` for a person's machine. */
export type Place = string;

/** Replication can be paused on its own; requests and replication share cuts, lag and loss. */
export type Traffic = "request" | "replication";

/** The only way that a byte leaves a region. */
export interface Links {
  /**
   * Resolves once a message has crossed. Rejects with `LinkError` when the link is cut, the message is lost or one
   * end is down: a sender that must not lose it sends again. Within one place it resolves at once.
   */
  cross(from: Place, to: Place, traffic: Traffic): Promise<void>;
}

export class LinkError extends Error {
  readonly from: Place;
  readonly to: Place;
  readonly reason: "cut" | "lost" | "down" | "paused";

  constructor(from: Place, to: Place, reason: LinkError["reason"]) {
    super(`${from} cannot reach ${to}: ${reason}`);
    this.name = "LinkError";
    this.from = from;
    this.to = to;
    this.reason = reason;
  }
}
