import * as z from "zod";
import { dangling, type GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import { faultOf } from "../services/cloudfront/config-rules.ts";
import type {
  CacheBehavior,
  DistributionConfig,
  Origin,
} from "../services/cloudfront/distribution-config.ts";
import type { NewDistribution } from "../services/cloudfront/distribution-store.ts";
import { type Policies, withManaged } from "../services/cloudfront/policies.ts";
import { nameOf } from "./record-sets.ts";
import type { PlannedZone } from "./zones.ts";

export const distributionType = "aws:cloudfront/distribution:Distribution";
const certificateType = "aws:acm/certificate:Certificate";
/** CloudFront takes certificates from this region alone. */
const certificateRegion = "us-east-1";

const behaviorShape = {
  targetOriginId: z.string(),
  viewerProtocolPolicy: z.enum(["allow-all", "https-only", "redirect-to-https"]),
  allowedMethods: z.array(z.string()),
  cachedMethods: z.array(z.string()),
  compress: z.boolean().default(false),
  cachePolicyId: z.string(),
  originRequestPolicyId: z.string().optional(),
  responseHeadersPolicyId: z.string().optional(),
};

const originInputs = z.strictObject({
  originId: z.string(),
  domainName: z.string(),
  originPath: z.string().default(""),
  connectionAttempts: z.number().default(3),
  connectionTimeout: z.number().default(10),
  customOriginConfig: z.strictObject({
    httpPort: z.number(),
    httpsPort: z.number(),
    originProtocolPolicy: z.enum(["http-only", "match-viewer", "https-only"]),
    originSslProtocols: z.array(z.string()),
    originReadTimeout: z.number().default(30),
    originKeepaliveTimeout: z.number().default(5),
  }),
});

/** Strict, since a setting that was overlooked would be another CDN. */
const distributionInputs = z.strictObject({
  comment: z.string().default(""),
  aliases: z.array(z.string()).default([]),
  enabled: z.boolean(),
  origins: z.array(originInputs),
  originGroups: z
    .array(
      z.strictObject({
        originId: z.string(),
        failoverCriteria: z.strictObject({ statusCodes: z.array(z.number()) }),
        members: z.array(z.strictObject({ originId: z.string() })),
      }),
    )
    .default([]),
  defaultCacheBehavior: z.strictObject(behaviorShape),
  orderedCacheBehaviors: z.array(z.strictObject({ pathPattern: z.string(), ...behaviorShape })).default([]),
  customErrorResponses: z
    .array(z.strictObject({ errorCode: z.number(), errorCachingMinTtl: z.number() }))
    .default([]),
  viewerCertificate: z.strictObject({
    acmCertificateArn: z.string(),
    sslSupportMethod: z.string(),
    minimumProtocolVersion: z.string(),
  }),
  restrictions: z.strictObject({ geoRestriction: z.strictObject({ restrictionType: z.literal("none") }) }),
  priceClass: z.string().default("PriceClass_All"),
  httpVersion: z.string().default("http2"),
  isIpv6Enabled: z.boolean().default(false),
  webAclId: z.string().default(""),
});

const distributionOutputs = z.object({ domainName: z.string() });
const certificateInputs = z.object({
  domainName: z.string(),
  subjectAlternativeNames: z.array(z.string()).default([]),
});

/** The distributions, each taken by CloudFront's own rules, or refused. */
export function planDistributions(
  index: GraphIndex,
  parts: { readonly policies: Policies; readonly zones: readonly PlannedZone[] },
): NewDistribution[] {
  const policies = withManaged(parts.policies);
  return index.all(distributionType).map((resource) => {
    const config = configOf(resource);
    const fault = faultOf(config, policies);
    if (fault !== undefined)
      throw new GraphError(
        `CloudFront would refuse ${resource.name} (${distributionType}) in ${resource.region}: ${fault.message}`,
      );
    requireCovered(index, resource, config);
    for (const { domainName } of config.origins) requireName(resource, domainName, parts.zones);
    const stage = index.graphs.find((graph) => graph.resources.includes(resource));
    const { domainName } = readPart(resource, "outputs", distributionOutputs);
    return { id: resource.id ?? "", domainName, tags: stage?.tags ?? {}, config };
  });
}

function configOf(resource: GraphResource): DistributionConfig {
  const inputs = readPart(resource, "inputs", distributionInputs);
  return {
    callerReference: `${resource.name} of ${resource.region}`, // the provider makes one up
    aliases: inputs.aliases,
    comment: inputs.comment,
    enabled: inputs.enabled,
    origins: inputs.origins.map(originOf),
    originGroups: inputs.originGroups.map(({ originId, failoverCriteria, members }) => ({
      id: originId,
      statusCodes: failoverCriteria.statusCodes,
      members: members.map((member) => member.originId),
    })),
    defaultCacheBehavior: behaviorOf({ pathPattern: "*", ...inputs.defaultCacheBehavior }),
    cacheBehaviors: inputs.orderedCacheBehaviors.map(behaviorOf),
    errorCaching: inputs.customErrorResponses.map(({ errorCode, errorCachingMinTtl }) => ({
      errorCode,
      minTtlSeconds: errorCachingMinTtl,
    })),
    priceClass: inputs.priceClass,
    httpVersion: inputs.httpVersion,
    isIpv6Enabled: inputs.isIpv6Enabled,
    webAclId: inputs.webAclId,
    viewerCertificate: inputs.viewerCertificate,
  };
}

function originOf({ customOriginConfig: custom, ...origin }: z.infer<typeof originInputs>): Origin {
  return {
    id: origin.originId,
    domainName: origin.domainName,
    originPath: origin.originPath,
    connectionAttempts: origin.connectionAttempts,
    connectionTimeoutSeconds: origin.connectionTimeout,
    httpPort: custom.httpPort,
    httpsPort: custom.httpsPort,
    protocolPolicy: custom.originProtocolPolicy,
    sslProtocols: custom.originSslProtocols,
    readTimeoutSeconds: custom.originReadTimeout,
    keepaliveTimeoutSeconds: custom.originKeepaliveTimeout,
  };
}

type BehaviorInputs = z.infer<typeof distributionInputs>["orderedCacheBehaviors"][number];

function behaviorOf({
  originRequestPolicyId,
  responseHeadersPolicyId,
  ...behavior
}: BehaviorInputs): CacheBehavior {
  return {
    ...behavior,
    ...(originRequestPolicyId === undefined ? {} : { originRequestPolicyId }),
    ...(responseHeadersPolicyId === undefined ? {} : { responseHeadersPolicyId }),
  };
}

/** CloudFront asks for a certificate of every alias. */
function requireCovered(index: GraphIndex, resource: GraphResource, config: DistributionConfig): void {
  const arn = config.viewerCertificate?.acmCertificateArn ?? "";
  const certificate = index.byArn(arn, resource);
  if (certificate.type !== certificateType || certificate.region !== certificateRegion)
    throw dangling(resource, arn);
  const { domainName, subjectAlternativeNames } = readPart(certificate, "inputs", certificateInputs);
  const covered = [domainName, ...subjectAlternativeNames];
  const bare = config.aliases.find(
    (alias) => !covered.some((name) => name === alias || name === `*.${alias.slice(alias.indexOf(".") + 1)}`),
  );
  if (bare === undefined) return;
  throw new GraphError(
    `CloudFront would refuse ${resource.name} (${distributionType}) in ${resource.region}: ${certificate.name} does not cover ${bare}`,
  );
}

/** An origin that no name server here knows would fail every request. */
function requireName(resource: GraphResource, domainName: string, zones: readonly PlannedZone[]): void {
  const name = nameOf(resource, domainName);
  const isKnown = zones.some(({ recordSets }) => recordSets.some((set) => set.name === name));
  if (!isKnown) throw dangling(resource, domainName);
}
