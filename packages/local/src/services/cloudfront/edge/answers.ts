import type { CachePolicy, ResponseHeadersPolicy } from "../policies.ts";
import type { CacheResult, ServedAnswer } from "./cached-reads.ts";
import { isUnchangedFor } from "./conditional.ts";
import { endToEnd, fieldOf, type HeaderFields, listOf, without } from "./header-fields.ts";

export interface ViewerHeadersParts {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly result: CacheResult;
  readonly ageSeconds?: number;
  readonly responseHeadersPolicy: ResponseHeadersPolicy | undefined;
  readonly via: string;
  readonly pop: string;
  readonly requestId: string;
}

/** The headers that a viewer gets with an answer. */
export function viewerHeaders(parts: ViewerHeadersParts): HeaderFields {
  const { headers, responseHeadersPolicy } = parts;
  const added = (responseHeadersPolicy?.securityHeaders ?? []).filter(
    ({ name, override }) => override || headers[name] === undefined,
  );
  return {
    ...endToEnd(without(headers, "via")),
    ...Object.fromEntries(added.map(({ name, value }) => [name, value])),
    ...(parts.ageSeconds === undefined ? {} : { age: String(parts.ageSeconds) }),
    via: parts.via,
    "x-cache": `${parts.status >= 400 ? "Error" : parts.result} from cloudfront`,
    "x-amz-cf-pop": parts.pop,
    "x-amz-cf-id": parts.requestId,
  };
}

/**
 * What of an origin's headers is kept with an answer that several viewers get: no cookies, and in `Vary` only what the
 * key varies by.
 */
export function sharedHeaders(headers: HeaderFields, policy: CachePolicy): HeaderFields {
  const told = ["accept-encoding", "cookie", ...policy.headers];
  const vary = listOf(fieldOf(headers, "vary")).filter(
    (name) => name === "*" || told.includes(name.toLowerCase()),
  );
  const plain = without(endToEnd(headers), "set-cookie", "vary");
  return vary.length === 0 ? plain : { ...plain, vary: vary.join(", ") };
}

/** Headers that go with a 304: RFC 9110, 15.4.5. */
const ofUnchanged = ["cache-control", "content-location", "date", "etag", "expires", "last-modified", "vary"];

/** An answer as this viewer gets it: in full, without its body, or as the news that nothing changed. */
export function answerFor(
  viewer: { readonly method: string; readonly headers: HeaderFields },
  served: ServedAnswer,
): ServedAnswer {
  const isRead = viewer.method === "GET" || viewer.method === "HEAD";
  if (isRead && served.status === 200 && isUnchangedFor(viewer.headers, served.headers)) {
    const kept = Object.entries(served.headers).filter(
      ([name]) => ofUnchanged.includes(name) || name.startsWith("access-control-"),
    );
    return { ...served, status: 304, headers: Object.fromEntries(kept), body: Buffer.alloc(0) };
  }
  if (viewer.method !== "HEAD") return served;
  const length = served.body.length === 0 ? {} : { "content-length": String(served.body.length) };
  return { ...served, headers: { ...served.headers, ...length }, body: Buffer.alloc(0) };
}
