import type { XmlContent, XmlElement } from "../route53/xml.ts";
import type {
  CacheBehavior,
  DistributionConfig,
  ErrorCaching,
  Origin,
  OriginGroup,
  ViewerCertificate,
} from "./distribution-config.ts";
import { type Fields, fieldsOf, invalidArgument, membersOf } from "./input.ts";

/** Reads a whole configuration. Throws `AwsError` for what is missing, or not run here. */
export function readConfig(root: XmlElement): DistributionConfig {
  const fields = fieldsOf(root);
  const certificate = readCertificate(fields.child("ViewerCertificate"));
  const config = {
    callerReference: fields.text("CallerReference"),
    aliases: fields.list("Aliases", "CNAME").map(({ text }) => text),
    comment: fields.text("Comment"),
    enabled: fields.flag("Enabled"),
    origins: fields.list("Origins", "Origin").map(readOrigin),
    originGroups: readGroups(fields.optionalChild("OriginGroups"), root),
    defaultCacheBehavior: readBehavior(fields.child("DefaultCacheBehavior"), "*"),
    cacheBehaviors: fields.list("CacheBehaviors", "CacheBehavior").map((behavior) => {
      const own = fieldsOf(behavior);
      return readBehavior(own, own.text("PathPattern"));
    }),
    errorCaching: fields.list("CustomErrorResponses", "CustomErrorResponse").map(readErrorCaching),
    priceClass: fields.text("PriceClass"),
    httpVersion: fields.text("HttpVersion"),
    isIpv6Enabled: fields.flag("IsIPV6Enabled"),
    webAclId: fields.text("WebACLId"),
    ...(certificate === undefined ? {} : { viewerCertificate: certificate }),
  };
  fields.empty("DefaultRootObject", "Logging", "Restrictions");
  fields.end();
  return config;
}

function readOrigin(element: XmlElement): Origin {
  const fields = fieldsOf(element);
  const custom = fields.child("CustomOriginConfig");
  const origin = {
    id: fields.text("Id"),
    domainName: fields.text("DomainName"),
    originPath: fields.text("OriginPath"),
    connectionAttempts: fields.whole("ConnectionAttempts"),
    connectionTimeoutSeconds: fields.whole("ConnectionTimeout"),
    httpPort: custom.whole("HTTPPort"),
    httpsPort: custom.whole("HTTPSPort"),
    protocolPolicy: oneOf(custom, "OriginProtocolPolicy", ["http-only", "match-viewer", "https-only"]),
    sslProtocols: custom.list("OriginSslProtocols", "SslProtocol").map(({ text }) => text),
    readTimeoutSeconds: custom.whole("OriginReadTimeout"),
    keepaliveTimeoutSeconds: custom.whole("OriginKeepaliveTimeout"),
  } as const;
  fields.empty("CustomHeaders");
  for (const part of [fields, custom]) part.end();
  return origin;
}

function readGroups(fields: Fields | undefined, root: XmlElement): readonly OriginGroup[] {
  const element = root.children.find(({ name }) => name === "OriginGroups");
  if (fields === undefined || element === undefined) return [];
  return membersOf(element, "OriginGroup").map((group) => {
    const own = fieldsOf(group);
    const members = own
      .list("Members", "OriginGroupMember")
      .map((member) => fieldsOf(member).text("OriginId"));
    const criteria = own.child("FailoverCriteria");
    const statusCodes = criteria.list("StatusCodes", "StatusCode").map(({ text }) => Number(text));
    const criterion = own.optionalText("SelectionCriteria") ?? "default";
    if (criterion !== "default") throw invalidArgument("The parameter SelectionCriteria is invalid.");
    const read = { id: own.text("Id"), statusCodes, members };
    own.end();
    return read;
  });
}

function readBehavior(fields: Fields, pathPattern: string): CacheBehavior {
  const methods = fields.child("AllowedMethods");
  const element = { name: "AllowedMethods", member: "Method" };
  const [originRequestPolicyId, responseHeadersPolicyId] = [
    fields.optionalText("OriginRequestPolicyId"),
    fields.optionalText("ResponseHeadersPolicyId"),
  ];
  const behavior = {
    pathPattern,
    targetOriginId: fields.text("TargetOriginId"),
    viewerProtocolPolicy: oneOf(fields, "ViewerProtocolPolicy", [
      "allow-all",
      "https-only",
      "redirect-to-https",
    ]),
    allowedMethods: fields.list(element.name, element.member).map(({ text }) => text),
    cachedMethods: methods.list("CachedMethods", element.member).map(({ text }) => text),
    compress: fields.flag("Compress"),
    cachePolicyId: fields.text("CachePolicyId"),
    ...(originRequestPolicyId ? { originRequestPolicyId } : {}),
    ...(responseHeadersPolicyId ? { responseHeadersPolicyId } : {}),
  };
  fields.empty("SmoothStreaming", "LambdaFunctionAssociations", "FieldLevelEncryptionId");
  fields.end();
  return behavior;
}

function readErrorCaching(element: XmlElement): ErrorCaching {
  const fields = fieldsOf(element);
  const read = { errorCode: fields.whole("ErrorCode"), minTtlSeconds: fields.whole("ErrorCachingMinTTL") };
  fields.end();
  return read;
}

function readCertificate(fields: Fields): ViewerCertificate | undefined {
  const arn = fields.optionalText("ACMCertificateArn");
  if (arn === undefined) return undefined;
  // The certificate's ARN is said twice for old clients.
  for (const old of ["Certificate", "CertificateSource", "CloudFrontDefaultCertificate"])
    fields.optionalText(old);
  const read = {
    acmCertificateArn: arn,
    sslSupportMethod: fields.text("SSLSupportMethod"),
    minimumProtocolVersion: fields.text("MinimumProtocolVersion"),
  };
  fields.end();
  return read;
}

function oneOf<const Value extends string>(fields: Fields, name: string, values: readonly Value[]): Value {
  const text = fields.text(name);
  const found = values.find((value) => value === text);
  if (found === undefined) throw invalidArgument(`The parameter ${name} is invalid.`);
  return found;
}

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
