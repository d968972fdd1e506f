import type { WorldClock } from "../links/clock.ts";
import type { Links } from "../links/links.ts";
import type { Random } from "../links/random.ts";
import type { Scheduler } from "../links/scheduler.ts";
import type { PlannedMapping } from "../provision/event-source-mappings.ts";
import type { WorldPlan } from "../provision/plan.ts";
import { createHttpApi, type HttpApi } from "../services/apigateway/http-api.ts";
import { iteratorAgeMetrics, mappingMetrics } from "../services/cloudwatch/service-metrics.ts";
import {
  createEventSourceMapping,
  type EventSourceMapping,
} from "../services/event-source-mapping/event-source-mapping.ts";
import { createFailureBucket } from "../services/event-source-mapping/failure-bucket.ts";
import { createFront, type Front } from "../services/front/front.ts";
import type { LoopbackAddress, SecondAddress } from "../services/front/loopback-server.ts";
import { functionPrincipal, operatorPrincipal, type Principal } from "../services/iam/statement.ts";
import { account } from "../services/service.ts";
import { reportRequests } from "./cloudwatch.ts";
import type { Services } from "./services.ts";

export interface RegionPorts {
  readonly api: number;
  readonly endpoint: number;
}

/** With this access key, and any secret, a person's own AWS client may do everything in the local world. */
export const operatorAccessKey = "operator";

/** A port that something else listens on. */
export class PortTakenError extends Error {
  override name = "PortTakenError";
  readonly port: number;

  constructor(port: number) {
    super(`port ${port} is taken: end what uses it, or choose others with --port`);
    this.port = port;
  }
}

export interface RegionMapping {
  readonly plan: PlannedMapping;
  readonly mapping: EventSourceMapping;
}

export interface Regions {
  api(region: string): string;
  endpoint(region: string): string;
  /** Opens the region's API at one more address. Rejects when it is taken, or is none of this machine's. */
  listenAt(region: string, address: LoopbackAddress): Promise<SecondAddress>;
  mappings(region: string): readonly RegionMapping[];
  setDown(region: string, down: boolean): void;
  close(): Promise<void>;
}

export interface RegionsOptions {
  readonly plan: WorldPlan;
  readonly services: Services;
  readonly links: Links;
  readonly clock: WorldClock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly ports: Readonly<Record<string, RegionPorts>>;
  readonly warn: (line: string) => void;
}

interface Region {
  readonly front: Front;
  readonly apis: readonly HttpApi[];
  readonly mappings: readonly RegionMapping[];
}

/** Opens each region's doors: the AWS endpoint of its functions, its API, and its stream mappings. */
export async function createRegions(options: RegionsOptions): Promise<Regions> {
  const { plan, services } = options;
  const byName = new Map<string, Region>();
  const regionOf = (name: string): Region => {
    const region = byName.get(name);
    if (!region) throw new Error(`no region ${name} in this world`);
    return region;
  };
  const close = async () => {
    const all = [...byName.values()];
    await Promise.all(all.flatMap(({ apis }) => apis.map((api) => api.close())));
    await Promise.all(all.flatMap(({ mappings }) => mappings.map(({ mapping }) => mapping.stop())));
    await Promise.all(all.map(({ front }) => front.close()));
  };
  try {
    for (const name of plan.regions) {
      const front = await openFront(name, options);
      const region = { front, apis: [] as HttpApi[], mappings: [] as RegionMapping[] };
      byName.set(name, region);
      region.apis.push(...(await openApis(name, options)));
    }
  } catch (error) {
    await close();
    throw error;
  }
  // Only now does anything run by itself: every region can be reached.
  for (const [name, region] of byName) {
    (region.mappings as RegionMapping[]).push(...startMappings(name, options));
  }
  return {
    api: (name) => regionOf(name).apis[0]?.url ?? "",
    endpoint: (name) => regionOf(name).front.url,
    async listenAt(name, address) {
      const [api] = regionOf(name).apis;
      if (api === undefined) throw new Error(`${name} has no API`);
      return api.listenAt(address);
    },
    mappings: (name) => regionOf(name).mappings,
    setDown(name, down) {
      const { front, apis, mappings } = regionOf(name);
      services.lambda.setDown(name, down);
      front.setDown(down);
      for (const api of apis) api.setDown(down);
      for (const { mapping } of mappings) mapping.setDown(down);
    },
    close,
  };
}

