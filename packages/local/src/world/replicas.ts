import type { Faults } from "../faults/faults.ts";
import type { Links } from "../links/links.ts";
import type { Random } from "../links/random.ts";
import type { Scheduler } from "../links/scheduler.ts";
import type { WorldPlan } from "../provision/plan.ts";
import { createReplication, type Replication } from "../replication/replication.ts";
import { replicationMetrics } from "../services/cloudwatch/service-metrics.ts";
import type { Regions } from "./regions.ts";
import type { Services } from "./services.ts";

export interface ReplicasOptions {
  readonly plan: Pick<WorldPlan, "tables">;
  readonly services: Pick<Services, "dynamo" | "cloudWatch">;
  readonly links: Links;
  readonly random: Random;
  readonly scheduler: Scheduler;
}

/** Writes of each global table on their way to its other replicas. */
export function replicateTables({ plan, services, ...parts }: ReplicasOptions): Replication {
  const { dynamo, cloudWatch } = services;
  return createReplication({
    ...parts,
    tables: globalTablesOf(plan),
    onChange: dynamo.onChange,
    apply: dynamo.applyReplicated,
    onDelivered: ({ table, from, to, lagMs }) =>
      cloudWatch.measured(from, replicationMetrics(table, to, lagMs)),
  });
}

/** The regions that hold a replica of each global table. */
function globalTablesOf({ tables }: Pick<WorldPlan, "tables">): Record<string, readonly string[]> {
  return Object.fromEntries(
    tables
      .filter(({ definition }) => definition.replicas.length > 0)
      .map(({ region, definition }) => [definition.name, [region, ...definition.replicas]]),
  );
}

/** Lets regions fall and rise as commands say, and replication go on at once when something is healed. */
export function followFaults(
  faults: Faults,
  plan: Pick<WorldPlan, "regions">,
  regions: Pick<Regions, "setDown">,
  replication: Pick<Replication, "wake">,
): () => void {
  return faults.watch((next, previous) => {
    for (const region of plan.regions) {
      const down = next.down.includes(region);
      if (down !== previous.down.includes(region)) regions.setDown(region, down);
    }
    replication.wake();
  });
}
