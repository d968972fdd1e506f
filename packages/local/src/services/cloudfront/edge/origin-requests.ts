import type { Origin } from "../distribution-config.ts";
import type { CachePolicy, OriginRequestPolicy } from "../policies.ts";
import { acceptedEncodings, keptQuery } from "./cache-key.ts";
import { endToEnd, fieldOf, type HeaderFields, without } from "./header-fields.ts";
import type { Validators } from "./object-cache.ts";

/** What a viewer asks of the edge. */
export interface ViewerRequest {
  readonly method: string;
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  readonly headers: HeaderFields;
  readonly clientAddress: string;
}

/** What the edge asks of an origin; the host comes with the origin. */
export interface OriginRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderFields;
}

export interface OriginRequestParts {
  readonly cachePolicy: CachePolicy;
  readonly originRequestPolicy: OriginRequestPolicy | undefined;
  readonly validators?: Validators | undefined;
  readonly via: string;
  readonly requestId: string;
}

/** Of the viewer's condition nothing goes on with a read that is kept: the whole answer is for others too. */
const conditions = [
  "if-match",
  "if-none-match",
  "if-modified-since",
  "if-unmodified-since",
  "if-range",
  "range",
];

/**
 * The request as it goes to an origin: the parts of the cache's key, and what the origin request policy adds. `Host` is
 * the origin's own name, or API Gateway would not know itself.
 */
export function originRequest(viewer: ViewerRequest, parts: OriginRequestParts): OriginRequest {
  const { cachePolicy, originRequestPolicy, validators, via, requestId } = parts;
  const clients = [fieldOf(viewer.headers, "x-forwarded-for"), viewer.clientAddress];
  const forwarded = originRequestPolicy?.forwards ?? [];
  const isWhole = forwarded === "all-viewer-except-host";
  const query = isWhole ? viewer.query : keptQuery(viewer.query, cachePolicy);
  return {
    method: viewer.method,
    target: query === "" ? viewer.path : `${viewer.path}?${query}`,
    headers: {
      ...(isWhole
        ? without(endToEnd(viewer.headers), "host", "expect")
        : namedHeaders(viewer, cachePolicy, forwarded)),
      ...(validators?.etag === undefined ? {} : { "if-none-match": validators.etag }),
      ...(validators?.lastModified === undefined ? {} : { "if-modified-since": validators.lastModified }),
      via,
      "x-amz-cf-id": requestId,
      "x-forwarded-for": clients.filter((address) => address !== undefined).join(", "),
    },
  };
}

/** Those of the key, and those that are forwarded beside it. */
function namedHeaders(
  { headers }: ViewerRequest,
  policy: CachePolicy,
  forwarded: readonly string[],
): HeaderFields {
  const encodings = acceptedEncodings(headers, policy);
  const kept = [...policy.headers, ...forwarded].flatMap((name) => {
    const value = conditions.includes(name) ? undefined : fieldOf(headers, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    ...(encodings === undefined ? {} : { "accept-encoding": encodings }),
    "user-agent": "Amazon CloudFront",
  };
}

/** The path at the origin. */
export function targetAt({ originPath }: Pick<Origin, "originPath">, { target }: OriginRequest): string {
  return originPath + target;
}
