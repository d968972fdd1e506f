import { randomBytes } from "node:crypto";
import type { Scheduler } from "../../../links/scheduler.ts";
import type { CacheBehavior, DistributionConfig, Origin } from "../distribution-config.ts";
import type { CachePolicy, Policies, ResponseHeadersPolicy } from "../policies.ts";
import { answerFor, sharedHeaders, viewerHeaders } from "./answers.ts";
import { askOrigins, type OriginAnswer, type RequestBody, type SendToOrigin } from "./ask-origins.ts";
import { acceptedEncodings, cacheKeyOf } from "./cache-key.ts";
import { createCachedReads, type ServedAnswer, validatorsOf, type WholeAnswer } from "./cached-reads.ts";
import { chooseBehavior } from "./choose-behavior.ts";
import { compressed } from "./compression.ts";
import { createEdgeCounters, type EdgeCounts } from "./edge-counters.ts";
import { type EdgeRefusal, errorPage } from "./error-page.ts";
import { fieldOf, type HeaderFields, without } from "./header-fields.ts";
import type { Ttls } from "./lifetime.ts";
import { createObjectCache, type Validators } from "./object-cache.ts";
import { type OriginRequest, originRequest, type ViewerRequest } from "./origin-requests.ts";

/** A distribution as far as it has arrived at an edge location. */
export interface ServedDistribution {
  readonly id: string;
  readonly domainName: string;
  readonly config: DistributionConfig;
}

export interface EdgeLocationOptions {
  /** As `X-Amz-Cf-Pop` says it. */
  readonly pop: string;
  /** The distribution of a host's name, if any has it. */
  readonly distributionOf: (host: string) => ServedDistribution | undefined;
  readonly policies: Policies;
  readonly send: SendToOrigin;
  readonly scheduler: Scheduler;
  /** How long an origin has at least, for a connection and for its answer. */
  readonly patienceMs?: number;
  readonly cacheBytesMax: number;
}

export interface EdgeAnswer {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: Buffer | AsyncIterable<Uint8Array>;
  /** For whoever does not read the body to its end. */
  readonly discard: () => void;
}

export interface EdgeStatus extends EdgeCounts {
  readonly cachedObjects: number;
  readonly cachedBytes: number;
}

export interface EdgeLocation {
  /** Never rejects for what an origin does. */
  handle(request: ViewerRequest, body: RequestBody | undefined): Promise<EdgeAnswer>;
  invalidate(distributionId: string, path: string): void;
  status(): EdgeStatus;
}

/** All that is known of a request once its behaviour is. */
interface Exchange {
  readonly viewer: ViewerRequest;
  readonly distribution: ServedDistribution;
  readonly behavior: CacheBehavior;
  readonly cachePolicy: CachePolicy;
  readonly ttls: Ttls;
  readonly requestId: string;
}

const bodilessMethods = new Set(["GET", "HEAD"]);
const urlBytesMax = 8_192;

