import * as z from "zod";
import type { WorldPlan } from "../provision/plan.ts";
import type { Lambda } from "../services/lambda/lambda.ts";
import type { ReplayOutcome } from "./status.ts";

const summarySchema = z.object({
  replayed: z.number(),
  failed: z.array(z.object({ key: z.string(), reason: z.string() })),
  remaining: z.number(),
});

/** Invokes the Replay function of each region, as an operator would with the AWS CLI. */
export async function runReplay(
  plan: WorldPlan,
  lambda: Lambda,
  regions: readonly string[],
): Promise<ReplayOutcome[]> {
  const outcomes: ReplayOutcome[] = [];
  for (const region of regions) {
    const name = `${plan.app}-${plan.environment}-${region}-Replay`;
    const result = await lambda.invoke({ region, name }, "{}");
    if (result.functionError !== undefined) throw new Error(`${name} failed: ${result.payload}`);
    const summary = summarySchema.parse(JSON.parse(result.payload));
    outcomes.push({
      region,
      replayed: summary.replayed,
      failed: summary.failed.length,
      remaining: summary.remaining,
      ...(summary.failed[0] ? { reason: summary.failed[0].reason } : {}),
    });
  }
  return outcomes;
}
