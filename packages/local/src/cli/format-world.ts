import { operatorAccessKey } from "../world/regions.ts";
import type { World } from "../world/world.ts";

/** What is up, and what of the infrastructure is not. */
export function formatWorld(world: World, seconds: number): string {
  const { plan } = world;
  const { payments } = world.status();
  const notRun = plan.notRun.map(({ type, count, names }) => `  ${count} × ${type} (${names.join(", ")})`);
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
    "Functions log to .antipode/logs/<region>/.",
    "",
    "Deployed, but not run here:",
    ...notRun,
    "",
  ].join("\n");
}
