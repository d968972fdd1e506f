import * as z from "zod";

/** A run is minutes of some hundred products a second: more runs than this go in circles. */
export const roundsMax = 2_000;

/** Runs without any progress, each of them four minutes: two and a half hours, longer than most outages of a store. */
export const idleRunsMax = 36;

const requestSchema = z.strictObject({
  /** The `next` of the run before; from the start without. */
  after: z.strictObject({ pk: z.string().min(1), sk: z.string().min(1) }).optional(),
  /** To go on by itself: the answer comes at once, and runs follow one another until the catalog's end. */
  continue: z.boolean().default(false),
  /** To write every view and feed every conflict, also those that are as new as the replica. */
  force: z.boolean().default(false),
  /** Which of those runs it is; the function itself says so. */
  round: z.int().min(1).max(roundsMax).optional(),
  /** How many runs in a row, up to the one before, got no further than `after`; the function itself says so. */
  idle: z.int().min(0).max(idleRunsMax).default(0),
});

export type BackfillRequest = z.infer<typeof requestSchema>;

/** Throws for what an operator mistyped: the invocation fails and says so. */
export function readRequest(event: unknown): BackfillRequest {
  return requestSchema.parse(event ?? {});
}
