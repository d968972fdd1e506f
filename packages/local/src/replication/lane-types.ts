import type { ReplicatedWrite } from "../engine/item-change.ts";
import type { LinkError, Links } from "../links/links.ts";
import type { Random } from "../links/random.ts";
import type { Scheduler } from "../links/scheduler.ts";
import type { LagSummary } from "./lag-samples.ts";

/**
 * One table's way from one replica to one peer. Each item travels on its own: it waits here until the peer has
 * acknowledged its newest state, is sent again when a message or its answer was lost, and newer states of an item
 * take the place of older ones that still wait. So what waits is bounded by the table's items.
 */
export interface Lane {
  readonly table: string;
  readonly from: string;
  readonly to: string;
  /** Takes an item's newest state; `key` names the item within the table. */
  put(key: string, write: ReplicatedWrite): void;
  /** Tries at once whether a blocked lane is open again. */
  wake(): void;
  status(): LaneStatus;
  /** The newest lags from write to arrival, in ms. */
  lags(): readonly number[];
  /** True when nothing waits, or when it was found blocked by an attempt begun after `since` (see `attempts`). */
  settled(since: number): boolean;
  /** Attempts begun so far. */
  attempts(): number;
  close(): void;
}

export type Blockage = Exclude<LinkError["reason"], "lost">;

export interface LaneStatus {
  readonly table: string;
  readonly from: string;
  readonly to: string;
  /** Items whose newest state the peer has not acknowledged. */
  readonly pending: number;
  readonly inFlight: number;
  /** For how long the peer has not had the newest state of some item; 0 when nothing is pending. */
  readonly oldestPendingMs: number;
  /** States that the peer took, applied or found older than its own. */
  readonly delivered: number;
  /** Attempts beyond the first of each state. */
  readonly resent: number;
  /** Why the last attempt could not even leave, until one gets through. */
  readonly blocked?: Blockage;
  /** Why the peer last could not take a state: a bug or an injected failure, retried all the same. */
  readonly lastError?: string;
  /** From the write until the peer took it. */
  readonly lag: LagSummary;
}

export interface LaneOptions {
  readonly table: string;
  readonly from: string;
  readonly to: string;
  readonly apply: (
    region: string,
    write: ReplicatedWrite,
  ) => Promise<"applied" | "older"> | "applied" | "older";
  readonly links: Links;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly pace: LanePace;
  /** Told how long each write took to the peer. */
  readonly onLag?: (lagMs: number) => void;
  /** Called when an attempt ended: the lane may have settled. */
  readonly onProgress: () => void;
}

export interface LanePace {
  /** Each state leaves after at least this, plus an exponential part: the lag that is not the network's. */
  readonly departMinMs: number;
  readonly departMeanMs: number;
  /** Messages under way at once, so that a burst waits here, where its states are merged per item. */
  readonly inFlightMax: number;
  /** The first resend comes after about this; each further one doubles it up to the limit. */
  readonly resendMinMs: number;
  readonly resendMaxMs: number;
}
