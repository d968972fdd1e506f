import type { Result } from "@antipode/core";

/** A region could not be asked, or gave no answer: it may have done what it was asked. */
export interface PeerAway {
  readonly type: "peer-away";
  readonly region: string;
  readonly reason: string;
  /** It was reached: its function failed, or said what is no answer. */
  readonly reached?: true;
  /** It was not asked, as it gave no answer a moment ago. */
  readonly leftAlone?: true;
}

/**
 * Asking another region's Peer function. Nothing waits for a peer but what only it can decide: a right that it holds, a
 * copy that must be in a second region.
 */
export interface Peers {
  /** The peer's answer as it came, to be read by the protocol. Asked once: what is asked again is the same for it. */
  ask(region: string, request: object, timeoutMs: number): Promise<Result<unknown, PeerAway>>;
}
