import type { Random } from "../links/random.ts";
import type { Scheduler } from "../links/scheduler.ts";
import type { WorldPlan } from "../provision/plan.ts";
import { createEdgeLocation, type EdgeLocation } from "../services/cloudfront/edge/edge-location.ts";
import { createEdgeServer, type EdgeServer } from "../services/cloudfront/edge/edge-server.ts";
import { createLoopbackOrigins } from "../services/cloudfront/edge/loopback-origin.ts";
import { clientNear } from "./client-places.ts";
import { createEdgeResolver } from "./edge-resolver.ts";
import type { NamedDoor } from "./named-port.ts";
import { edgeAddressOf, regionAt } from "./region-addresses.ts";
import { onPort, type Regions } from "./regions.ts";
import type { Services } from "./services.ts";
import type { EdgeLocationStatus } from "./status.ts";

/** Of one edge location: thousands of answers of the catalog, and little beside what the functions take. */
const cacheBytesMax = 16 * 1_024 * 1_024;

/** However fast the world's time goes, the machine does not: a busy one takes this long to answer. */
const machinePatienceMs = 2_000;

/** Airports, as CloudFront names its places. */
const airports: Readonly<Record<string, string>> = {
  "us-east-1": "IAD",
  "eu-west-1": "DUB",
  "ap-south-1": "BOM",
  "ap-east-1": "HKG",
};

export interface Edges {
  /** Where the edge location near a region answers. */
  url(region: string): string | undefined;
  /** For names to lead to. */
  readonly doors: readonly NamedDoor[];
  status(): readonly EdgeLocationStatus[];
  close(): Promise<void>;
}

export interface EdgesOptions {
  readonly plan: Pick<WorldPlan, "regions" | "distributions">;
  readonly services: Pick<Services, "cloudfront" | "route53">;
  readonly regions: Pick<Regions, "api">;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** ms of the world for each of the machine's */
  readonly timeScale: number;
  readonly ports: Readonly<Record<string, number>>;
  readonly warn: (line: string) => void;
}

interface Edge {
  readonly near: string;
  readonly location: EdgeLocation;
  readonly server: EdgeServer;
  close(): Promise<void>;
}

/**
 * The CDN's edge locations, one near each region, outside of all of them: a region that is down is nobody to them, and
 * they stay. None when the infrastructure has no CDN.
 */
export async function openEdges(options: EdgesOptions): Promise<Edges> {
  const { plan } = options;
  const edges: Edge[] = [];
  const close = async () => {
    await Promise.all(edges.map((edge) => edge.close()));
  };
  try {
    const places = plan.distributions.length === 0 ? [] : plan.regions;
    for (const near of places) edges.push(await openEdge(near, options));
  } catch (error) {
    await close();
    throw error;
  }
  const address = (near: string) => edgeAddressOf(plan.regions, near);
  return {
    url: (region) => edges.find(({ near }) => near === region)?.server.url,
    doors: edges.map(({ near, server }) => ({ host: address(near), listenAt: server.listenAt })),
    status: () =>
      edges.map(({ near, server, location }) => ({
        near,
        url: server.url,
        address: address(near),
        ...location.status(),
      })),
    close,
  };
}

async function openEdge(near: string, options: EdgesOptions): Promise<Edge> {
  const { plan, services, regions, random, scheduler, timeScale, warn } = options;
  const resolve = createEdgeResolver({
    answer: services.route53.answer,
    client: clientNear(plan.regions, near),
    random,
    scheduler,
  });
  const origins = createLoopbackOrigins(({ domainName }) => {
    const region = regionAt(plan.regions, resolve(domainName) ?? "");
    if (region === undefined) return undefined;
    return { host: "127.0.0.1", port: Number(new URL(regions.api(region)).port) };
  });
  // Changes reach one place after another, the last when they are said to be deployed.
  const share = (plan.regions.indexOf(near) + 1) / plan.regions.length;
  const location = createEdgeLocation({
    pop: `${airports[near] ?? near.slice(0, 3).toUpperCase()}1-L1`,
    policies: services.cloudfront.policies(),
    scheduler,
    patienceMs: machinePatienceMs * timeScale,
    cacheBytesMax,
    distributionOf: (host) => services.cloudfront.serve(host, share),
    send: origins.send,
  });
  services.cloudfront.onInvalidation({ share, forget: location.invalidate });
  const onBug = (error: unknown) => warn(`CDN near ${near}: ${String(error)}`);
  const server = await onPort(options.ports[near], (port) => createEdgeServer({ location, onBug, ...port }));
  return {
    near,
    location,
    server,
    async close() {
      origins.close();
      await server.close();
    },
  };
}
