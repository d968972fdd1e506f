/** What services that pass messages on have in common: an attempt, what came of it, and when the next one is. */

/** Why a destination did not take a message, in the codes of EventBridge's dead letters. */
export interface DeliveryFailure {
  readonly code:
    | "CONNECTION_FAILURE"
    | "CROSS_REGION_INGESTION_FAILED"
    | "ERROR_FROM_TARGET"
    | "INTERNAL_ERROR"
    | "NO_PERMISSIONS"
    | "NO_RESOURCE"
    | "THIRD_ACCOUNT_HOP_DETECTED"
    | "THIRD_REGION_HOP_DETECTED";
  readonly message: string;
  /** Whether another attempt may fare better. */
  readonly retryable: boolean;
}

/** Nothing when the destination has the message. */
export type Attempted = DeliveryFailure | undefined;

export interface GivenUp {
  readonly failure: DeliveryFailure;
  /** Attempts beyond the first. */
  readonly retries: number;
  /** What ended it; nothing when no further attempt could have helped. */
  readonly exhausted?: "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";
}

export interface Delivery {
  /** The region of the service that delivers: while it is down nothing is attempted, and nothing is forgotten. */
  readonly region: string;
  attempt(): Promise<Attempted>;
  /** How long to wait before that retry, the first of them being 1; nothing when there is none. */
  retryDelayMs(retry: number): number | undefined;
  /** No attempt begins later than this after the first one was due; unlimited when left out. */
  readonly ageMaxMs?: number;
  onGivenUp(end: GivenUp): void;
}
