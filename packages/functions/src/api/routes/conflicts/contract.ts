import * as z from "zod";
import type { Contract } from "../../contract.ts";
import { conflictSchema, limitSchema } from "../products/contract.ts";

export const conflictsLimitMax = 100;
export const conflictsLimitDefault = 20;

/** A conflict as this region's feed has it: as it was when the region first saw it. */
export const fedConflictSchema = z.strictObject({
  ...conflictSchema.shape,
  product: z.string(),
  seenAt: z.iso.datetime(),
});

export const conflictPageSchema = z.strictObject({
  /** Newest edit first. */
  items: z.array(fedConflictSchema),
  /** The next page's cursor; null on the last page. */
  next: z.string().nullable(),
});

const listQuerySchema = z.strictObject({
  cursor: z.string().max(4_000).optional(),
  limit: limitSchema(conflictsLimitMax, conflictsLimitDefault),
});

export const listConflicts = {
  method: "GET",
  path: "/v1/conflicts",
  summary: "Lists the concurrent edits that this region has seen in the last 30 days, settled or not",
  security: "admin",
  operation: false,
  params: z.strictObject({}),
  query: listQuerySchema,
  body: z.undefined(),
  answers: { 200: { description: "A page of conflicts", schema: conflictPageSchema } },
  refusals: ["throttled", "unavailable"],
} as const satisfies Contract<object, z.infer<typeof listQuerySchema>, undefined>;
