import { parseDnsName } from "../route53/dns-name.ts";
import {
  allBehaviors,
  type CacheBehavior,
  type DistributionConfig,
  type Origin,
} from "./distribution-config.ts";
import type { Policies } from "./policies.ts";

/** Why CloudFront takes a configuration not. */
export interface ConfigFault {
  /** As its API names errors: `InvalidArgument`, `NoSuchOrigin`. */
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

const reads = ["GET", "HEAD"];
const readsAndOptions = [...reads, "OPTIONS"];
const all = [...readsAndOptions, "PUT", "POST", "PATCH", "DELETE"];
/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html */
const failoverCodes = [400, 403, 404, 416, 429, 500, 502, 503, 504];
const errorCodes = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];
const patternCharsMax = 255;
const pattern = /^[A-Za-z0-9_\-.*$/~"'@:+&?]+$/;

/** The first thing that CloudFront would refuse, as far as it concerns what is run here. */
export function faultOf(config: DistributionConfig, policies: Policies): ConfigFault | undefined {
  return (
    originsFault(config) ??
    groupsFault(config) ??
    first(allBehaviors(config), (behavior) => behaviorFault(behavior, config, policies)) ??
    patternsFault(config) ??
    aliasesFault(config) ??
    errorsFault(config)
  );
}

function originsFault({ origins, originGroups }: DistributionConfig): ConfigFault | undefined {
  if (origins.length === 0) return invalid("The parameter Origins must have at least one origin.");
  const ids = [...origins, ...originGroups].map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return invalid(`The parameter Origin Id is not unique: ${twice}.`);
  return first(origins, originFault);
}

function originFault(origin: Origin): ConfigFault | undefined {
  const { id, originPath, connectionAttempts, connectionTimeoutSeconds } = origin;
  if (id === "" || !parseDnsName(origin.domainName).ok)
    return fault("InvalidOrigin", `The parameter Origin DomainName does not refer to a valid host: ${id}.`);
  if (originPath !== "" && !/^\/.*[^/]$/.test(originPath))
    return invalid(`The parameter OriginPath must begin with a slash and end with none: ${id}.`);
  if (!isWithin(connectionAttempts, 1, 3))
    return invalid(`The parameter ConnectionAttempts is out of range: ${connectionAttempts} of ${id}.`);
  if (!isWithin(connectionTimeoutSeconds, 1, 10))
    return invalid(`The parameter ConnectionTimeout is out of range: ${connectionTimeoutSeconds} of ${id}.`);
  if (!isWithin(origin.readTimeoutSeconds, 1, 120))
    return fault("InvalidOriginReadTimeout", `The read timeout of ${id} is out of range.`);
  if (!isWithin(origin.keepaliveTimeoutSeconds, 1, 120))
    return fault("InvalidOriginKeepaliveTimeout", `The keep-alive timeout of ${id} is out of range.`);
  return undefined;
}

function groupsFault({ origins, originGroups }: DistributionConfig): ConfigFault | undefined {
  return first(originGroups, ({ id, members, statusCodes }) => {
    if (members.length !== 2 || new Set(members).size !== 2)
      return invalid(`The parameter Members of an origin group must be two different origins: ${id}.`);
    const missing = members.find((member) => !origins.some((origin) => origin.id === member));
    if (missing !== undefined) return noSuchOrigin(missing);
    const wrong = statusCodes.find((code) => !failoverCodes.includes(code));
    if (statusCodes.length === 0 || wrong !== undefined)
      return invalid(
        `The parameter StatusCodes of ${id} takes ${failoverCodes.join(", ")}, not ${wrong ?? "none"}.`,
      );
    return undefined;
  });
}

function behaviorFault(
  { targetOriginId, allowedMethods, cachedMethods, ...behavior }: CacheBehavior,
  { origins, originGroups }: DistributionConfig,
  policies: Policies,
): ConfigFault | undefined {
  const isGroup = originGroups.some(({ id }) => id === targetOriginId);
  if (!isGroup && !origins.some(({ id }) => id === targetOriginId)) return noSuchOrigin(targetOriginId);
  if (![reads, readsAndOptions, all].some((methods) => sameSet(methods, allowedMethods)))
    return invalid("The parameter AllowedMethods is none of the sets that CloudFront takes.");
  if (isGroup && sameSet(all, allowedMethods))
    return invalid(
      "The parameter AllowedMethods cannot include POST, PUT, PATCH, or DELETE for a cached behavior associated with an origin group.",
    );
  if (![reads, readsAndOptions].some((methods) => sameSet(methods, cachedMethods)))
    return invalid("The parameter CachedMethods is none of the sets that CloudFront takes.");
  if (!cachedMethods.every((method) => allowedMethods.includes(method)))
    return invalid("The parameter CachedMethods must be a subset of AllowedMethods.");
  return policiesFault(behavior, policies);
}

function policiesFault(
  behavior: Pick<CacheBehavior, "cachePolicyId" | "originRequestPolicyId" | "responseHeadersPolicyId">,
  policies: Policies,
): ConfigFault | undefined {
  const isKnown = (known: readonly { readonly id: string }[], id: string | undefined) =>
    id === undefined || known.some((policy) => policy.id === id);
  const missing = (code: string) => fault(code, "The policy does not exist, or is not run here.", 404);
  if (!isKnown(policies.cache, behavior.cachePolicyId)) return missing("NoSuchCachePolicy");
  if (!isKnown(policies.originRequest, behavior.originRequestPolicyId))
    return missing("NoSuchOriginRequestPolicy");
  if (!isKnown(policies.responseHeaders, behavior.responseHeadersPolicyId))
    return missing("NoSuchResponseHeadersPolicy");
  return undefined;
}

function patternsFault({ cacheBehaviors }: DistributionConfig): ConfigFault | undefined {
  const patterns = cacheBehaviors.map(({ pathPattern }) => pathPattern);
  return first(patterns, (one) => {
    if (!pattern.test(one) || one.length > patternCharsMax)
      return invalid(`The parameter PathPattern contains invalid characters or is too long: ${one}`);
    if (patterns.indexOf(one) !== patterns.lastIndexOf(one))
      return invalid(`The parameter PathPattern is used by two cache behaviors: ${one}`);
    return undefined;
  });
}

function aliasesFault({ aliases, viewerCertificate }: DistributionConfig): ConfigFault | undefined {
  if (aliases.length > 0 && viewerCertificate === undefined)
    return fault(
      "InvalidViewerCertificate",
      "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name.",
    );
  return first(aliases, (alias) => {
    if (!parseDnsName(alias).ok || alias.endsWith(".") || !alias.includes("."))
      return invalid(`The parameter CNAME contains one or more parameters that are not valid: ${alias}`);
    return aliases.indexOf(alias) === aliases.lastIndexOf(alias)
      ? undefined
      : invalid(`The parameter CNAME is given twice: ${alias}`);
  });
}

function errorsFault({ errorCaching }: DistributionConfig): ConfigFault | undefined {
  const codes = errorCaching.map(({ errorCode }) => errorCode);
  return first(codes, (code) =>
    errorCodes.includes(code) && codes.indexOf(code) === codes.lastIndexOf(code)
      ? undefined
      : fault(
          "InvalidErrorCode",
          `The error code is not one that CloudFront takes, or is given twice: ${code}.`,
        ),
  );
}

function first<T>(all: readonly T[], judge: (one: T) => ConfigFault | undefined): ConfigFault | undefined {
  for (const one of all) {
    const found = judge(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fault(code: string, message: string, status = 400): ConfigFault {
  return { code, message, status };
}

const invalid = (message: string) => fault("InvalidArgument", message);

function noSuchOrigin(id: string): ConfigFault {
  return fault("NoSuchOrigin", `One or more of your origins or origin groups do not exist: ${id}.`, 404);
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((one) => right.includes(one));
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
