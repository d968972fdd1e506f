import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { WorldClock } from "../../links/clock.ts";
import type { Links } from "../../links/links.ts";
import { outside } from "../../links/region-lag.ts";
import { type Scheduler, sleep } from "../../links/scheduler.ts";
import { createLoopbackServer, type LoopbackServer } from "../front/loopback-server.ts";
import type { InvokeResult } from "../lambda/definition.ts";
import { AwsError, account } from "../service.ts";
import type { Cors } from "./cors.ts";
import { isPreflight, preflightResponse, withCors } from "./cors.ts";
import type { MinuteCounts } from "./counters.ts";
import { createCounters } from "./counters.ts";
import { decodedPath, toEvent } from "./event.ts";
import type { HttpResponse } from "./response.ts";
import {
  badRequest,
  headersTooLarge,
  internalServerError,
  notFound,
  requestTooLarge,
  serviceUnavailable,
  toResponse,
} from "./response.ts";
import type { Route } from "./route.ts";
import { createRouter } from "./route.ts";

/** API Gateway's limit for a payload: 10 MB. */
const bodyBytesMax = 10 * 1024 * 1024;
/** Its limit for the request line and all headers together. */
const headerBytesMax = 10_240;
/** Its longest wait for a function. The function itself is not stopped. */
const integrationTimeoutMs = 30_000;

export interface HttpApiDefinition {
  readonly apiId: string;
  readonly routes: readonly Route[];
  readonly stage?: string;
  readonly cors?: Cors;
}

/** A request that was answered, for whoever measures. */
export interface MeasuredRequest {
  /** Nothing for one that met no route. */
  readonly routeKey?: string;
  readonly status: number;
  readonly latencyMs: number;
  /** How long the function took; nothing when none was asked. */
  readonly integrationLatencyMs?: number;
}

export interface HttpApiOptions {
  readonly api: HttpApiDefinition;
  readonly region: string;
  readonly links: Links;
  readonly clock: WorldClock;
  readonly scheduler: Scheduler;
  /** Runs a function, unless its turn comes when nobody wants the answer any more; payload and result are JSON text. */
  readonly invoke: (
    functionArn: string,
    payload: string,
    options: { readonly isWanted: () => boolean },
  ) => Promise<InvokeResult>;
  /** A loopback port; a free one when left out. */
  readonly port?: number;
  /** Told of errors that nothing here expected. The client gets a 500. */
  readonly onBug?: (error: unknown) => void;
  readonly onRequest?: (request: MeasuredRequest) => void;
  /** What is wrong with a request for this path: how much longer it takes, and whether it fails in its function's place. */
  readonly trouble?: (path: string) => { readonly delayMs: number; readonly fails: boolean };
  /** Shorter in tests. */
  readonly timeoutMs?: number;
}

export interface HttpApi {
  readonly region: string;
  readonly port: number;
  readonly url: string;
  minutes(): readonly MinuteCounts[];
  /** Answers at one more address too, as a custom domain does. Rejects when it is taken, or is none of this machine's. */
  readonly listenAt: LoopbackServer["listenAt"];
  /** A region that is down cuts every connection, at once and until it is up again. */
  setDown(down: boolean): void;
  close(): Promise<void>;
}

/** What is known of a request before it is answered. */
type Measured = { -readonly [Key in keyof MeasuredRequest]?: MeasuredRequest[Key] };

