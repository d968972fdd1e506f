import type { CacheBehavior, DistributionConfig, Origin } from "../distribution-config.ts";
import { type Policies, withManaged } from "../policies.ts";

export const origin = (id: string, more: Partial<Origin> = {}): Origin => ({
  id,
  domainName: `${id}.shop.test`,
  originPath: "",
  connectionAttempts: 1,
  connectionTimeoutSeconds: 2,
  httpPort: 80,
  httpsPort: 443,
  protocolPolicy: "https-only",
  sslProtocols: ["TLSv1.2"],
  readTimeoutSeconds: 4,
  keepaliveTimeoutSeconds: 5,
  ...more,
});

export const policies: Policies = withManaged({
  cache: [
    {
      id: "catalog-cache",
      name: "Catalog",
      comment: "",
      minTtlSeconds: 0,
      defaultTtlSeconds: 0,
      maxTtlSeconds: 60,
      acceptsGzip: true,
      acceptsBrotli: true,
      headers: ["consistency-token", "origin"],
      queryStrings: { behavior: "all" },
    },
  ],
  originRequest: [{ id: "preflights", name: "Preflights", forwards: ["access-control-request-method"] }],
  responseHeaders: [
    {
      id: "security",
      name: "Security",
      comment: "",
      securityHeaders: [
        { name: "x-content-type-options", value: "nosniff", override: true },
        { name: "referrer-policy", value: "no-referrer", override: false },
      ],
    },
  ],
});

const shared = {
  viewerProtocolPolicy: "redirect-to-https",
  compress: true,
  responseHeadersPolicyId: "security",
  cachedMethods: ["GET", "HEAD"],
} as const;

export const catalogBehavior: CacheBehavior = {
  ...shared,
  pathPattern: "/v1/products*",
  targetOriginId: "catalog",
  allowedMethods: ["GET", "HEAD", "OPTIONS"],
  cachePolicyId: "catalog-cache",
  originRequestPolicyId: "preflights",
};

const [cachingDisabled] = policies.cache;
const [allButHost] = policies.originRequest;

/** A shop's: reads of the catalog from one of two origins, all else from one. */
export const shopConfig: DistributionConfig = {
  callerReference: "shop-1",
  aliases: ["shop.test", "www.shop.test"],
  comment: "a <b> & c",
  enabled: true,
  origins: [origin("api"), origin("near"), origin("far")],
  originGroups: [{ id: "catalog", statusCodes: [500, 502, 503, 504], members: ["near", "far"] }],
  defaultCacheBehavior: {
    ...shared,
    pathPattern: "*",
    targetOriginId: "api",
    allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
    cachePolicyId: cachingDisabled?.id ?? "",
    originRequestPolicyId: allButHost?.id ?? "",
  },
  cacheBehaviors: [catalogBehavior],
  errorCaching: [],
  priceClass: "PriceClass_All",
  httpVersion: "http2and3",
  isIpv6Enabled: true,
  webAclId: "",
  viewerCertificate: {
    acmCertificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/1",
    sslSupportMethod: "sni-only",
    minimumProtocolVersion: "TLSv1.2_2021",
  },
};
