import * as z from "zod";
import type { WorldPlan } from "../provision/plan.ts";
import type { Lambda } from "../services/lambda/lambda.ts";
import type { ReplayOutcome } from "./status.ts";

const summarySchema = z.object({
  replayed: z.number(),
  failed: z.array(z.object({ key: z.string(), reason: z.string() })),
  remaining: z.number(),
});

/** Invokes the Replay function of each region, as an operator would with the AWS CLI. One that fails stops no other. */
export async function runReplay(
  plan: WorldPlan,
  lambda: Lambda,
  regions: readonly string[],
): Promise<ReplayOutcome[]> {
  const outcomes: ReplayOutcome[] = [];
  for (const region of regions) {
    outcomes.push(
      await replayRegion(plan, lambda, region).catch((error: unknown) => ({
        region,
        error: error instanceof Error ? error.message : String(error),
      })),
    );
  }
  return outcomes;
}

async function replayRegion(plan: WorldPlan, lambda: Lambda, region: string): Promise<ReplayOutcome> {
  const name = `${plan.app}-${plan.environment}-${region}-Replay`;
  const result = await lambda.invoke({ region, name }, "{}");
  if (result.functionError !== undefined) throw new Error(`${name} failed: ${result.payload}`);
  const { replayed, failed, remaining } = summarySchema.parse(JSON.parse(result.payload));
  return {
    region,
    replayed,
    failed: failed.length,
    remaining,
    ...(failed[0] ? { error: failed[0].reason } : {}),
  };
}
