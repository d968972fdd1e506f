import type { RouteMatch } from "./route.ts";

/** One HTTP request as the gateway took it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as they arrived. */
  readonly target: string;
  /** Names and values in their order, as Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly port: number;
}

export interface EventContext {
  readonly account: string;
  readonly apiId: string;
  readonly stage: string;
  readonly requestId: string;
  readonly nowMs: number;
}

/** A payload of format 2.0. */
export interface HttpApiEvent {
  readonly version: "2.0";
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
    readonly requestId: string;
    readonly routeKey: string;
    readonly stage: string;
    readonly time: string;
    readonly timeEpoch: number;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** Between one client and one server only: they never reach a function. */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * The path as routes and functions see it: decoded, and cut at a question mark that was encoded. Functions get it so
 * from an HTTP API (not from a function URL). Nothing when it is not valid percent-encoding.
 */
export function decodedPath(target: string): string | undefined {
  const mark = target.indexOf("?");
  try {
    return decodeURIComponent(mark < 0 ? target : target.slice(0, mark)).split("?")[0];
  } catch {
    return undefined;
  }
}

/** `path` is the request's `decodedPath`. */
export function toEvent(
  request: HttpRequest,
  path: string,
  match: RouteMatch,
  context: EventContext,
): HttpApiEvent {
  const { headers, cookies } = gatherHeaders(request);
  const mark = request.target.indexOf("?");
  const rawQueryString = mark < 0 ? "" : request.target.slice(mark + 1);
  const query = gatherQuery(rawQueryString);
  const domainName = (headers["host"] ?? "").replace(/:\d+$/, "");
  const { routeKey } = match.route;
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: context.account,
      apiId: context.apiId,
      domainName,
      domainPrefix: domainName.split(".")[0] ?? "",
      http: {
        method: request.method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: request.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: context.requestId,
      routeKey,
      stage: context.stage,
      time: commonLogTime(context.nowMs),
      timeEpoch: context.nowMs,
    },
    ...(Object.keys(match.pathParameters).length === 0 ? {} : { pathParameters: match.pathParameters }),
    ...encodeBody(request.body, headers),
  };
}

function gatherHeaders(request: HttpRequest): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? "").toLowerCase();
    const value = request.rawHeaders[index + 1] ?? "";
    if (hopByHop.has(name)) continue;
    if (name === "cookie") cookies.push(...value.split(/;\s*/).filter((cookie) => cookie !== ""));
    else headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  const forwarded = headers["x-forwarded-for"];
  headers["x-forwarded-for"] =
    forwarded === undefined ? request.sourceIp : `${forwarded}, ${request.sourceIp}`;
  headers["x-forwarded-port"] = String(request.port);
  headers["x-forwarded-proto"] = "http";
  return { headers, cookies };
}

function gatherQuery(rawQueryString: string): Record<string, string> | undefined {
  if (rawQueryString === "") return undefined;
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  }
  return query;
}

/** API Gateway hands these on as text, and everything else (forms too) as base64. */
const textTypes = /^(text\/|application\/(.+\+)?(json|xml|javascript)\b)/i;

function encodeBody(
  body: Buffer,
  headers: Record<string, string>,
): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = headers["content-type"] ?? "text/plain";
  const isText = textTypes.test(type) && headers["content-encoding"] === undefined;
  return { body: body.toString(isText ? "utf8" : "base64"), isBase64Encoded: !isText };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(nowMs: number): string {
  const date = new Date(nowMs);
  const day = String(date.getUTCDate()).padStart(2, "0");
  return `${day}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
}