/** One region's HTTP API: a server on loopback that calls functions with payload 2.0. Rejects when the port is taken. */
export async function createHttpApi(options: HttpApiOptions): Promise<HttpApi> {
  const { api, region, links, scheduler } = options;
  const router = createRouter(api.routes);
  const counters = createCounters();

  async function serve(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    body: Buffer | "too-large",
  ): Promise<void> {
    await links.cross(outside, region, "request");
    const startedMs = scheduler.now();
    const requestId = randomUUID();
    const measured: Measured = {};
    const response = await respond(incoming, body, requestId, measured);
    if (incoming.socket.destroyed) return; // nobody waits for it any more: it may not even have run
    const latencyMs = scheduler.now() - startedMs;
    counters.record(options.clock.now(region), response.status, latencyMs);
    options.onRequest?.({ ...measured, status: response.status, latencyMs });
    await links.cross(region, outside, "request");
    write(outgoing, response, requestId);
  }

  async function respond(
    incoming: IncomingMessage,
    body: Buffer | "too-large",
    requestId: string,
    measured: Measured,
  ): Promise<HttpResponse> {
    const origin = incoming.headers.origin;
    const { cors } = api;
    const headers = incoming.headers as Record<string, string | undefined>;
    if (cors !== undefined && origin !== undefined && isPreflight(incoming.method ?? "", headers)) {
      return preflightResponse(cors, origin);
    }
    const response =
      body === "too-large" ? requestTooLarge : await callFunction(incoming, body, requestId, measured);
    return cors === undefined ? response : withCors(response, cors, origin);
  }

  async function callFunction(
    incoming: IncomingMessage,
    body: Buffer,
    requestId: string,
    measured: Measured,
  ): Promise<HttpResponse> {
    const method = incoming.method ?? "GET";
    const target = incoming.url ?? "/";
    const path = decodedPath(target);
    if (path === undefined) return badRequest;
    const match = router(method, path);
    if (match === undefined) return notFound;
    measured.routeKey = match.route.routeKey;
    const startMs = options.clock.now(region);
    const event = toEvent(
      {
        method,
        target,
        rawHeaders: incoming.rawHeaders,
        body,
        sourceIp: (incoming.socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, ""),
        port: incoming.socket.localPort ?? 0,
      },
      path,
      match,
      {
        account,
        apiId: api.apiId,
        stage: api.stage ?? "$default",
        requestId,
        nowMs: options.clock.now(region),
      },
    );
    const isWanted = () => !incoming.socket.destroyed;
    const { delayMs, fails } = options.trouble?.(path) ?? { delayMs: 0, fails: false };
    if (delayMs > 0) await sleep(scheduler, delayMs);
    const response = fails
      ? internalServerError
      : await invoke(match.route.functionArn, JSON.stringify(event), isWanted);
    measured.integrationLatencyMs = Math.max(0, options.clock.now(region) - startMs);
    return response;
  }

  async function invoke(
    functionArn: string,
    payload: string,
    isWanted: () => boolean,
  ): Promise<HttpResponse> {
    let cancel = () => {};
    const timeout = new Promise<"timed-out">((resolve) => {
      cancel = scheduler.after(options.timeoutMs ?? integrationTimeoutMs, () => resolve("timed-out"));
    });
    try {
      const result = await Promise.race([options.invoke(functionArn, payload, { isWanted }), timeout]);
      if (result === "timed-out") return serviceUnavailable;
      return result.functionError === undefined ? toResponse(result.payload) : internalServerError;
    } catch (error) {
      if (!(error instanceof AwsError)) options.onBug?.(error);
      const code = error instanceof AwsError ? error.code : "";
      if (code === "RequestTooLargeException") return requestTooLarge;
      return code === "TooManyRequestsException" ? serviceUnavailable : internalServerError;
    } finally {
      cancel();
    }
  }

  const { server, port, url, listenAt, setDown, close } = await createLoopbackServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.onBug === undefined ? {} : { onBug: options.onBug }),
    headerBytesMax,
    bodyBytesMax,
    serve,
  });
  server.on("clientError", refuseUnreadable);
  return { region, port, url, minutes: counters.minutes, listenAt, setDown, close };
}

/** Node could not read the request: mostly because its headers are too large. */
function refuseUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable) return;
  const { status, body } = error.code === "HPE_HEADER_OVERFLOW" ? headersTooLarge : badRequest;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/json",
    `content-length: ${body.length}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body.toString()}`);
}

function write(outgoing: ServerResponse, response: HttpResponse, requestId: string): void {
  if (outgoing.destroyed) return;
  const hasBody = response.status !== 204 && response.status !== 304;
  outgoing.writeHead(response.status, {
    ...response.headers,
    ...(hasBody ? { "content-length": String(response.body.length) } : {}),
    "apigw-requestid": requestId,
    ...(response.cookies.length === 0 ? {} : { "set-cookie": [...response.cookies] }),
  });
  outgoing.end(response.body);
}
