import type { CachePolicy } from "../policies.ts";
import { fieldOf, type HeaderFields, listOf } from "./header-fields.ts";

/** What of a request decides which answer it gets. */
export interface KeyedRequest {
  readonly method: string;
  /** Path and query, as the viewer sent them. */
  readonly path: string;
  readonly query: string;
  readonly headers: HeaderFields;
}

/** The key of a request in the cache of one distribution: equal keys get one answer, so nothing may be left out. */
export function cacheKeyOf(distributionId: string, request: KeyedRequest, policy: CachePolicy): string {
  return JSON.stringify([
    distributionId,
    request.method,
    request.path,
    keptQuery(request.query, policy),
    policy.headers.map((name) => fieldOf(request.headers, name) ?? null),
    acceptedEncodings(request.headers, policy) ?? null,
  ]);
}

/** The query that is part of the key, and that the origin sees. */
export function keptQuery(query: string, { queryStrings }: Pick<CachePolicy, "queryStrings">): string {
  if (!("names" in queryStrings)) return queryStrings.behavior === "all" ? query : "";
  const { names, behavior } = queryStrings;
  const isNamed = (part: string) => names.includes(part.split("=", 1)[0] ?? "");
  const wanted = behavior === "whitelist";
  return query
    .split("&")
    .filter((part) => part !== "" && isNamed(part) === wanted)
    .join("&");
}

/**
 * `Accept-Encoding` as CloudFront makes it, so that a thousand spellings are three variants. Nothing for a client that
 * takes none of them.
 */
export function acceptedEncodings(
  headers: HeaderFields,
  policy: Pick<CachePolicy, "acceptsBrotli" | "acceptsGzip">,
): string | undefined {
  const taken = new Set(
    listOf(fieldOf(headers, "accept-encoding"))
      .map((member) => member.toLowerCase().split(";"))
      .filter(([, quality = ""]) => !/^\s*q=0(\.0*)?\s*$/.test(quality))
      .map(([name = ""]) => name.trim()),
  );
  const encodings = [
    ...(policy.acceptsBrotli && taken.has("br") ? ["br"] : []),
    ...(policy.acceptsGzip && taken.has("gzip") ? ["gzip"] : []),
  ];
  return encodings.length === 0 ? undefined : encodings.join(",");
}
