import { listOf } from "./header-fields.ts";

export interface CacheDirectives {
  readonly noStore: boolean;
  readonly noCache: boolean;
  readonly isPrivate: boolean;
  /** `must-revalidate`, or `proxy-revalidate`, which says it to shared caches alone. */
  readonly mustRevalidate: boolean;
  readonly maxAgeSeconds?: number;
  /** For shared caches, of which CloudFront is one: before `max-age`. */
  readonly sharedMaxAgeSeconds?: number;
  readonly staleWhileRevalidateSeconds?: number;
  readonly staleIfErrorSeconds?: number;
}

/** Beyond a hundred years CloudFront reads no further. */
const secondsMax = 3_153_600_000;

/** Reads `Cache-Control`; what cannot be read is taken as not said, but a wrong `max-age` as 0 (RFC 9111, 4.2.1). */
export function readCacheControl(value: string | undefined): CacheDirectives {
  const said = new Map<string, string>();
  for (const member of listOf(value)) {
    const [name = "", argument = ""] = member.split("=", 2);
    const key = name.trim().toLowerCase();
    if (!said.has(key)) said.set(key, argument.trim().replaceAll('"', ""));
  }
  const age = (name: string) => (said.has(name) ? (seconds(said.get(name)) ?? 0) : undefined);
  const optional = <Key extends string>(key: Key, found: number | undefined) =>
    (found === undefined ? {} : { [key]: found }) as { readonly [K in Key]?: number };
  return {
    noStore: said.has("no-store"),
    noCache: said.has("no-cache"),
    isPrivate: said.has("private"),
    mustRevalidate: said.has("must-revalidate") || said.has("proxy-revalidate"),
    ...optional("maxAgeSeconds", age("max-age")),
    ...optional("sharedMaxAgeSeconds", age("s-maxage")),
    ...optional("staleWhileRevalidateSeconds", seconds(said.get("stale-while-revalidate"))),
    ...optional("staleIfErrorSeconds", seconds(said.get("stale-if-error"))),
  };
}

function seconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), secondsMax) : undefined;
}
