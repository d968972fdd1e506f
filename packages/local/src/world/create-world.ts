import type { Fault } from "../faults/fault.ts";
import type { FaultState } from "../faults/fault-state.ts";
import { createFaults } from "../faults/faults.ts";
import { createSkewedClock } from "../faults/skewed-clock.ts";
import type { Graph } from "../graph/schema.ts";
import { createRandom } from "../links/random.ts";
import { outside } from "../links/region-lag.ts";
import { createWallScheduler } from "../links/scheduler.ts";
import { createLinks } from "../links/world-links.ts";
import { planWorld } from "../provision/plan.ts";
import { createReplication } from "../replication/replication.ts";
import { describeWorld } from "./describe-world.ts";
import { importCatalog } from "./import-catalog.ts";
import { createRegions, type RegionPorts } from "./regions.ts";
import { runReplay } from "./replay.ts";
import { worldSecrets } from "./secrets.ts";
import { createServices, type EngineName } from "./services.ts";
import { settle } from "./settle.ts";
import type { World } from "./world.ts";

/** AWS deletes expired items within days; here within this, so that one can watch it. */
const sweepEveryMs = 30_000;

/** The catalog was written before anything that happens in the world. */
const catalogAgeMs = 86_400_000;

export interface WorldOptions {
  /** Every stage of one environment, home first. */
  readonly graphs: readonly Graph[];
  readonly root: string;
  readonly workDir: string;
  readonly engine: EngineName;
  readonly seed: number;
  /** Fixed ports by region; free ones where left out. */
  readonly ports?: Readonly<Record<string, RegionPorts>>;
  readonly say?: (line: string) => void;
  /** Told of refused requests and of the world's own bugs. */
  readonly warn?: (line: string) => void;
}

/**
 * Brings up what the graphs name, with the catalog loaded. Rejects with one-line errors: `GraphError` when something
 * leads nowhere, `BundleError` for a handler, `PortTakenError`, `EngineUnavailableError`.
 */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { say = () => {}, warn = () => {} } = options;
  const startedAt = new Date().toISOString();
  const plan = planWorld(options.graphs, worldSecrets());
  say(`Graphs of ${plan.regions.length} stages: ${plan.resourceCount} resources.`);

  const random = createRandom(options.seed);
  const scheduler = createWallScheduler();
  const faults = createFaults({ regions: plan.regions, otherPlaces: [outside] });
  const clock = createSkewedClock({ now: scheduler.now, state: faults.state });
  const links = createLinks({ faults, random, scheduler });

  const services = await createServices({
    ...options,
    plan,
    faults,
    clock,
    random,
    scheduler,
    endpointUrl: (region) => regions.endpoint(region),
    say,
  });
  const { dynamo } = services;
  const imported = await importCatalog(plan, dynamo, {
    writtenAtMs: scheduler.now() - catalogAgeMs,
  });
  say(`Catalog loaded: ${imported.products} products in ${imported.regions} regions, views included.`);

  const replication = createReplication({
    tables: Object.fromEntries(
      plan.tables
        .filter(({ definition }) => definition.replicas.length > 0)
        .map(({ region, definition }) => [definition.name, [region, ...definition.replicas]]),
    ),
    onChange: dynamo.onChange,
    apply: dynamo.applyReplicated,
    links,
    random,
    scheduler,
  });
  const regions = await createRegions({
    plan,
    services,
    links,
    clock,
    random,
    scheduler,
    ports: options.ports ?? {},
    warn,
  });

  const sweeper = setInterval(() => {
    for (const region of plan.regions) {
      if (faults.state().down.includes(region)) continue;
      dynamo
        .sweepExpired(region)
        .catch((error: unknown) => warn(`time to live in ${region}: ${String(error)}`));
    }
  }, sweepEveryMs);
  const onFault = (next: FaultState, previous: FaultState) => {
    for (const region of plan.regions) {
      const isDown = next.down.includes(region);
      if (isDown !== previous.down.includes(region)) regions.setDown(region, isDown);
    }
    replication.wake();
  };
  const unwatch = faults.watch(onFault);
  const parts = { ...options, plan, startedAt, faults, replication, regions, services };

  return {
    plan,
    products: imported.products,
    api: regions.api,
    endpoint: regions.endpoint,
    status: () => describeWorld(parts),
    apply: (fault: Fault) => faults.apply(fault),
    replay: (region) => runReplay(plan, services.lambda, region === undefined ? plan.regions : [region]),
    settled: () =>
      settle({
        regionNames: plan.regions,
        replication,
        regions,
        isDown: (region) => faults.state().down.includes(region),
      }),
    dynamo,
    logs: services.logs,
    async close() {
      clearInterval(sweeper);
      unwatch();
      replication.close();
      await regions.close();
      await services.close();
    },
  };
}
