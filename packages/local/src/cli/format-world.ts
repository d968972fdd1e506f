import type { NotRun } from "../provision/not-run.ts";
import { operatorAccessKey } from "../world/regions.ts";
import type { World } from "../world/world.ts";

type Shown = Pick<World, "products" | "api" | "endpoint" | "status"> & {
  readonly plan: Pick<World["plan"], "regions" | "notRun">;
};

/** All that a world says when it is up: where it is, what to try, what is missing, and how it is ended. */
export function formatStart(world: Shown, { seconds, tour }: { seconds: number; tour: string }): string {
  return [
    formatWorld(world, seconds),
    tour,
    formatNotRun(world.plan.notRun),
    "Ctrl-C stops everything. Commands: npm run world -- help",
  ].join("\n");
}

/** What is up, and where. */
function formatWorld(world: Shown, seconds: number): string {
  const { plan } = world;
  const { payments, names, edges, timeScale } = world.status();
  return [
    "",
    `${plan.regions.length} regions are up after ${seconds.toFixed(1)} s, with ${world.products} products.`,
    "",
    ...plan.regions.map(
      (region) => `  ${region.padEnd(12)} ${world.api(region)}   AWS ${world.endpoint(region)}`,
    ),
    "",
    `An AWS client reaches a region with its AWS address as endpoint, access key "${operatorAccessKey}" and any secret.`,
    ...(payments === undefined
      ? []
      : [`The payment provider of all regions is a sandbox at ${payments.url}.`]),
    ...(edges.length === 0
      ? []
      : [`The CDN answers near each region: ${edges.map(({ near, url }) => `${near} ${url}`).join(", ")}.`]),
    ...(names === undefined
      ? []
      : [`Name servers answer at 127.0.0.1:${names.dnsPort}: npm run -s world -- dns api`]),
    ...(timeScale === 1
      ? []
      : [`Time passes ${timeScale} times as fast: checks, schedules, time-outs, links and every clock.`]),
    "Functions log to .antipode/logs/<region>/.",
    "",
  ].join("\n");
}

/** What of the infrastructure is not up: long, and not what a person is here for. */
function formatNotRun(notRun: readonly NotRun[]): string {
  return [
    "Deployed, but not run here:",
    ...notRun.map(({ type, count, names }) => `  ${count} × ${type} (${names.join(", ")})`),
    "",
  ].join("\n");
}
