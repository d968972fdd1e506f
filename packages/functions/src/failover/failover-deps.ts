import { Resolver } from "node:dns/promises";
import { linkedAnnounce, linkedPlanes } from "../aws/control-planes.ts";
import { ownItems } from "../aws/linked-tables.ts";
import { dispatcherDeps } from "../dispatcher/dispatcher-deps.ts";
import { systemDelay } from "../platform/clock.ts";
import type { Links } from "../platform/deployment.ts";
import { createRandomness } from "../platform/randomness.ts";
import { edgeUrlOf, regionUrls } from "../platform/region-urls.ts";
import { createOutsideLook } from "./outside-look.ts";
import type { RunDeps } from "./run.ts";

/** ms for one answer of a name server, and how often it is asked. */
const resolving = { timeout: 2_000, tries: 2 };

/** `NAME_SERVERS`, `address:port` each, stand for the system's where nobody has delegated the names, as in the local world. */
function nameLookup() {
  const resolver = new Resolver(resolving);
  const servers = process.env["NAME_SERVERS"];
  if (servers !== undefined) {
    resolver.setServers(servers.split(","));
  }
  return (name: string) => resolver.resolveCname(name);
}

/** What Failover and Recovery are wired with: the same, since one is the other's way back. */
export function failoverDeps(links: Links): RunDeps {
  const deps = dispatcherDeps(links);
  const { deployment } = deps;
  const edgeUrl = edgeUrlOf(deployment);
  const randomness = createRandomness();
  return {
    ...deps,
    items: ownItems(links, deployment, ["Control"]),
    randomness,
    delay: systemDelay,
    chance: Math.random,
    announce: linkedAnnounce(links, deployment),
    planes: linkedPlanes(links, deployment, systemDelay),
    look: createOutsideLook({
      domain: deployment.domain,
      urlOf: regionUrls(deployment),
      ...(edgeUrl === undefined ? {} : { edgeUrl }),
      fetch,
      unique: () => randomness.ulid(deps.clock.nowMs()),
      resolveCname: nameLookup(),
    }),
  };
}
