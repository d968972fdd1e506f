/** What a behaviour's policies say: of the cache's key, of requests to origins, of headers for viewers. */

export interface CachePolicy {
  readonly id: string;
  readonly name: string;
  readonly comment: string;
  readonly minTtlSeconds: number;
  readonly defaultTtlSeconds: number;
  readonly maxTtlSeconds: number;
  readonly acceptsGzip: boolean;
  readonly acceptsBrotli: boolean;
  /** Lower-case names of headers that are part of the key, and go on to the origin. */
  readonly headers: readonly string[];
  readonly queryStrings: QueryStrings;
}

export type QueryStrings =
  | { readonly behavior: "none" | "all" }
  | { readonly behavior: "whitelist" | "allExcept"; readonly names: readonly string[] };

/** What goes on to the origin beside the key's parts. */
export interface OriginRequestPolicy {
  readonly id: string;
  readonly name: string;
  /** Everything that the viewer sent but `Host`, cookies and query included; or headers by their lower-case names. */
  readonly forwards: "all-viewer-except-host" | readonly string[];
}

/** A header that every answer of a behaviour gets; one of the origin stands unless it is overridden. */
export interface PolicyHeader {
  readonly name: string;
  readonly value: string;
  readonly override: boolean;
}

export interface ResponseHeadersPolicy {
  readonly id: string;
  readonly name: string;
  readonly comment: string;
  readonly securityHeaders: readonly PolicyHeader[];
}

export interface Policies {
  readonly cache: readonly CachePolicy[];
  readonly originRequest: readonly OriginRequestPolicy[];
  readonly responseHeaders: readonly ResponseHeadersPolicy[];
}

/**
 * AWS's own, by the ids that it publishes, as far as they are run here:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
export const managedPolicies: Policies = {
  cache: [
    {
      id: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      name: "Managed-CachingDisabled",
      comment: "Policy with caching disabled",
      minTtlSeconds: 0,
      defaultTtlSeconds: 0,
      maxTtlSeconds: 0,
      acceptsGzip: false,
      acceptsBrotli: false,
      headers: [],
      queryStrings: { behavior: "none" },
    },
  ],
  originRequest: [
    {
      id: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
      name: "Managed-AllViewerExceptHostHeader",
      forwards: "all-viewer-except-host",
    },
  ],
  responseHeaders: [],
};

export function withManaged(own: Policies): Policies {
  return {
    cache: [...managedPolicies.cache, ...own.cache],
    originRequest: [...managedPolicies.originRequest, ...own.originRequest],
    responseHeaders: [...managedPolicies.responseHeaders, ...own.responseHeaders],
  };
}
