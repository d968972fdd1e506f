import type { XmlElement } from "../route53/xml.ts";
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
