import type { Context } from "aws-lambda";
import { Resource } from "sst";
import { decidingDeps } from "../orders/selling-deps.ts";
import { createRepair } from "./create-repair.ts";

const repair = createRepair(decidingDeps(Resource));

/** A store that does not answer is an error of the function: an alarm counts those. */
export const handler = async (_event: unknown, context: Context) => {
  const summary = await repair(() => context.getRemainingTimeInMillis());
  if (!summary.ok) {
    throw new Error(`not repaired: ${JSON.stringify(summary.error)}`);
  }
  return summary.value;
};
