import { type ModelContext, type ProviderOutputs, type ResourceModels, uuidOf } from "../model.ts";

const globalArn = (context: ModelContext, service: string, resource: string): string =>
  context.arn(service, resource, { region: "" });

function distributionOutputs(context: ModelContext): ProviderOutputs {
  const id = `E${context.digest(13).toUpperCase()}`;
  return {
    id,
    arn: globalArn(context, "cloudfront", `distribution/${id}`),
    domainName: `d${context.digest(13, "domain")}.cloudfront.net`,
    hostedZoneId: "Z2FDTNDATAQYW2", // the zone of every distribution
    etag: `E${context.digest(12, "etag").toUpperCase()}`,
  };
}

const withUuid = (context: ModelContext): ProviderOutputs => ({ id: uuidOf(context), etag: "E1" });

/** CloudFront, what stands before it, and Global Accelerator. */
export const cloudfrontModels: ResourceModels = {
  "aws:cloudfront/distribution:Distribution": {
    global: true,
    outputs: distributionOutputs,
    inputs: [
      "aliases",
      "enabled",
      "origins",
      "originGroups",
      "defaultCacheBehavior",
      "orderedCacheBehaviors",
      "customErrorResponses",
      "viewerCertificate",
      "restrictions",
      "priceClass",
      "httpVersion",
      "webAclId",
      "defaultRootObject",
    ],
    wiring: ["domainName", "hostedZoneId"],
  },
  "aws:cloudfront/cachePolicy:CachePolicy": {
    global: true,
    outputs: withUuid,
    inputs: ["name", "defaultTtl", "maxTtl", "minTtl", "parametersInCacheKeyAndForwardedToOrigin"],
  },
  "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": {
    global: true,
    outputs: withUuid,
    inputs: ["name", "cookiesConfig", "headersConfig", "queryStringsConfig"],
  },
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
    global: true,
    outputs: withUuid,
    inputs: ["name", "securityHeadersConfig"],
  },
  "aws:wafv2/webAcl:WebAcl": {
    global: true, // those of CloudFront
    outputs: (context) => {
      const id = uuidOf(context);
      return { id, arn: context.arn("wafv2", `global/webacl/${context.auto("name")}/${id}`) };
    },
    inputs: ["name", "scope", "defaultAction", "rules"],
  },
  "aws:globalaccelerator/accelerator:Accelerator": {
    global: true,
    outputs: (context) => {
      const arn = globalArn(context, "globalaccelerator", `accelerator/${uuidOf(context)}`);
      const addresses = { ipAddresses: ["192.0.2.1", "192.0.2.2"], ipFamily: "IPv4" };
      return {
        id: arn,
        arn,
        dnsName: `a${context.digest(16)}.awsglobalaccelerator.com`,
        hostedZoneId: "Z2BJ6XQ5FK7U4H", // the zone of every accelerator
        ipSets: [addresses],
      };
    },
    inputs: ["name", "enabled", "ipAddressType"],
    wiring: ["dnsName", "hostedZoneId"],
  },
};
