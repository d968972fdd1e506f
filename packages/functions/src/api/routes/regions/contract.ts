import * as z from "zod";
import type { Contract } from "../../contract.ts";

export const regionsSchema = z.strictObject({
  servedBy: z.string(),
  regions: z.array(
    z.strictObject({
      name: z.string(),
      origin: z.string(),
      /** The region's own address, for retries there; null on a stage without a domain. */
      url: z.string().nullable(),
    }),
  ),
});

export const listRegions = {
  method: "GET",
  path: "/v1/regions",
  summary: "Lists the regions of this shop",
  security: "none",
  operation: false,
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: z.undefined(),
  answers: { 200: { description: "The regions", schema: regionsSchema } },
  refusals: [],
} as const satisfies Contract<object, object, undefined>;
