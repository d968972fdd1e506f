import * as z from "zod";
import type { GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import type { DnsName } from "../services/route53/dns-name.ts";
import type { HostedZoneId } from "../services/route53/record-set.ts";
import { distributionType } from "./distributions.ts";
import { apiType } from "./http-apis.ts";
import { nameOf } from "./record-sets.ts";

const domainNameType = "aws:apigatewayv2/domainName:DomainName";
const mappingType = "aws:apigatewayv2/apiMapping:ApiMapping";
export const customDomainTypes = [domainNameType, mappingType] as const;

/** A name of AWS's own zones to which records may lead. */
export interface AliasTarget {
  readonly zoneId: HostedZoneId;
  readonly target: DnsName;
  readonly leadsTo: { readonly type: "api"; readonly region: string } | { readonly type: "cdn" };
}

const domainOutputs = z.object({
  domainNameConfiguration: z.object({ targetDomainName: z.string(), hostedZoneId: z.string() }),
});
const mappingInputs = z.object({ apiId: z.string(), domainName: z.string() });
const distributionOutputs = z.object({ domainName: z.string(), hostedZoneId: z.string() });

/** What the stages deploy that an alias can lead to: custom domains of APIs, and CDNs. */
export function planAliasTargets(index: GraphIndex): AliasTarget[] {
  return [
    ...index.all(domainNameType).map((domain) => planDomain(index, domain)),
    ...index.all(distributionType).map((distribution) => {
      const { domainName, hostedZoneId } = readPart(distribution, "outputs", distributionOutputs);
      return { ...place(distribution, domainName, hostedZoneId), leadsTo: { type: "cdn" } } as const;
    }),
  ];
}

function planDomain(index: GraphIndex, domain: GraphResource): AliasTarget {
  const mapping = index
    .all(mappingType)
    .map((resource) => ({ resource, inputs: readPart(resource, "inputs", mappingInputs) }))
    .find(({ resource, inputs }) => resource.region === domain.region && inputs.domainName === domain.id);
  if (mapping === undefined)
    throw new GraphError(`${domain.name} in ${domain.region} has no API mapping: nothing would answer`);
  index.byId(apiType, mapping.inputs.apiId, mapping.resource);
  const { targetDomainName, hostedZoneId } = readPart(
    domain,
    "outputs",
    domainOutputs,
  ).domainNameConfiguration;
  return {
    ...place(domain, targetDomainName, hostedZoneId),
    leadsTo: { type: "api", region: domain.region },
  };
}

function place(resource: GraphResource, name: string, zoneId: string) {
  return { zoneId: zoneId as HostedZoneId, target: nameOf(resource, name) };
}
