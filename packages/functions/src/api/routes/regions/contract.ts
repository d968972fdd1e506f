import {
  commandReasonCharsMax,
  failoverKinds,
  failoverOutcomes,
  failoverSteps,
  reasonFault,
} from "@antipode/core";
import * as z from "zod";
import type { Contract } from "../../contract.ts";

const share = z.number().min(0).max(1);
const ms = z.number().min(0);

/** The probability that a strongly consistent read sees a write so long after it was made. */
const seenSchema = z.strictObject({
  withinMs: z.int(),
  measured: share,
  /** By `fit`. */
  fitted: share.optional(),
  /** By the usual formula, 1 - e^(-t/L) with the mean lag L. */
  reference: share,
});

/** One day's samples, in UTC by the clock of the region that measured. */
const lagDaySchema = z.strictObject({
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  count: z.int(),
  meanMs: ms,
  medianMs: ms,
  p99Ms: ms,
  maxMs: ms,
  /** A floor, and an exponential excess above it with this mean; absent below 30 samples. */
  fit: z.strictObject({ floorMs: ms, excessMs: ms, excessError: share }).optional(),
  seen: z.array(seenSchema),
});

const lagSchema = z.strictObject({
  from: z.string(),
  /** The last days that had samples, the newest first. */
  days: z.array(lagDaySchema),
});

export type LagBody = z.infer<typeof lagSchema>;

export const regionsSchema = z.strictObject({
  servedBy: z.string(),
  regions: z.array(
    z.strictObject({
      name: z.string(),
      origin: z.string(),
      /** The region's own address, for retries there; null on a stage without a domain. */
      url: z.string().nullable(),
      /** As the region that answers sees it. */
      state: z.enum(["open", "closing", "drained", "unknown"]),
      drainedBy: z.enum(["operator", "votes"]).optional(),
      since: z.iso.datetime().optional(),
      /** The other regions that vote against it. */
      voters: z.array(z.string()),
      /** What was done last about a drain of it, or about its end: announcements, names, the CDN. */
      lastRun: z
        .strictObject({
          kind: z.enum(failoverKinds),
          outcome: z.enum(failoverOutcomes),
          /** The region that does it. */
          by: z.string(),
          at: z.iso.datetime(),
          /** Steps that did not succeed in the last attempt. */
          failed: z.array(z.enum(failoverSteps)),
        })
        .optional(),
    }),
  ),
  /** What the region that answers measured of the others' writes on their way to it; null while that cannot be read. */
  lag: z.array(lagSchema).nullable(),
});

export type RegionsBody = z.infer<typeof regionsSchema>;

export const listRegions = {
  method: "GET",
  path: "/v1/regions",
  summary: "Lists the regions of this shop, as this one sees them, and how long their writes take to it",
  security: "none",
  operation: false,
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: z.undefined(),
  answers: { 200: { description: "The regions", schema: regionsSchema } },
  refusals: [],
} as const satisfies Contract<object, object, undefined>;

const regionParams = z.strictObject({ region: z.string() });

export type RegionParams = z.infer<typeof regionParams>;

const commandBodySchema = z.strictObject({
  /** For whoever looks at it later. */
  reason: z
    .string()
    .trim()
    .min(1)
    .max(commandReasonCharsMax)
    .refine((text) => reasonFault(text) === undefined, { error: ({ input }) => reasonFault(String(input)) }),
  /** Drain it though fewer regions than the least may stay open. */
  force: z.boolean().default(false),
});

export type CommandBody = z.infer<typeof commandBodySchema>;

export const commandSchema = z.strictObject({
  region: z.string(),
  action: z.enum(["drain", "restore"]),
  by: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
});

function commandContract<Path extends string>(path: Path, summary: string, description: string) {
  return {
    method: "POST",
    path,
    summary,
    security: "admin",
    operation: false,
    untagged: true,
    params: regionParams,
    query: z.strictObject({}),
    body: commandBodySchema,
    answers: { 202: { description, schema: commandSchema } },
    refusals: ["region-not-found", "too-many-drained", "contended", "throttled", "unavailable"],
  } as const satisfies Contract<RegionParams, object, CommandBody>;
}

export const drainRegion = commandContract(
  "/v1/regions/:region/drain",
  "Closes a region to shoppers, until it is restored",
  "Written down; the region obeys when the word has reached it and enough others stay open",
);

export const restoreRegion = commandContract(
  "/v1/regions/:region/restore",
  "Takes a drain back, and keeps votes against the region away for a while",
  "Written down; every region obeys when the word has reached it",
);
