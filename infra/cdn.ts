/**
 * The shop's own name. The CDN keeps catalog answers for the few seconds that the API allows and, where the nearest region
 * fails, asks another within the same request. Everything else it hands on: nothing of a shopper is kept.
 *
 * It never looks at `/health`: its origins are names whose records do.
 */
import { whenValid, wildcard } from "./domain.ts";
import { readSetting } from "./setting.ts";
import { domain, environmentName, stage } from "./stage.ts";

/** CloudFront takes certificates from this region alone. */
const certificateRegion = "us-east-1";

/** AWS's own policies, by their published ids. */
const managed = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  /** All that the viewer sent but Host, by which the region's API would not know itself. */
  allViewerExceptHost: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
};

/** Seconds. A catalog read that is not answered by then is answered by another region. */
const read = { connect: 2, answer: 4 };

/** Seconds. A checkout may wait for a payment provider; the function ends after 15. */
const write = { connect: 4, answer: 30 };

/** Answers after which a read is asked of the other origin. */
const failures = [500, 502, 503, 504];

/**
 * Errors that CloudFront would keep for ten seconds, some of them whatever `Cache-Control` says. An error is of one moment
 * and perhaps of one shopper: the next request asks again. (410 is kept too and cannot be chosen; the API's is `no-store`.)
 */
const keptErrors = [404, 405, 414, 500, 501, 502, 503, 504];

function origin(originId: string, label: string, timeouts: typeof read) {
  return {
    originId,
    domainName: `${label}.${domain}`,
    connectionAttempts: 1,
    connectionTimeout: timeouts.connect,
    customOriginConfig: {
      httpPort: 80,
      httpsPort: 443,
      originProtocolPolicy: "https-only",
      originSslProtocols: ["TLSv1.2"],
      originReadTimeout: timeouts.answer,
      originKeepaliveTimeout: 5,
    },
  };
}

function createCertificate() {
  if (stage.region !== certificateRegion) {
    throw new Error(
      `The home region is ${stage.region}, and CloudFront's certificate must be in ${certificateRegion}.`,
    );
  }
  const certificate = new aws.acm.Certificate("EdgeCertificate", {
    domainName: domain,
    subjectAlternativeNames: [wildcard],
    validationMethod: "DNS",
  });
  return whenValid("EdgeCertificateIsValid", certificate);
}

/** Answers to anyone who asks for the same: by path, query and what a client has seen. Who asks is no part of it. */
function createCatalogCache() {
  return new aws.cloudfront.CachePolicy("CatalogCache", {
    name: environmentName("Catalog"),
    comment: "As long as the API says",
    minTtl: 0,
    defaultTtl: 0, // without a word of the API nothing is kept
    maxTtl: 305, // fresh for 5 s, as the API says, and for 300 s in place of an error: no stale answer grows older than this
    parametersInCacheKeyAndForwardedToOrigin: {
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
      cookiesConfig: { cookieBehavior: "none" },
      headersConfig: {
        headerBehavior: "whitelist",
        headers: { items: ["Consistency-Token", "Prefer", "Origin"] },
      },
      queryStringsConfig: { queryStringBehavior: "all" },
    },
  });
}

/** What a browser asks before it asks: the function answers preflights, and is to know what they ask for. */
function createCatalogRequests() {
  return new aws.cloudfront.OriginRequestPolicy("CatalogRequests", {
    name: environmentName("CatalogRequests"),
    comment: "A preflight whole; Origin goes with the cache's key",
    cookiesConfig: { cookieBehavior: "none" },
    headersConfig: {
      headerBehavior: "whitelist",
      headers: { items: ["Access-Control-Request-Headers", "Access-Control-Request-Method"] },
    },
    queryStringsConfig: { queryStringBehavior: "none" }, // none but those of the key, which are all
  });
}

function createSecurityHeaders() {
  return new aws.cloudfront.ResponseHeadersPolicy("SecurityHeaders", {
    name: environmentName("Security"),
    securityHeadersConfig: {
      strictTransportSecurity: {
        accessControlMaxAgeSec: 31_536_000,
        includeSubdomains: true,
        override: true,
      },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: "DENY", override: true },
      referrerPolicy: { referrerPolicy: "no-referrer", override: true },
    },
  });
}

