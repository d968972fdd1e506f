import type { Faults } from "../faults/faults.ts";
import type { Scheduler } from "../links/scheduler.ts";
import type { Payments } from "../payments/payments.ts";
import type { WorldPlan } from "../provision/plan.ts";
import type { Replication } from "../replication/replication.ts";
import { countAlarms, describeAlarms } from "./alarm-status.ts";
import type { Edges } from "./edges.ts";
import type { Names } from "./names.ts";
import type { RegionMapping, Regions } from "./regions.ts";
import type { Schedules } from "./schedules.ts";
import type { Services } from "./services.ts";
import type { DispatcherStatus, RegionRouting, RegionStatus, WorldStatus } from "./status.ts";

export interface DescribeOptions {
  readonly plan: WorldPlan;
  readonly engine: string;
  readonly seed: number;
  readonly startedAt: string;
  readonly timeScale: number;
  readonly scheduler: Pick<Scheduler, "now">;
  readonly faults: Faults;
  readonly replication: Replication;
  readonly regions: Regions;
  readonly services: Services;
  readonly schedules: Schedules;
  readonly payments: Payments | undefined;
  readonly names: Names | undefined;
  readonly edges: Edges;
}

/** The world as it is at this moment. */
export function describeWorld(options: DescribeOptions): WorldStatus {
  const { plan, engine, seed, startedAt, timeScale, scheduler, faults } = options;
  const { replication, regions, services, schedules, payments, names, edges } = options;
  const alarms = describeAlarms(plan, services.cloudWatch);
  const failedBatches = (region: string) =>
    plan.buckets
      .filter((bucket) => bucket.region === region)
      .reduce((sum, bucket) => sum + services.s3.keys(region, bucket.name).length, 0);
  const describeRegion = (region: string): RegionStatus => ({
    region,
    up: !faults.state().down.includes(region),
    ...describeRouting(names?.routing(region)),
    api: regions.api(region),
    endpoint: regions.endpoint(region),
    dispatchers: regions.mappings(region).map(describeMapping),
    schedules: schedules.status(region),
    failedBatches: failedBatches(region),
    ...countAlarms(alarms, region),
  });
  return {
    engine,
    seed,
    startedAt,
    now: new Date(scheduler.now()).toISOString(),
    timeScale,
    memoryMb: Math.round(process.memoryUsage.rss() / 1_048_576),
    regions: plan.regions.map(describeRegion),
    faults: faults.describe(),
    replication: replication.pairs(),
    ...(payments === undefined ? {} : { payments: payments.status() }),
    ...(names === undefined ? {} : { names: names.status() }),
    edges: edges.status(),
  };
}

function describeRouting(route53: RegionRouting | undefined): Pick<RegionStatus, "route53"> {
  return route53 === undefined ? {} : { route53 };
}

function describeMapping({ plan, mapping }: RegionMapping): DispatcherStatus {
  const { behind, failedBatches, retries, lastError } = mapping.status();
  return {
    name: plan.functionName,
    behind,
    retries,
    failedBatches,
    ...(lastError === undefined ? {} : { lastError }),
  };
}
