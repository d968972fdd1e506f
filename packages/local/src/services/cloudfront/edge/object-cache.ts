import type { HeaderFields } from "./header-fields.ts";
import type { Lifetime } from "./lifetime.ts";

export interface CachedObject {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: Buffer;
  /** As the origin said them: an answer that was compressed here shows another `ETag`. */
  readonly validators: Validators;
  readonly cameAtMs: number;
  /** Seconds that it had behind it when it came. */
  readonly initialAgeSeconds: number;
  readonly lifetime: Lifetime;
  /** Stale, and served without a question until then: the origin failed. */
  readonly askAgainAtMs?: number;
  /** Path and query, as invalidations name them. */
  readonly target: string;
}

export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** What an object is good for. */
export type Use = "serve" | "serve-and-ask" | "ask";

export function useOf(object: CachedObject, nowMs: number): Use {
  const ageMs = nowMs - object.cameAtMs;
  const { freshMs, whileRevalidatingMs } = object.lifetime;
  if (ageMs < freshMs) return "serve";
  if (ageMs < freshMs + whileRevalidatingMs) return "serve-and-ask";
  return (object.askAgainAtMs ?? 0) > nowMs && mayStandIn(object, nowMs) ? "serve" : "ask";
}

/** Whether it may be served in place of the origin's error. */
export function mayStandIn({ cameAtMs, lifetime }: CachedObject, nowMs: number): boolean {
  return nowMs - cameAtMs < lifetime.freshMs + lifetime.ifErrorMs;
}

export interface ObjectCache {
  get(key: string): CachedObject | undefined;
  /** Keeps it, unless it is too large; what was used longest ago makes room. */
  put(key: string, object: CachedObject): void;
  delete(key: string): void;
  /** Forgets what the path of an invalidation names; `*` at its end stands for anything. */
  invalidate(path: string): void;
  /** How many there were: what was asked for before one may be older than it. */
  invalidations(): number;
  bytes(): number;
  size(): number;
}

/** What an entry takes beside its texts, roughly. */
const entryBytes = 400;
/** One object may take this share of the cache at most. */
const objectShareMax = 1 / 8;

/** Least recently used first out, by bytes: memory is what runs short on a laptop. */
export function createObjectCache({ bytesMax }: { readonly bytesMax: number }): ObjectCache {
  // A map keeps the order of insertion: who is used is inserted anew.
  const objects = new Map<string, CachedObject>();
  let bytes = 0;
  let invalidations = 0;

  function remove(key: string): CachedObject | undefined {
    const object = objects.get(key);
    if (object === undefined) return undefined;
    objects.delete(key);
    bytes -= sizeOf(key, object);
    return object;
  }

  return {
    get(key) {
      const object = objects.get(key);
      if (object === undefined) return undefined;
      objects.delete(key);
      objects.set(key, object);
      return object;
    },
    put(key, object) {
      remove(key);
      const size = sizeOf(key, object);
      if (size > bytesMax * objectShareMax) return;
      for (const oldest of objects.keys()) {
        if (bytes + size <= bytesMax) break;
        remove(oldest);
      }
      objects.set(key, object);
      bytes += size;
    },
    delete: (key) => void remove(key),
    invalidate(path) {
      invalidations += 1;
      const fits = path.endsWith("*")
        ? (target: string) => target.startsWith(path.slice(0, -1))
        : (target: string) => target === path;
      for (const [key, { target }] of [...objects]) if (fits(target)) remove(key);
    },
    invalidations: () => invalidations,
    bytes: () => bytes,
    size: () => objects.size,
  };
}

function sizeOf(key: string, { headers, body }: CachedObject): number {
  const texts = Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return entryBytes + key.length + texts + body.length;
}
