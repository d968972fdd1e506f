import { err, type ItemNotUnderstood, type PaymentError, type StorageError } from "@antipode/core";
import type { PeerAway } from "../peer/peers.ts";

/** A step of an order that could not be made. What it had done by then is in the items; asking again goes on. */
export interface StepFailure {
  readonly type: "step-failed";
  readonly step: string;
  readonly cause: StorageError | ItemNotUnderstood | PaymentError | PeerAway | string;
}

/** A failed step as a result. */
export function failed(step: string, cause: StepFailure["cause"]): { ok: false; error: StepFailure } {
  return err({ type: "step-failed", step, cause });
}
