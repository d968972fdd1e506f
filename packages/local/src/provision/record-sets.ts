import * as z from "zod";
import { GraphError } from "../graph/load.ts";
import { readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import { type DnsName, parseDnsName } from "../services/route53/dns-name.ts";
import {
  type HealthCheckId,
  type HostedZoneId,
  type RecordSet,
  type Routing,
  recordTypes,
} from "../services/route53/record-set.ts";

export const recordType = "aws:route53/record:Record";

const one = <Shape extends z.ZodType>(shape: Shape) => z.tuple([shape]).optional();

/** Strict, since a policy that was overlooked would be another answer. */
const recordInputs = z
  .strictObject({
    zoneId: z.string(),
    name: z.string(),
    type: z.enum(recordTypes),
    ttl: z.number().optional(),
    records: z.array(z.string()).min(1).optional(),
    aliases: one(z.object({ name: z.string(), zoneId: z.string(), evaluateTargetHealth: z.boolean() })),
    setIdentifier: z.string().optional(),
    healthCheckId: z.string().optional(),
    latencyRoutingPolicies: one(z.object({ region: z.string() })),
    failoverRoutingPolicies: one(z.object({ type: z.enum(["PRIMARY", "SECONDARY"]) })),
    weightedRoutingPolicies: one(z.object({ weight: z.number() })),
    geolocationRoutingPolicies: one(
      z.strictObject({ continent: z.string().optional(), country: z.string().optional() }),
    ),
    allowOverwrite: z.boolean().optional(),
  })
  .refine(
    ({ aliases, records, ttl }) =>
      aliases === undefined
        ? records !== undefined && ttl !== undefined
        : records === undefined && ttl === undefined,
    "a record has either an alias, or values and a ttl",
  )
  .refine(
    (inputs) => policiesOf(inputs) === (inputs.setIdentifier === undefined ? 0 : 1),
    "a record has one policy and a set identifier, or neither",
  );

type Inputs = z.infer<typeof recordInputs>;

export interface PlannedRecord {
  readonly resource: GraphResource;
  readonly zoneId: HostedZoneId;
  readonly recordSet: RecordSet;
}

/** A record of a graph as the record set that Route 53 gets. */
export function planRecord(resource: GraphResource): PlannedRecord {
  const inputs = readPart(resource, "inputs", recordInputs);
  const { type, healthCheckId } = inputs;
  return {
    resource,
    zoneId: inputs.zoneId as HostedZoneId,
    recordSet: {
      name: nameOf(resource, inputs.name),
      type,
      routing: routingOf(inputs),
      content: contentOf(resource, inputs),
      ...(healthCheckId === undefined ? {} : { healthCheckId: healthCheckId as HealthCheckId }),
    },
  };
}

function policiesOf(inputs: {
  readonly latencyRoutingPolicies?: unknown;
  readonly failoverRoutingPolicies?: unknown;
  readonly weightedRoutingPolicies?: unknown;
  readonly geolocationRoutingPolicies?: unknown;
}): number {
  const { latencyRoutingPolicies, failoverRoutingPolicies, weightedRoutingPolicies } = inputs;
  return [
    latencyRoutingPolicies,
    failoverRoutingPolicies,
    weightedRoutingPolicies,
    inputs.geolocationRoutingPolicies,
  ].filter((policy) => policy !== undefined).length;
}

function routingOf(inputs: Inputs): Routing {
  const { setIdentifier } = inputs;
  if (setIdentifier === undefined) return { policy: "simple" };
  const [latency] = inputs.latencyRoutingPolicies ?? [];
  if (latency !== undefined) return { policy: "latency", setIdentifier, region: latency.region };
  const [failover] = inputs.failoverRoutingPolicies ?? [];
  if (failover !== undefined) return { policy: "failover", setIdentifier, role: failover.type };
  const [weighted] = inputs.weightedRoutingPolicies ?? [];
  if (weighted !== undefined) return { policy: "weighted", setIdentifier, weight: weighted.weight };
  const [{ continent, country = "*" } = {}] = inputs.geolocationRoutingPolicies ?? [];
  if (continent !== undefined) {
    return { policy: "geolocation", setIdentifier, location: { type: "continent", code: continent } };
  }
  const location =
    country === "*" ? ({ type: "default" } as const) : ({ type: "country", code: country } as const);
  return { policy: "geolocation", setIdentifier, location };
}

function contentOf(resource: GraphResource, inputs: Inputs): RecordSet["content"] {
  const [alias] = inputs.aliases ?? [];
  if (alias === undefined)
    return { type: "values", ttlSeconds: inputs.ttl ?? 0, values: inputs.records ?? [] };
  return {
    type: "alias",
    zoneId: alias.zoneId as HostedZoneId,
    target: nameOf(resource, alias.name),
    evaluateTargetHealth: alias.evaluateTargetHealth,
  };
}

export function nameOf(resource: GraphResource, text: string): DnsName {
  const name = parseDnsName(text);
  if (name.ok) return name.value;
  throw new GraphError(`${resource.name} in ${resource.region}: "${text}" is no domain name`);
}
