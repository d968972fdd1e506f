import { createRandom } from "../links/random.ts";
import type { Scheduler } from "../links/scheduler.ts";
import type { WorldPlan } from "../provision/plan.ts";
import { createLoopbackConnect, type Endpoint } from "../services/route53/connect.ts";
import { parseDnsName } from "../services/route53/dns-name.ts";
import { createRoute53Service, type Route53Service } from "../services/route53/route53-service.ts";
import { clientElsewhere } from "./client-places.ts";
import { createForeignValues, regionAt } from "./region-addresses.ts";

/** However fast the world's time goes, the machine does not: a busy one takes this long to answer a checker. */
const machinePatienceMs = 2_000;

export interface WorldRoute53Options {
  readonly plan: Pick<WorldPlan, "regions" | "aliasTargets">;
  readonly seed: number;
  /** ms of the world for each of the machine's */
  readonly timeScale: number;
  readonly scheduler: Scheduler;
  /** Where a region's API answers what comes from outside. */
  readonly apiUrl: (region: string) => string;
}

/** Route 53 whose checkers find a region's API by its name, and reach it as any client outside does. */
export function createWorldRoute53(options: WorldRoute53Options): Route53Service {
  const { plan, seed, timeScale, scheduler, apiUrl } = options;
  const { regions, aliasTargets } = plan;
  const route53: Route53Service = createRoute53Service({
    connect: createLoopbackConnect((endpoint) => {
      const region = regionOf(endpoint, regions, route53);
      return region === undefined
        ? undefined
        : { host: "127.0.0.1", port: Number(new URL(apiUrl(region)).port) };
    }),
    scheduler,
    random: createRandom(`${seed} Route 53`), // its own, so that a seed's links are the same with and without it
    patienceMs: machinePatienceMs * timeScale,
    foreignValues: createForeignValues(regions, aliasTargets),
  });
  return route53;
}

/** The region to whose API the endpoint's name leads. API Gateway answers by HTTPS alone. */
function regionOf(
  { type, host, port }: Endpoint,
  regions: readonly string[],
  route53: Pick<Route53Service, "answer">,
): string | undefined {
  const name = parseDnsName(host);
  if (!name.ok || type !== "HTTPS" || port !== 443) return undefined;
  const { records } = route53.answer({
    name: name.value,
    type: "A",
    client: clientElsewhere(regions),
    chance: 0,
  });
  return regionAt(regions, records.at(-1)?.value ?? "");
}

/** Makes what the infrastructure declares. From now on the checkers look, so regions have to be there. */
export function provisionRoute53(
  { zones, checks }: Pick<Route53Service, "zones" | "checks">,
  plan: Pick<WorldPlan, "healthChecks" | "zones">,
): void {
  for (const { id, check } of plan.healthChecks) checks.provision(id, check);
  for (const { id, name, recordSets } of plan.zones) {
    const made = zones.create(id, name, recordSets);
    if (!made.ok) throw new Error(`zone ${name} was planned, and is refused: ${JSON.stringify(made.error)}`);
  }
}