async function openFront(region: string, options: RegionsOptions): Promise<Front> {
  const { services, links, ports, warn } = options;
  const operator = operatorPrincipal(account);
  const principals = (accessKeyId: string): Principal | undefined =>
    accessKeyId === operatorAccessKey ? operator : services.lambda.principal(accessKeyId);
  return onPort(ports[region]?.endpoint, (port) =>
    createFront({
      region,
      services: services.all,
      principals,
      links,
      ...port,
      onDenied: (denial) => warn(`${region}: ${denial.message}`),
      onBug: (error) => warn(`${region}: ${describe(error)}`),
    }),
  );
}

async function openApis(region: string, options: RegionsOptions): Promise<HttpApi[]> {
  const { plan, services, links, clock, scheduler, ports, warn } = options;
  const planned = plan.apis.filter((api) => api.region === region);
  return Promise.all(
    planned.map((api, index) =>
      // The first API has the region's known port; should infra/ have more, they take free ones.
      onPort(index === 0 ? ports[region]?.api : undefined, (port) =>
        createHttpApi({
          api: { apiId: api.id, routes: api.routes },
          region,
          links,
          clock,
          scheduler,
          ...port,
          invoke: services.lambda.invoke,
          onRequest: reportRequests(services.cloudWatch, api),
          trouble: services.apiTrouble(region),
          onBug: (error) => warn(`${region}: ${describe(error)}`),
        }),
      ),
    ),
  );
}

function startMappings(region: string, options: RegionsOptions): RegionMapping[] {
  const { plan, services, clock, random, scheduler } = options;
  return plan.mappings
    .filter((mapping) => mapping.region === region)
    .map((planned) => {
      const definition = services.lambda.find(planned.functionArn);
      if (!definition) throw new Error(`no function ${planned.functionArn}`);
      const principal = functionPrincipal(definition.roleArn, definition.name, definition.statements);
      const bucket = planned.failureBucket;
      const mapping = createEventSourceMapping(planned, {
        source: services.dynamo.stream(region, planned.table),
        invoke: (event) => services.lambda.invoke(planned.functionArn, event),
        ...(bucket === undefined
          ? {}
          : { destination: createFailureBucket({ s3: services.s3, region, bucket, principal }) }),
        onInvoke: (ageMs) => services.cloudWatch.measured(region, iteratorAgeMetrics(definition.name, ageMs)),
        ...(planned.countsEvents
          ? {
              onGivenUp: (end, records) =>
                services.cloudWatch.measured(region, mappingMetrics(planned.uuid, end, records)),
            }
          : {}),
        clock,
        random,
        scheduler,
      });
      return { plan: planned, mapping };
    });
}

/** Opens on that port, or on a free one. Throws `PortTakenError`. */
export async function onPort<T>(
  port: number | undefined,
  open: (options: { port?: number }) => Promise<T>,
): Promise<T> {
  try {
    return await open(port === undefined ? {} : { port });
  } catch (error) {
    if (port !== undefined && isAddressInUse(error)) throw new PortTakenError(port);
    throw error;
  }
}

export function isAddressInUse(error: unknown): boolean {
  return hasCode(error, "EADDRINUSE");
}

/** As of 127.0.0.101 on a machine that has nothing but 127.0.0.1. */
export function isAddressMissing(error: unknown): boolean {
  return hasCode(error, "EADDRNOTAVAIL");
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

const describe = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