/** Known attacks, and too much of one address. Costs by request, so an environment turns it on. */
function createFirewall() {
  const rule = (name: string, priority: number, statement: object, action: object) => ({
    name,
    priority,
    statement,
    ...action,
    visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: name, sampledRequestsEnabled: true },
  });
  return new aws.wafv2.WebAcl("Firewall", {
    name: environmentName("Firewall"),
    scope: "CLOUDFRONT",
    defaultAction: { allow: {} },
    visibilityConfig: {
      cloudwatchMetricsEnabled: true,
      metricName: "Firewall",
      sampledRequestsEnabled: true,
    },
    rules: [
      rule(
        "TooManyRequests",
        0,
        { rateBasedStatement: { limit: 2_000, aggregateKeyType: "IP" } }, // in five minutes
        { action: { block: {} } },
      ),
      rule(
        "KnownAttacks",
        1,
        { managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesCommonRuleSet" } },
        { overrideAction: { none: {} } },
      ),
    ],
  });
}

function createDistribution() {
  const cached = createCatalogCache().id;
  const asked = createCatalogRequests().id;
  const headers = createSecurityHeaders().id;
  const firewall = readSetting("ANTIPODE_FIREWALL", ["off", "on"]) === "on" ? createFirewall() : undefined;
  const behaviour = {
    viewerProtocolPolicy: "redirect-to-https",
    compress: true,
    responseHeadersPolicyId: headers,
  };
  const catalog = {
    ...behaviour,
    targetOriginId: "catalog",
    allowedMethods: ["GET", "HEAD", "OPTIONS"], // CloudFront fails over no others, and takes none where it could have to
    cachedMethods: ["GET", "HEAD"],
    cachePolicyId: cached,
    originRequestPolicyId: asked,
  };
  return new aws.cloudfront.Distribution("Edge", {
    comment: `Antipode ${stage.environment}`,
    enabled: true,
    isIpv6Enabled: true,
    httpVersion: "http2and3",
    priceClass: "PriceClass_All",
    aliases: [domain, `www.${domain}`],
    origins: [origin("api", "api", write), origin("api-read", "api", read), origin("alt-read", "alt", read)],
    originGroups: [
      {
        originId: "catalog",
        failoverCriteria: { statusCodes: failures },
        members: [{ originId: "api-read" }, { originId: "alt-read" }],
      },
    ],
    defaultCacheBehavior: {
      ...behaviour,
      targetOriginId: "api",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: managed.cachingDisabled,
      originRequestPolicyId: managed.allViewerExceptHost,
    },
    orderedCacheBehaviors: ["/v1/products", "/v1/products/*"].map((pathPattern) => ({
      ...catalog,
      pathPattern,
    })),
    // An old answer of the catalog still stands in for an error; with this, each such read asks the origins first.
    customErrorResponses: keptErrors.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
    restrictions: { geoRestriction: { restrictionType: "none" } },
    viewerCertificate: {
      acmCertificateArn: createCertificate(),
      sslSupportMethod: "sni-only",
      minimumProtocolVersion: "TLSv1.2_2021",
    },
    ...(firewall ? { webAclId: firewall.arn } : {}),
  });
}

function createNames(edge: aws.cloudfront.Distribution) {
  const zoneId = aws.route53.getZoneOutput({ name: domain }).zoneId;
  for (const name of [domain, `www.${domain}`]) {
    for (const type of ["A", "AAAA"] as const) {
      new aws.route53.Record(`${name === domain ? "Shop" : "Www"}Record-${type}`, {
        zoneId,
        name,
        type,
        allowOverwrite: true,
        aliases: [{ name: edge.domainName, zoneId: edge.hostedZoneId, evaluateTargetHealth: false }],
      });
    }
  }
}

if (domain && stage.isHome) createNames(createDistribution());
