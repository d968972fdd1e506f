import { type Scheduler, sleep } from "../../../links/scheduler.ts";
import type { Origin } from "../distribution-config.ts";
import type { HeaderFields } from "./header-fields.ts";
import type { OriginRequest } from "./origin-requests.ts";

export interface OriginAnswer {
  readonly status: number;
  readonly headers: HeaderFields;
  /** As it comes. */
  readonly body: AsyncIterable<Uint8Array>;
  /** For whoever does not read the body, or not to its end. */
  readonly discard: () => void;
}

export type OriginFailure = "origin-unreachable" | "origin-timed-out" | "origin-broken" | "origin-unresolved";

export type OriginOutcome =
  | { readonly type: "answered"; readonly answer: OriginAnswer; readonly origin: Origin }
  | { readonly type: "failed"; readonly failure: OriginFailure };

/** An origin's failure, as whoever connects to it tells it. Anything else that is thrown is taken as a broken connection. */
export class OriginError extends Error {
  override name = "OriginError";
  readonly failure: OriginFailure;

  constructor(failure: OriginFailure) {
    super(failure);
    this.failure = failure;
  }
}

/** The network to origins. Rejects with `OriginError`; `onConnected` is called once there is a connection. */
export type SendToOrigin = (
  origin: Origin,
  request: OriginRequest,
  options: { readonly signal: AbortSignal; readonly onConnected: () => void; readonly body?: RequestBody },
) => Promise<OriginAnswer>;

export type RequestBody = AsyncIterable<Uint8Array>;

export interface OriginsToAsk {
  /** The second is asked when the first fails the request. */
  readonly origins: readonly Origin[];
  /** Statuses of the first that count as failures. */
  readonly failoverStatuses: readonly number[];
  readonly request: OriginRequest;
  readonly body?: RequestBody;
}

const failoverMethods = new Set(["GET", "HEAD", "OPTIONS"]);
/** Asked again when no answer comes; any other request may have been carried out. */
const repeatedMethods = new Set(["GET", "HEAD"]);
/** Between two attempts, so that a door that is shut is not hammered. */
const attemptPauseMs = 50;

export interface AskOriginsDeps {
  readonly send: SendToOrigin;
  readonly scheduler: Scheduler;
  /** No time limit is shorter, whatever an origin's settings say. */
  readonly patienceMs?: number;
}

/**
 * Asks the first origin, and where that fails the second, within one request; the next request begins with the first again:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
 */
export async function askOrigins(
  { origins, failoverStatuses, request, body }: OriginsToAsk,
  deps: AskOriginsDeps,
): Promise<OriginOutcome> {
  const [first, second] = origins;
  if (first === undefined) return { type: "failed", failure: "origin-unresolved" };
  const ask = (origin: Origin) => askOrigin(origin, request, body, deps);
  const outcome = await ask(first);
  if (second === undefined || !failoverMethods.has(request.method)) return outcome;
  if (outcome.type === "answered") {
    if (!failoverStatuses.includes(outcome.answer.status)) return outcome;
    outcome.answer.discard();
  }
  return ask(second);
}

/** One origin, as often as its settings say. */
async function askOrigin(
  origin: Origin,
  request: OriginRequest,
  body: RequestBody | undefined,
  deps: AskOriginsDeps,
): Promise<OriginOutcome> {
  for (let attempt = 1; ; attempt += 1) {
    let connected = false;
    try {
      const onConnected = () => {
        connected = true;
      };
      const answer = await attemptOnce(origin, request, body, { ...deps, onConnected });
      return { type: "answered", answer, origin };
    } catch (error) {
      const failure = error instanceof OriginError ? error.failure : "origin-broken";
      const isRepeated = body === undefined && (!connected || repeatedMethods.has(request.method));
      if (attempt >= origin.connectionAttempts || !isRepeated) return { type: "failed", failure };
      await sleep(deps.scheduler, attemptPauseMs);
    }
  }
}

async function attemptOnce(
  origin: Origin,
  request: OriginRequest,
  body: RequestBody | undefined,
  { send, scheduler, patienceMs = 0, onConnected }: AskOriginsDeps & { readonly onConnected: () => void },
): Promise<OriginAnswer> {
  const abort = new AbortController();
  const timedOut = new OriginError("origin-timed-out");
  const limit = (seconds: number) =>
    scheduler.after(Math.max(seconds * 1_000, patienceMs), () => abort.abort(timedOut));
  let stop = limit(origin.connectionTimeoutSeconds);
  const restart = () => {
    stop();
    stop = limit(origin.readTimeoutSeconds);
  };
  const aborted = new Promise<never>((_, reject) => {
    abort.signal.addEventListener("abort", () => reject(timedOut), { once: true });
  });
  aborted.catch(() => {}); // when it comes after the answer, nobody waits for it
  try {
    const sent = send(origin, request, {
      signal: abort.signal,
      onConnected: () => {
        onConnected();
        restart();
      },
      ...(body === undefined ? {} : { body: restarting(body, restart) }),
    });
    sent.catch(() => {});
    const answer = await Promise.race([sent, aborted]);
    restart();
    const end = () => stop();
    return {
      ...answer,
      body: timed(answer.body, { restart, end, aborted }),
      discard() {
        end();
        answer.discard();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/** A request's body; while it is being sent the origin is not late. */
async function* restarting(body: RequestBody, restart: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    restart();
    yield chunk;
  }
  restart();
}

/** An answer's body, whose every part has to come within the time limit. */
async function* timed(
  body: AsyncIterable<Uint8Array>,
  timer: { readonly restart: () => void; readonly end: () => void; readonly aborted: Promise<never> },
): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), timer.aborted]);
      if (next.done === true) return;
      timer.restart();
      yield next.value;
    }
  } finally {
    timer.end();
    iterator.return?.(undefined)?.catch(() => {});
  }
}
