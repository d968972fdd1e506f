import type { ItemKey } from "@antipode/core";
import * as z from "zod";

/**
 * A run is five minutes of some hundred products a second. Beyond this many the catalog is not large, something goes in
 * circles.
 */
export const roundsMax = 2_000;

const requestSchema = z.strictObject({
  /** Where the run before left off: its `next`. From the start without. */
  after: z.strictObject({ pk: z.string().min(1), sk: z.string().min(1) }).optional(),
  /** Goes on by itself: the call answers at once, and further runs follow until the catalog's end. */
  continue: z.boolean().default(false),
  /** Which of those runs this is. The function sets it. */
  round: z.int().min(1).max(roundsMax).optional(),
});

export interface BackfillRequest {
  readonly after?: ItemKey | undefined;
  readonly continue: boolean;
  readonly round?: number | undefined;
}

/** Throws for what an operator mistyped: the invocation fails and says so. */
export function readRequest(event: unknown): BackfillRequest {
  return requestSchema.parse(event ?? {});
}