/** One place where CloudFront answers, with a cache of its own. */
export function createEdgeLocation(options: EdgeLocationOptions): EdgeLocation {
  const { policies, scheduler, send, patienceMs = 0 } = options;
  const cache = createObjectCache({ bytesMax: options.cacheBytesMax });
  const reads = createCachedReads(cache, scheduler);
  const counters = createEdgeCounters();
  const via = `1.1 ${randomBytes(16).toString("hex")}.cloudfront.net (CloudFront)`;

  async function handle(viewer: ViewerRequest, body: RequestBody | undefined): Promise<EdgeAnswer> {
    counters.count("requests");
    const requestId = randomBytes(28).toString("base64url");
    const distribution = options.distributionOf(hostOf(viewer.headers));
    const behavior = distribution && chooseBehavior(distribution.config, viewer.path);
    const refusal = refusalOf(viewer, body, distribution, behavior);
    if (refusal !== undefined)
      return toViewer({ ...errorPage(refusal, requestId), result: "Miss" }, requestId);
    if (distribution === undefined || behavior === undefined)
      throw new Error("a request without a behaviour");
    const cachePolicy = find(policies.cache, behavior.cachePolicyId);
    const { errorCaching } = distribution.config;
    const ttls = { ...cachePolicy, errorCaching };
    const exchange = { viewer, distribution, behavior, cachePolicy, ttls, requestId };
    const isCached = behavior.cachedMethods.includes(viewer.method);
    return isCached && cachePolicy.maxTtlSeconds > 0
      ? readCached(exchange)
      : passOn(exchange, body, isCached);
  }

  async function readCached(exchange: Exchange): Promise<EdgeAnswer> {
    const { viewer, behavior, requestId } = exchange;
    const asGet = viewer.method === "HEAD" ? reads.peek(keyOf(exchange, "GET")) : undefined;
    const served =
      asGet ??
      (await reads.read({
        key: keyOf(exchange),
        target: targetOf(exchange),
        ttls: exchange.ttls,
        ask: (validators) => askWhole(exchange, validators),
      }));
    return toViewer(answerFor(viewer, served), requestId, behavior);
  }

  /** Without a cache, but that an error is kept for a while: as the answer comes, so the answer goes. */
  async function passOn(
    exchange: Exchange,
    body: RequestBody | undefined,
    keepsErrors: boolean,
  ): Promise<EdgeAnswer> {
    const { viewer, behavior, requestId } = exchange;
    const key = keyOf(exchange);
    const known = keepsErrors ? reads.peek(key) : undefined;
    if (known !== undefined) return toViewer(answerFor(viewer, known), requestId, behavior);
    const outcome = await ask(exchange, undefined, body);
    if (outcome.type === "answered" && !(keepsErrors && outcome.answer.status >= 400)) {
      const { answer } = outcome;
      const streamed = { ...answer, body: answer.body, result: "Miss" } as const;
      return toViewer(streamed, requestId, behavior);
    }
    const whole =
      outcome.type === "answered"
        ? await toWhole(outcome.answer, requestId)
        : errorPage(outcome.failure, requestId);
    if (keepsErrors) {
      const shared = { ...whole, headers: without(whole.headers, "set-cookie") };
      reads.keep({ key, target: targetOf(exchange), ttls: exchange.ttls }, shared);
    }
    return toViewer(answerFor(viewer, { ...whole, result: "Miss" }), requestId, behavior);
  }

  async function askWhole(exchange: Exchange, validators: Validators | undefined): Promise<WholeAnswer> {
    const { viewer, behavior, cachePolicy, requestId } = exchange;
    const outcome = await ask(exchange, validators, undefined);
    if (outcome.type === "failed") return errorPage(outcome.failure, requestId);
    const whole = await toWhole(outcome.answer, requestId);
    const shared = { ...whole, headers: sharedHeaders(whole.headers, cachePolicy) };
    return behavior.compress ? compressed(shared, acceptedEncodings(viewer.headers, cachePolicy)) : shared;
  }

  async function ask(
    { viewer, distribution, behavior, cachePolicy, requestId }: Exchange,
    validators: Validators | undefined,
    body: RequestBody | undefined,
  ) {
    const request: OriginRequest = originRequest(viewer, {
      cachePolicy,
      originRequestPolicy:
        behavior.originRequestPolicyId === undefined
          ? undefined
          : find(policies.originRequest, behavior.originRequestPolicyId),
      validators,
      via,
      requestId,
    });
    const target = originsOf(distribution.config, behavior.targetOriginId);
    const outcome = await askOrigins(
      { ...target, request, ...(body === undefined ? {} : { body }) },
      { send, scheduler, patienceMs },
    );
    if (outcome.type === "answered" && outcome.origin !== target.origins[0]) counters.count("failovers");
    return outcome;
  }

  function toViewer(
    answer: Omit<ServedAnswer, "body"> & Partial<Pick<OriginAnswer, "discard">> & Pick<EdgeAnswer, "body">,
    requestId: string,
    behavior?: CacheBehavior,
  ): EdgeAnswer {
    counters.count(
      answer.result === "Hit" ? "hits" : answer.result === "RefreshHit" ? "refreshHits" : "misses",
    );
    if (answer.status >= 500) counters.count("errors");
    const policyId = behavior?.responseHeadersPolicyId;
    const responseHeadersPolicy: ResponseHeadersPolicy | undefined =
      policyId === undefined ? undefined : find(policies.responseHeaders, policyId);
    const headers = viewerHeaders({ ...answer, responseHeadersPolicy, via, pop: options.pop, requestId });
    return { status: answer.status, headers, body: answer.body, discard: answer.discard ?? (() => {}) };
  }

  return {
    handle,
    invalidate: (distributionId, path) => cache.invalidate(`${distributionId}${path}`),
    status: () => ({ ...counters.read(), cachedObjects: cache.size(), cachedBytes: cache.bytes() }),
  };
}

function refusalOf(
  { method, headers, path, query }: ViewerRequest,
  body: RequestBody | undefined,
  distribution: ServedDistribution | undefined,
  behavior: CacheBehavior | undefined,
): EdgeRefusal | undefined {
  if (distribution === undefined || behavior === undefined) return "unknown-host";
  if (!distribution.config.enabled) return "disabled";
  const url = `https://${fieldOf(headers, "host") ?? ""}${path}?${query}`;
  if (Buffer.byteLength(url) > urlBytesMax) return "too-large";
  if (!behavior.allowedMethods.includes(method)) return "method-not-allowed";
  return body !== undefined && bodilessMethods.has(method) ? "body-not-allowed" : undefined;
}

function hostOf(headers: HeaderFields): string {
  return (fieldOf(headers, "host") ?? "").replace(/:\d+$/, "").replace(/\.$/, "").toLowerCase();
}

function keyOf({ viewer, distribution, cachePolicy }: Exchange, method = viewer.method): string {
  return cacheKeyOf(distribution.id, { ...viewer, method }, cachePolicy);
}

/** As an invalidation names it, of that distribution alone. */
function targetOf({ viewer, distribution }: Exchange): string {
  return `${distribution.id}${viewer.path}${viewer.query === "" ? "" : `?${viewer.query}`}`;
}

function find<T extends { readonly id: string }>(all: readonly T[], id: string): T {
  const found = all.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no policy ${id}: the configuration was checked before`);
  return found;
}

function originsOf(
  { origins, originGroups }: DistributionConfig,
  targetId: string,
): { readonly origins: readonly Origin[]; readonly failoverStatuses: readonly number[] } {
  const group = originGroups.find(({ id }) => id === targetId);
  const ids = group?.members ?? [targetId];
  return {
    origins: ids.flatMap((id) => origins.filter((origin) => origin.id === id)),
    failoverStatuses: group?.statusCodes ?? [],
  };
}

async function toWhole(answer: OriginAnswer, requestId: string): Promise<WholeAnswer> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of answer.body) chunks.push(chunk);
  } catch {
    return errorPage("origin-broken", requestId);
  }
  const { status, headers } = answer;
  return { status, headers, body: Buffer.concat(chunks), validators: validatorsOf(headers) };
}
