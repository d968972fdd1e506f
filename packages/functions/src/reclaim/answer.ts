import { err, isOrigin } from "@antipode/core";
import * as z from "zod";

const origin = z.string().refine(isOrigin, "not an origin such as us-east-1#1");
const keySchema = z.strictObject({ pk: z.string(), sk: z.string() });

/** What an operator asks: the lost origin, and where the run before stopped. */
export const reclaimRequestSchema = z.strictObject({ origin, after: keySchema.optional() });

export type ReclaimAnswer =
  | { readonly type: "refused"; readonly reason: string; readonly detail?: unknown }
  /** Everyone has fenced it: again after this time. */
  | { readonly type: "waiting"; readonly until: string }
  /** Out of time: again with this `after`. */
  | {
      readonly type: "more";
      readonly after: z.infer<typeof keySchema>;
      readonly units: number;
      readonly skus: number;
    }
  | { readonly type: "done"; readonly units: number; readonly skus: number };

export type Refusal = Extract<ReclaimAnswer, { type: "refused" }>;

export const refuse = (reason: string, detail?: unknown) =>
  err<Refusal>({ type: "refused", reason, ...(detail === undefined ? {} : { detail }) });

/** The function's time is too short for what one run must do: nothing is written, and again would end the same way. */
export interface NotEnoughTime {
  readonly type: "not-enough-time";
  readonly what: string;
  readonly advice: string;
}

export function notEnoughTime(what: string): NotEnoughTime {
  const advice =
    "raise the timeout of the Reclaim function in infra/reclaim.ts (Lambda gives 900 seconds at most), deploy, and invoke it again";
  return { type: "not-enough-time", what, advice };
}
