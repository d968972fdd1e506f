import type { Scheduler } from "../../../links/scheduler.ts";
import { fieldOf, type HeaderFields, without } from "./header-fields.ts";
import { ageSeconds, errorTtlMs, lifetimeOf, type Ttls } from "./lifetime.ts";
import { type CachedObject, mayStandIn, type ObjectCache, useOf, type Validators } from "./object-cache.ts";

/** A whole answer of an origin, or what CloudFront says in its place. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: Buffer;
  /** As the origin said them. */
  readonly validators: Validators;
}

export interface CachedRead {
  readonly key: string;
  /** Path and query, as invalidations name them. */
  readonly target: string;
  readonly ttls: Ttls;
  /** Asks the origin, for a new version only when there are validators. Never rejects. */
  readonly ask: (validators: Validators | undefined) => Promise<WholeAnswer>;
}

export type CacheResult = "Hit" | "RefreshHit" | "Miss";

export interface ServedAnswer {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: Buffer;
  readonly result: CacheResult;
  /** Of an answer from the cache. */
  readonly ageSeconds?: number;
}

export interface CachedReads {
  /** Keeps an answer that came another way, if it may be kept. */
  keep(read: Omit<CachedRead, "ask">, answer: WholeAnswer): void;
  read(read: CachedRead): Promise<ServedAnswer>;
  /** Served without asking, if there is one that may be. */
  peek(key: string): ServedAnswer | undefined;
}

/** What a 304 does not change: it describes a body that it does not bring. */
const ofTheBody = ["content-length", "content-encoding", "content-type", "content-range", "etag"] as const;

/** Reads through a cache: one question at a time for one key, and nothing served that may not be. */
export function createCachedReads(cache: ObjectCache, scheduler: Pick<Scheduler, "now">): CachedReads {
  const underWay = new Map<string, Promise<unknown>>();

  function served(object: CachedObject, result: CacheResult): ServedAnswer {
    const { status, headers, body } = object;
    const age = Math.floor((scheduler.now() - object.cameAtMs) / 1_000) + object.initialAgeSeconds;
    return { status, headers, body, result, ageSeconds: age };
  }

  function peek(key: string): ServedAnswer | undefined {
    const object = cache.get(key);
    return object !== undefined && useOf(object, scheduler.now()) === "serve"
      ? served(object, "Hit")
      : undefined;
  }

  async function askAndKeep({ key, target, ttls, ask }: CachedRead): Promise<ServedAnswer> {
    const known = cache.get(key);
    const validators = known !== undefined && hasValidators(known) ? known.validators : undefined;
    const invalidations = cache.invalidations();
    const answer = await ask(validators);
    const nowMs = scheduler.now();
    const isUnchanged = answer.status === 304 && known !== undefined;
    if (!isUnchanged && answer.status >= 500 && known !== undefined && mayStandIn(known, nowMs)) {
      const askAgainAtMs = nowMs + errorTtlMs(answer.status, ttls);
      if (cache.invalidations() === invalidations) cache.put(key, { ...known, askAgainAtMs });
      return served(known, "Hit");
    }
    const whole = isUnchanged ? renewed(known, answer) : answer;
    const object = objectOf({ target, ttls }, whole, answer, nowMs);
    if (object === undefined) cache.delete(key);
    else if (cache.invalidations() === invalidations) cache.put(key, object); // else it may be what was to go
    if (isUnchanged) return { ...headOf(whole), body: whole.body, result: "RefreshHit", ageSeconds: 0 };
    return { ...headOf(answer), body: answer.body, result: "Miss" };
  }

  function askAsOne(read: CachedRead): Promise<ServedAnswer> {
    const asking = askAndKeep(read).finally(() => underWay.delete(read.key));
    underWay.set(read.key, asking);
    return asking;
  }

  return {
    peek,
    keep({ key, ...read }, answer) {
      const object = objectOf(read, answer, answer, scheduler.now());
      if (object !== undefined) cache.put(key, object);
    },
    async read(read) {
      const object = cache.get(read.key);
      const use = object === undefined ? "ask" : useOf(object, scheduler.now());
      if (object !== undefined && use === "serve") return served(object, "Hit");
      if (object !== undefined && use === "serve-and-ask") {
        if (!underWay.has(read.key)) askAsOne(read).catch(() => {}); // `ask` rejects never
        return served(object, "Hit");
      }
      const asking = underWay.get(read.key);
      if (asking === undefined) return askAsOne(read);
      await asking.catch(() => {});
      // What was kept is for everyone; what was not was for one, and the next asks for itself.
      return peek(read.key) ?? askAndKeep(read);
    },
  };
}

const headOf = ({ status, headers }: WholeAnswer) => ({ status, headers });

/** An answer as it is kept; nothing when it may not be. */
function objectOf(
  { target, ttls }: Pick<CachedRead, "target" | "ttls">,
  whole: WholeAnswer,
  latest: WholeAnswer,
  nowMs: number,
): CachedObject | undefined {
  const lifetime = lifetimeOf(whole, ttls, nowMs);
  if (lifetime === undefined) return undefined;
  return { ...whole, target, cameAtMs: nowMs, initialAgeSeconds: ageSeconds(latest.headers), lifetime };
}

/** The version that is known, by the headers that came with the news that it still holds. */
function renewed({ status, headers, body, validators }: CachedObject, answer: WholeAnswer): WholeAnswer {
  return { status, headers: { ...headers, ...without(answer.headers, ...ofTheBody) }, body, validators };
}

function hasValidators({ validators, status }: CachedObject): boolean {
  return status === 200 && (validators.etag !== undefined || validators.lastModified !== undefined);
}

export function validatorsOf(headers: HeaderFields): Validators {
  const [etag, lastModified] = [fieldOf(headers, "etag"), fieldOf(headers, "last-modified")];
  return {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}
