import { Resolver } from "node:dns/promises";
import { linkedAnnounce, linkedPlanes } from "../aws/control-planes.ts";
import { ownItems } from "../aws/linked-tables.ts";
import { dispatcherDeps } from "../dispatcher/dispatcher-deps.ts";
import { systemDelay } from "../platform/clock.ts";
import type { Links } from "../platform/deployment.ts";
import { createRandomness } from "../platform/randomness.ts";
import { regionUrls } from "../platform/region-urls.ts";
import { createOutsideLook } from "./outside-look.ts";
import type { RunDeps } from "./run.ts";

/** ms for one answer of a name server, and how often it is asked. */
const resolving = { timeout: 2_000, tries: 2 };

/** Where `REGION_URLS` stand for names, as in the local world, there is no name server that a function could ask. */
function nameLookup() {
  if (process.env["REGION_URLS"] !== undefined) {
    return {};
  }
  const resolver = new Resolver(resolving);
  return { resolveCname: (name: string) => resolver.resolveCname(name) };
}

/** What Failover and Recovery are wired with: the same, since one is the other's way back. */
export function failoverDeps(links: Links): RunDeps {
  const deps = dispatcherDeps(links);
  const { deployment } = deps;
  return {
    ...deps,
    items: ownItems(links, deployment, ["Control"]),
    randomness: createRandomness(),
    chance: Math.random,
    announce: linkedAnnounce(links, deployment),
    planes: linkedPlanes(links, deployment, systemDelay),
    look: createOutsideLook({
      domain: deployment.domain,
      urlOf: regionUrls(deployment),
      fetch,
      ...nameLookup(),
    }),
  };
}
