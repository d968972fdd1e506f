import type { HttpResponse } from "./response.ts";

/** An HTTP API's CORS configuration. */
export interface Cors {
  readonly allowOrigins?: readonly string[];
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly allowCredentials?: boolean;
  readonly maxAgeSeconds?: number;
}

export function isPreflight(method: string, headers: Readonly<Record<string, string | undefined>>): boolean {
  return (
    method === "OPTIONS" &&
    headers["origin"] !== undefined &&
    headers["access-control-request-method"] !== undefined
  );
}

/** The gateway answers preflights itself; a function never sees them when CORS is configured. */
export function preflightResponse(cors: Cors, origin: string): HttpResponse {
  const headers: Record<string, string> = { ...originHeaders(cors, origin) };
  if (headers["access-control-allow-origin"] !== undefined) {
    if (cors.allowMethods) headers["access-control-allow-methods"] = cors.allowMethods.join(",");
    if (cors.allowHeaders) headers["access-control-allow-headers"] = cors.allowHeaders.join(",");
    if (cors.maxAgeSeconds !== undefined) headers["access-control-max-age"] = String(cors.maxAgeSeconds);
  }
  return { status: 204, headers, cookies: [], body: Buffer.alloc(0) };
}

/** The configured headers replace those that the function sent. */
export function withCors(response: HttpResponse, cors: Cors, origin: string | undefined): HttpResponse {
  const own = Object.entries(response.headers).filter(([name]) => !name.startsWith("access-control-"));
  const added = origin === undefined ? {} : originHeaders(cors, origin);
  return { ...response, headers: { ...Object.fromEntries(own), ...added } };
}

function originHeaders(cors: Cors, origin: string): Record<string, string> {
  const any = cors.allowOrigins?.includes("*") === true;
  const isAllowed =
    any || cors.allowOrigins?.some((one) => one.toLowerCase() === origin.toLowerCase()) === true;
  if (!isAllowed) return {};
  return {
    "access-control-allow-origin": any ? "*" : origin,
    ...(any ? {} : { vary: "Origin" }),
    ...(cors.allowCredentials === true ? { "access-control-allow-credentials": "true" } : {}),
    ...(cors.exposeHeaders ? { "access-control-expose-headers": cors.exposeHeaders.join(",") } : {}),
  };
}
