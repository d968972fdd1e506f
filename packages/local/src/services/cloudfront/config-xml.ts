import type { XmlContent } from "../route53/xml.ts";
import type {
  CacheBehavior,
  DistributionConfig,
  ErrorCaching,
  Origin,
  OriginGroup,
  ViewerCertificate,
} from "./distribution-config.ts";

type Pairs = readonly (readonly [string, XmlContent | undefined])[];

/** The parts of a configuration that a list of distributions shows too. */
export function summaryPairs(config: DistributionConfig): Pairs {
  const { viewerCertificate } = config;
  return [
    ["Aliases", listXml("CNAME", config.aliases)],
    ["Origins", listXml("Origin", config.origins.map(originXml))],
    ["OriginGroups", listXml("OriginGroup", config.originGroups.map(groupXml))],
    ["DefaultCacheBehavior", behaviorXml(config.defaultCacheBehavior)],
    ["CacheBehaviors", listXml("CacheBehavior", config.cacheBehaviors.map(patternBehaviorXml))],
    ["CustomErrorResponses", listXml("CustomErrorResponse", config.errorCaching.map(errorXml))],
    ["Comment", config.comment],
    ["PriceClass", config.priceClass],
    ["Enabled", config.enabled],
    ["ViewerCertificate", certificateXml(viewerCertificate)],
    [
      "Restrictions",
      [
        [
          "GeoRestriction",
          [
            ["RestrictionType", "none"],
            ["Quantity", 0],
          ],
        ],
      ],
    ],
    ["WebACLId", config.webAclId],
    ["HttpVersion", config.httpVersion],
    ["IsIPV6Enabled", config.isIpv6Enabled],
    ["Staging", false],
  ];
}

/** A configuration with every field that an update has to bring back. */
export function configXml(config: DistributionConfig): XmlContent {
  const logging = [
    ["Enabled", false],
    ["IncludeCookies", false],
    ["Bucket", ""],
    ["Prefix", ""],
  ] as const;
  return [
    ["CallerReference", config.callerReference],
    ["DefaultRootObject", ""],
    ["Logging", logging],
    ["ContinuousDeploymentPolicyId", ""],
    ...summaryPairs(config),
  ];
}

export function listXml(member: string, contents: readonly XmlContent[], more: Pairs = []): Pairs {
  const items = contents.map((content) => [member, content] as const);
  return [["Quantity", contents.length], ["Items", items.length === 0 ? undefined : items], ...more];
}

function originXml(origin: Origin): XmlContent {
  return [
    ["Id", origin.id],
    ["DomainName", origin.domainName],
    ["OriginPath", origin.originPath],
    ["CustomHeaders", [["Quantity", 0]]],
    [
      "CustomOriginConfig",
      [
        ["HTTPPort", origin.httpPort],
        ["HTTPSPort", origin.httpsPort],
        ["OriginProtocolPolicy", origin.protocolPolicy],
        ["OriginSslProtocols", listXml("SslProtocol", origin.sslProtocols)],
        ["OriginReadTimeout", origin.readTimeoutSeconds],
        ["OriginKeepaliveTimeout", origin.keepaliveTimeoutSeconds],
      ],
    ],
    ["ConnectionAttempts", origin.connectionAttempts],
    ["ConnectionTimeout", origin.connectionTimeoutSeconds],
    ["OriginShield", [["Enabled", false]]],
    ["OriginAccessControlId", ""],
  ];
}

function groupXml({ id, statusCodes, members }: OriginGroup): XmlContent {
  return [
    ["Id", id],
    ["FailoverCriteria", [["StatusCodes", listXml("StatusCode", statusCodes)]]],
    [
      "Members",
      listXml(
        "OriginGroupMember",
        members.map((member) => [["OriginId", member]] as const),
      ),
    ],
    ["SelectionCriteria", "default"],
  ];
}

function patternBehaviorXml(behavior: CacheBehavior): XmlContent {
  return [["PathPattern", behavior.pathPattern], ...behaviorXml(behavior)];
}

function behaviorXml(behavior: CacheBehavior): Pairs {
  const none = [["Quantity", 0]] as const;
  return [
    ["TargetOriginId", behavior.targetOriginId],
    ["TrustedSigners", [["Enabled", false], ...none]],
    ["TrustedKeyGroups", [["Enabled", false], ...none]],
    ["ViewerProtocolPolicy", behavior.viewerProtocolPolicy],
    [
      "AllowedMethods",
      listXml("Method", behavior.allowedMethods, [
        ["CachedMethods", listXml("Method", behavior.cachedMethods)],
      ]),
    ],
    ["SmoothStreaming", false],
    ["Compress", behavior.compress],
    ["LambdaFunctionAssociations", none],
    ["FunctionAssociations", none],
    ["FieldLevelEncryptionId", ""],
    ["CachePolicyId", behavior.cachePolicyId],
    ["OriginRequestPolicyId", behavior.originRequestPolicyId],
    ["ResponseHeadersPolicyId", behavior.responseHeadersPolicyId],
  ];
}

function errorXml({ errorCode, minTtlSeconds }: ErrorCaching): XmlContent {
  return [
    ["ErrorCode", errorCode],
    ["ResponsePagePath", ""],
    ["ResponseCode", ""],
    ["ErrorCachingMinTTL", minTtlSeconds],
  ];
}

function certificateXml(certificate: ViewerCertificate | undefined): XmlContent {
  if (certificate === undefined) {
    return [
      ["CloudFrontDefaultCertificate", true],
      ["MinimumProtocolVersion", "TLSv1"],
      ["CertificateSource", "cloudfront"],
    ];
  }
  return [
    ["CloudFrontDefaultCertificate", false],
    ["ACMCertificateArn", certificate.acmCertificateArn],
    ["SSLSupportMethod", certificate.sslSupportMethod],
    ["MinimumProtocolVersion", certificate.minimumProtocolVersion],
    ["Certificate", certificate.acmCertificateArn],
    ["CertificateSource", "acm"],
  ];
}
