import { err, ok, type Result } from "../result/result.ts";
import { type MalformedText, malformed } from "./brand.ts";
import { isOperationId, type OperationId, ulidTimeMs } from "./ulid.ts";

/** A retry comes within a day; older ids may have been forgotten by housekeeping, so they could count twice. */
export const operationAgeMaxMs = 24 * 60 * 60 * 1000;

/** Clients' clocks are a few minutes off; an id further ahead would stay valid for longer than a day. */
export const operationAheadMaxMs = 5 * 60 * 1000;

export type OperationIdRefusal =
  | MalformedText
  | { readonly type: "operation-too-old"; readonly ageMs: number }
  | { readonly type: "operation-too-far-ahead"; readonly aheadMs: number };

/** The door's check of a client's operation id, against the region's own time. */
export function admitOperationId(text: string, nowMs: number): Result<OperationId, OperationIdRefusal> {
  if (!isOperationId(text)) {
    return err(malformed("a ULID in upper case", text));
  }
  const ageMs = nowMs - ulidTimeMs(text);
  if (ageMs > operationAgeMaxMs) {
    return err({ type: "operation-too-old", ageMs });
  }
  if (-ageMs > operationAheadMaxMs) {
    return err({ type: "operation-too-far-ahead", aheadMs: -ageMs });
  }
  return ok(text);
}
