import { randomUUID } from "node:crypto";
import { writeXml, type XmlContent } from "../route53/xml.ts";
import type { AwsError, ServiceResponse } from "../service.ts";
import { configXml, listXml, summaryPairs } from "./config-xml.ts";
import { type Distribution, newest } from "./distribution-store.ts";
import type { Invalidation } from "./invalidation-store.ts";
import { distributionArn } from "./needs.ts";
import type { CachePolicy, PolicyHeader, ResponseHeadersPolicy } from "./policies.ts";

const xmlHead = '<?xml version="1.0"?>\n';
const namespace = ' xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"';

/** Names that the front uses for every service, as CloudFront says them. */
const cloudfrontCodes: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  AccessDeniedException: { code: "AccessDenied", status: 403 },
  UnrecognizedClientException: { code: "InvalidClientTokenId", status: 403 },
};

export interface XmlResponseParts {
  readonly status?: number;
  readonly etag?: string;
  readonly location?: string;
}

export function xmlResponse(
  name: string,
  content: XmlContent,
  parts: XmlResponseParts = {},
): ServiceResponse {
  const { status = 200, etag, location } = parts;
  return {
    status,
    headers: {
      "content-type": "text/xml",
      "x-amzn-requestid": randomUUID(),
      ...(etag === undefined ? {} : { etag }),
      ...(location === undefined ? {} : { location }),
    },
    body: xmlHead + writeXml(name, content, namespace),
  };
}

export function errorResponse(error: AwsError): ServiceResponse {
  const { code, status } = cloudfrontCodes[error.code] ?? error;
  const members = [
    ["Type", status < 500 ? "Sender" : "Receiver"],
    ["Code", code],
    ["Message", error.message],
  ] as const;
  return xmlResponse(
    "ErrorResponse",
    [
      ["Error", members],
      ["RequestId", randomUUID()],
    ],
    { status },
  );
}

export interface DistributionState {
  readonly status: string;
  readonly invalidationsUnderWay: number;
  /** When it was made, for one that was never changed. */
  readonly madeAtMs: number;
}

export function distributionXml(distribution: Distribution, state: DistributionState): XmlContent {
  const { id, domainName } = distribution;
  const none = [
    ["Enabled", false],
    ["Quantity", 0],
  ] as const;
  return [
    ["Id", id],
    ["ARN", distributionArn(id)],
    ["Status", state.status],
    ["LastModifiedTime", lastModified(distribution, state)],
    ["InProgressInvalidationBatches", state.invalidationsUnderWay],
    ["DomainName", domainName],
    ["ActiveTrustedSigners", none],
    ["ActiveTrustedKeyGroups", none],
    ["DistributionConfig", configXml(newest(distribution).config)],
  ];
}

export function summaryXml(distribution: Distribution, state: DistributionState): XmlContent {
  const { id, domainName } = distribution;
  return [
    ["Id", id],
    ["ARN", distributionArn(id)],
    ["ETag", newest(distribution).etag],
    ["Status", state.status],
    ["LastModifiedTime", lastModified(distribution, state)],
    ["DomainName", domainName],
    ...summaryPairs(newest(distribution).config),
  ];
}

function lastModified(distribution: Distribution, { madeAtMs }: DistributionState): string {
  return new Date(Math.max(madeAtMs, newest(distribution).atMs)).toISOString();
}

export function invalidationXml(invalidation: Invalidation, status: string): XmlContent {
  const { id, createdAtMs, paths, callerReference } = invalidation;
  return [
    ["Id", id],
    ["Status", status],
    ["CreateTime", new Date(createdAtMs).toISOString()],
    [
      "InvalidationBatch",
      [
        ["Paths", listXml("Path", paths)],
        ["CallerReference", callerReference],
      ],
    ],
  ];
}

export function cachePolicyXml(policy: CachePolicy): XmlContent {
  const { queryStrings, headers } = policy;
  const names = "names" in queryStrings ? queryStrings.names : undefined;
  return [
    ["Id", policy.id],
    ["LastModifiedTime", new Date(0).toISOString()],
    [
      "CachePolicyConfig",
      [
        ["Name", policy.name],
        ["Comment", policy.comment],
        ["MinTTL", policy.minTtlSeconds],
        ["DefaultTTL", policy.defaultTtlSeconds],
        ["MaxTTL", policy.maxTtlSeconds],
        [
          "ParametersInCacheKeyAndForwardedToOrigin",
          [
            ["EnableAcceptEncodingGzip", policy.acceptsGzip],
            ["EnableAcceptEncodingBrotli", policy.acceptsBrotli],
            [
              "HeadersConfig",
              [
                ["HeaderBehavior", headers.length === 0 ? "none" : "whitelist"],
                ["Headers", headers.length === 0 ? undefined : listXml("Name", headers)],
              ],
            ],
            ["CookiesConfig", [["CookieBehavior", "none"]]],
            [
              "QueryStringsConfig",
              [
                ["QueryStringBehavior", queryStrings.behavior],
                ["QueryStrings", names && listXml("Name", names)],
              ],
            ],
          ],
        ],
      ],
    ],
  ];
}

export function responseHeadersPolicyXml(policy: ResponseHeadersPolicy): XmlContent {
  return [
    ["Id", policy.id],
    ["LastModifiedTime", new Date(0).toISOString()],
    [
      "ResponseHeadersPolicyConfig",
      [
        ["Name", policy.name],
        ["Comment", policy.comment],
        ["SecurityHeadersConfig", policy.securityHeaders.map(securityHeaderXml)],
      ],
    ],
  ];
}

function securityHeaderXml({ name, value, override }: PolicyHeader): readonly [string, XmlContent] {
  const own = ["Override", override] as const;
  switch (name) {
    case "strict-transport-security":
      return [
        "StrictTransportSecurity",
        [
          ["AccessControlMaxAgeSec", /max-age=(\d+)/.exec(value)?.[1] ?? "0"],
          ["IncludeSubdomains", /includeSubDomains/.test(value)],
          ["Preload", /preload/.test(value)],
          own,
        ],
      ];
    case "x-frame-options":
      return ["FrameOptions", [["FrameOption", value], own]];
    case "referrer-policy":
      return ["ReferrerPolicy", [["ReferrerPolicy", value], own]];
    default:
      return ["ContentTypeOptions", [own]];
  }
}

export function tagsXml(tags: Readonly<Record<string, string>>): XmlContent {
  const items = Object.entries(tags).map(
    ([key, value]) =>
      [
        "Tag",
        [
          ["Key", key],
          ["Value", value],
        ],
      ] as const,
  );
  return [["Items", items]];
}
