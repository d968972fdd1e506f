import type { WorldPlan } from "../provision/plan.ts";
import type { DynamoService } from "../services/dynamodb/dynamo-service.ts";

/** AWS deletes expired items within days; here within this, so that one can watch it. */
const sweepEveryMs = 30_000;

/** Deletes expired items in every region that is up, until it is stopped. */
export function sweepExpiredItems(
  dynamo: DynamoService,
  plan: WorldPlan,
  isDown: (region: string) => boolean,
  warn: (line: string) => void,
) {
  const sweep = (region: string) =>
    dynamo
      .sweepExpired(region)
      .catch((error: unknown) => warn(`time to live in ${region}: ${String(error)}`));
  const timer = setInterval(() => {
    for (const region of plan.regions) if (!isDown(region)) void sweep(region);
  }, sweepEveryMs);
  return () => clearInterval(timer);
}
