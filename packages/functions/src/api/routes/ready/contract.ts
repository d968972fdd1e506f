import * as z from "zod";
import { sellingWords } from "../../../control/selling-rights.ts";
import type { Contract } from "../../contract.ts";

/** A region that does not sell serves all the same: that is said beside, and decides nothing. */
const readySchema = z.strictObject({
  status: z.literal("ready"),
  region: z.string(),
  selling: z.enum(sellingWords),
});

export const ready = {
  method: "GET",
  path: "/ready",
  summary: "Whether this region can serve, for probes and alarms, and whether it sells",
  security: "none",
  operation: false,
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: z.undefined(),
  answers: { 200: { description: "The region can serve", schema: readySchema } },
  refusals: ["not-ready"],
} as const satisfies Contract<object, object, undefined>;
