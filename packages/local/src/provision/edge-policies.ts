import * as z from "zod";
import type { GraphIndex } from "../graph/index-graphs.ts";
import { readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import type {
  CachePolicy,
  OriginRequestPolicy,
  Policies,
  PolicyHeader,
  ResponseHeadersPolicy,
} from "../services/cloudfront/policies.ts";

const cachePolicyType = "aws:cloudfront/cachePolicy:CachePolicy";
const originRequestPolicyType = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy";
const responseHeadersPolicyType = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy";
export const edgePolicyTypes = [cachePolicyType, originRequestPolicyType, responseHeadersPolicyType] as const;

const names = z.object({ items: z.array(z.string()).min(1) });

/** Strict, since a part of the key that was overlooked would give one viewer's answer to another. */
const cachePolicyInputs = z
  .strictObject({
    name: z.string(),
    comment: z.string().default(""),
    minTtl: z.number().int().nonnegative(),
    defaultTtl: z.number().int().nonnegative().default(86_400),
    maxTtl: z.number().int().nonnegative().default(31_536_000),
    parametersInCacheKeyAndForwardedToOrigin: z.strictObject({
      enableAcceptEncodingBrotli: z.boolean().default(false),
      enableAcceptEncodingGzip: z.boolean().default(false),
      cookiesConfig: z.strictObject({
        cookieBehavior: z.literal("none", "cookies in the cache's key are not run"),
      }),
      headersConfig: z.union([
        z.strictObject({ headerBehavior: z.literal("none") }),
        z.strictObject({ headerBehavior: z.literal("whitelist"), headers: names }),
      ]),
      queryStringsConfig: z.union([
        z.strictObject({ queryStringBehavior: z.enum(["none", "all"]) }),
        z.strictObject({ queryStringBehavior: z.enum(["whitelist", "allExcept"]), queryStrings: names }),
      ]),
    }),
  })
  .refine(
    ({ minTtl, defaultTtl, maxTtl }) => minTtl <= defaultTtl && defaultTtl <= maxTtl,
    "CloudFront wants minTtl, defaultTtl and maxTtl in this order",
  );

const originRequestInputs = z.strictObject({
  name: z.string(),
  comment: z.string().default(""),
  cookiesConfig: z.strictObject({
    cookieBehavior: z.literal("none", "cookies that go to an origin are run with AWS's own policy only"),
  }),
  headersConfig: z.union([
    z.strictObject({ headerBehavior: z.literal("none") }),
    z.strictObject({ headerBehavior: z.literal("whitelist"), headers: names }),
  ]),
  queryStringsConfig: z.strictObject({
    queryStringBehavior: z.literal("none", "queries beside those of the cache's key are not run"),
  }),
});

const override = { override: z.boolean() };
const responseHeadersInputs = z.strictObject({
  name: z.string(),
  comment: z.string().default(""),
  securityHeadersConfig: z.strictObject({
    strictTransportSecurity: z
      .strictObject({
        accessControlMaxAgeSec: z.number(),
        includeSubdomains: z.boolean().default(false),
        preload: z.boolean().default(false),
        ...override,
      })
      .optional(),
    contentTypeOptions: z.strictObject(override).optional(),
    frameOptions: z.strictObject({ frameOption: z.enum(["DENY", "SAMEORIGIN"]), ...override }).optional(),
    referrerPolicy: z.strictObject({ referrerPolicy: z.string(), ...override }).optional(),
  }),
});

/** The policies that behaviours name, beside AWS's own. */
export function planEdgePolicies(index: GraphIndex): Policies {
  return {
    cache: index.all(cachePolicyType).map(planCachePolicy),
    originRequest: index.all(originRequestPolicyType).map(planOriginRequestPolicy),
    responseHeaders: index.all(responseHeadersPolicyType).map(planResponseHeaders),
  };
}

function planCachePolicy(resource: GraphResource): CachePolicy {
  const inputs = readPart(resource, "inputs", cachePolicyInputs);
  const { headersConfig, queryStringsConfig, ...key } = inputs.parametersInCacheKeyAndForwardedToOrigin;
  return {
    id: resource.id ?? "",
    name: inputs.name,
    comment: inputs.comment,
    minTtlSeconds: inputs.minTtl,
    defaultTtlSeconds: inputs.defaultTtl,
    maxTtlSeconds: inputs.maxTtl,
    acceptsGzip: key.enableAcceptEncodingGzip,
    acceptsBrotli: key.enableAcceptEncodingBrotli,
    headers: headerNames(headersConfig),
    queryStrings:
      "queryStrings" in queryStringsConfig
        ? { behavior: queryStringsConfig.queryStringBehavior, names: queryStringsConfig.queryStrings.items }
        : { behavior: queryStringsConfig.queryStringBehavior },
  };
}

function planOriginRequestPolicy(resource: GraphResource): OriginRequestPolicy {
  const { name, headersConfig } = readPart(resource, "inputs", originRequestInputs);
  return { id: resource.id ?? "", name, forwards: headerNames(headersConfig) };
}

function headerNames(config: z.infer<typeof originRequestInputs>["headersConfig"]): readonly string[] {
  return "headers" in config ? config.headers.items.map((name) => name.toLowerCase()) : [];
}

function planResponseHeaders(resource: GraphResource): ResponseHeadersPolicy {
  const { name, comment, securityHeadersConfig } = readPart(resource, "inputs", responseHeadersInputs);
  return { id: resource.id ?? "", name, comment, securityHeaders: securityHeaders(securityHeadersConfig) };
}

function securityHeaders(
  config: z.infer<typeof responseHeadersInputs>["securityHeadersConfig"],
): readonly PolicyHeader[] {
  const { strictTransportSecurity: strict, contentTypeOptions, frameOptions, referrerPolicy } = config;
  const header = (name: string, value: string, part: { readonly override: boolean }) => [
    { name, value, override: part.override },
  ];
  const transport =
    strict &&
    [
      `max-age=${strict.accessControlMaxAgeSec}`,
      ...(strict.includeSubdomains ? ["includeSubDomains"] : []),
      ...(strict.preload ? ["preload"] : []),
    ].join("; ");
  return [
    ...(strict && transport ? header("strict-transport-security", transport, strict) : []),
    ...(contentTypeOptions ? header("x-content-type-options", "nosniff", contentTypeOptions) : []),
    ...(frameOptions ? header("x-frame-options", frameOptions.frameOption, frameOptions) : []),
    ...(referrerPolicy ? header("referrer-policy", referrerPolicy.referrerPolicy, referrerPolicy) : []),
  ];
}
