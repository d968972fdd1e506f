import * as z from "zod";
import type { WorldPlan } from "../provision/plan.ts";
import type { Lambda } from "../services/lambda/lambda.ts";
import type { BackfillOutcome } from "./status.ts";

const cursorSchema = z.object({ pk: z.string(), sk: z.string() });

const summarySchema = z.object({
  rebuilt: z.number(),
  upToDate: z.number(),
  incomplete: z.number(),
  failed: z.array(z.object({ product: z.string(), reason: z.string() })),
  failedInAll: z.number(),
  next: cursorSchema.optional(),
});

/**
 * Invokes the Backfill function of each region until its catalog is walked; with `force` also for what is as new as the
 * replica. One that fails stops no other.
 */
export function runBackfill(
  plan: WorldPlan,
  lambda: Lambda,
  regions: readonly string[],
  force = false,
): Promise<BackfillOutcome[]> {
  return Promise.all(
    regions.map((region) =>
      backfillRegion(plan, lambda, region, force).catch((error: unknown) => ({
        region,
        error: error instanceof Error ? error.message : String(error),
      })),
    ),
  );
}

async function backfillRegion(
  plan: WorldPlan,
  lambda: Lambda,
  region: string,
  force: boolean,
): Promise<BackfillOutcome> {
  const name = `${plan.app}-${plan.environment}-${region}-Backfill`;
  const sum = { rebuilt: 0, upToDate: 0, incomplete: 0, failed: 0 };
  let request: { after?: z.infer<typeof cursorSchema> } | undefined = {};
  let firstFailure: string | undefined;
  while (request !== undefined) {
    const result = await lambda.invoke({ region, name }, JSON.stringify({ ...request, force }));
    if (result.functionError !== undefined) throw new Error(`${name} failed: ${result.payload}`);
    const run = summarySchema.parse(JSON.parse(result.payload));
    sum.rebuilt += run.rebuilt;
    sum.upToDate += run.upToDate;
    sum.incomplete += run.incomplete;
    sum.failed += run.failedInAll;
    firstFailure ??= run.failed.map(({ product, reason }) => `${product}: ${reason}`)[0];
    request = run.next === undefined ? undefined : { after: run.next };
  }
  return { region, ...sum, ...(firstFailure === undefined ? {} : { error: firstFailure }) };
}
