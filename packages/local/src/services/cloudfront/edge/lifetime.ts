import type { ErrorCaching } from "../distribution-config.ts";
import type { CachePolicy } from "../policies.ts";
import { type CacheDirectives, readCacheControl } from "./cache-control.ts";
import { fieldOf, type HeaderFields, listOf } from "./header-fields.ts";

/** What a behaviour says of how long answers are kept. */
export type Ttls = Pick<CachePolicy, "minTtlSeconds" | "defaultTtlSeconds" | "maxTtlSeconds"> & {
  readonly errorCaching: readonly ErrorCaching[];
};

/** From when an answer came. */
export interface Lifetime {
  /** It is served without a question. */
  readonly freshMs: number;
  /** Beyond that it is served while the origin is asked. */
  readonly whileRevalidatingMs: number;
  /** Beyond `freshMs` it is served when the origin fails. */
  readonly ifErrorMs: number;
}

export interface AnswerHead {
  readonly status: number;
  readonly headers: HeaderFields;
}

const cachedStatuses = new Set([200, 203, 204, 300, 301, 302, 303, 307, 308]);

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html */
const alwaysCachedErrors = new Set([404, 405, 410, 414, 500, 501, 502, 503, 504]);
const errorsCachedWhenSaid = new Set([400, 403, 412, 415]);
/** Of these `no-store` and its like are respected; of all others they are ignored. */
const errorsThatMayRefuse = new Set([404, 410, 414, 501]);
const errorTtlSeconds = 10;

/** Nothing when CloudFront does not keep the answer. */
export function lifetimeOf(answer: AnswerHead, ttls: Ttls, nowMs: number): Lifetime | undefined {
  const said = readCacheControl(fieldOf(answer.headers, "cache-control"));
  if (answer.status >= 400) return errorLifetime(answer, said, ttls, nowMs);
  if (!cachedStatuses.has(answer.status) || ttls.maxTtlSeconds === 0) return undefined;
  const { minTtlSeconds: min, maxTtlSeconds: max } = ttls;
  if (refusesCaching(said) || listOf(fieldOf(answer.headers, "vary")).includes("*")) {
    // A least time overrules the origin. Without one, what may be kept only to be asked about is kept as that.
    if (min > 0) return lifetime(min, 0, 0);
    return said.noStore || said.isPrivate || !said.noCache ? undefined : lifetime(0, 0, 0);
  }
  const wanted = wantedSeconds(answer.headers, said, nowMs);
  const kept =
    wanted === undefined ? Math.max(min, ttls.defaultTtlSeconds) : Math.min(Math.max(wanted, min), max);
  const fresh = Math.max(0, kept - ageSeconds(answer.headers));
  // Beyond the greatest time nothing is left to serve, whatever the origin says of stale answers.
  const staleMax = said.mustRevalidate ? 0 : Math.max(0, max - kept);
  return lifetime(
    fresh,
    Math.min(said.staleWhileRevalidateSeconds ?? 0, staleMax),
    Math.min(said.staleIfErrorSeconds ?? staleMax, staleMax),
  );
}

/** How long after an error the origin is not asked again. */
export function errorTtlMs(status: number, { errorCaching }: Pick<Ttls, "errorCaching">): number {
  const own = errorCaching.find(({ errorCode }) => errorCode === status);
  return 1_000 * (own?.minTtlSeconds ?? errorTtlSeconds);
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html */
function errorLifetime(
  { status, headers }: AnswerHead,
  said: CacheDirectives,
  ttls: Ttls,
  nowMs: number,
): Lifetime | undefined {
  const wanted = wantedSeconds(headers, said, nowMs);
  const isSaid = said.maxAgeSeconds !== undefined || said.sharedMaxAgeSeconds !== undefined;
  const isCached = alwaysCachedErrors.has(status) || (errorsCachedWhenSaid.has(status) && isSaid);
  if (!isCached || (errorsThatMayRefuse.has(status) && refusesCaching(said))) return undefined;
  const keptSeconds = Math.min(wanted ?? 0, ttls.maxTtlSeconds);
  const keptMs = Math.max(errorTtlMs(status, ttls), keptSeconds * 1_000);
  return keptMs === 0 ? undefined : { freshMs: keptMs, whileRevalidatingMs: 0, ifErrorMs: 0 };
}

function refusesCaching({ noStore, noCache, isPrivate }: CacheDirectives): boolean {
  return noStore || noCache || isPrivate;
}

function wantedSeconds(headers: HeaderFields, said: CacheDirectives, nowMs: number): number | undefined {
  const directive = said.sharedMaxAgeSeconds ?? said.maxAgeSeconds;
  const expires = fieldOf(headers, "expires");
  if (directive !== undefined || expires === undefined) return directive;
  const untilMs = Date.parse(expires);
  // A date that is none has passed already (RFC 9111, 5.3).
  return Number.isNaN(untilMs) ? 0 : Math.max(0, Math.floor((untilMs - nowMs) / 1_000));
}

/** What an answer had behind it when it came. */
export function ageSeconds(headers: HeaderFields): number {
  const age = fieldOf(headers, "age");
  return age !== undefined && /^\d{1,10}$/.test(age) ? Number(age) : 0;
}

function lifetime(freshSeconds: number, revalidatingSeconds: number, errorSeconds: number): Lifetime {
  return {
    freshMs: freshSeconds * 1_000,
    whileRevalidatingMs: revalidatingSeconds * 1_000,
    ifErrorMs: errorSeconds * 1_000,
  };
}
