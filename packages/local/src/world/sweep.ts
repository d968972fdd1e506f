import type { Scheduler } from "../links/scheduler.ts";
import type { WorldPlan } from "../provision/plan.ts";
import type { DynamoService } from "../services/dynamodb/dynamo-service.ts";

/** AWS deletes expired items within days; here within this, so that one can watch it. */
const sweepEveryMs = 30_000;

export interface SweepOptions {
  readonly dynamo: Pick<DynamoService, "sweepExpired">;
  readonly plan: Pick<WorldPlan, "regions">;
  readonly isDown: (region: string) => boolean;
  readonly scheduler: Scheduler;
  readonly warn: (line: string) => void;
}

/** Deletes expired items in every region that is up, until the returned function is called. */
export function sweepExpiredItems({ dynamo, plan, isDown, scheduler, warn }: SweepOptions): () => void {
  const sweep = (region: string) =>
    dynamo
      .sweepExpired(region)
      .catch((error: unknown) => warn(`time to live in ${region}: ${String(error)}`));
  let cancel = () => {};
  const wait = () => {
    cancel = scheduler.after(sweepEveryMs, () => {
      for (const region of plan.regions) if (!isDown(region)) void sweep(region);
      wait();
    });
  };
  wait();
  return () => cancel();
}
