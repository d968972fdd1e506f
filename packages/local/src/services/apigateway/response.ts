/** What goes back to the client. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Values of `set-cookie`, one each. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** The gateway's own answers, for what never came from a function. */
export function gatewayMessage(status: number, message: string): HttpResponse {
  return {
    status,
    headers: { "content-type": "application/json" },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
  };
}

export const badRequest = gatewayMessage(400, "Bad Request");
export const notFound = gatewayMessage(404, "Not Found");
export const requestTooLarge = gatewayMessage(413, "Request Entity Too Large");
export const headersTooLarge = gatewayMessage(431, "Request Header Fields Too Large");
export const internalServerError = gatewayMessage(500, "Internal Server Error");
export const serviceUnavailable = gatewayMessage(503, "Service Unavailable");

/**
 * Reads a function's answer (JSON text) as payload format 2.0 does: with a `statusCode` it is a response, without
 * one it is the body of a 200. An answer that makes no valid response is the gateway's 500.
 */
export function toResponse(payload: string): HttpResponse {
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    return internalServerError;
  }
  if (!isRecord(answer) || answer["statusCode"] === undefined) return bareResponse(answer);
  const status = Number(answer["statusCode"]);
  const body = answer["body"] ?? "";
  const headers = readHeaders(answer["headers"]);
  const cookies = answer["cookies"] ?? [];
  const isValid =
    Number.isInteger(status) &&
    status >= 200 &&
    status <= 599 &&
    typeof body === "string" &&
    headers !== undefined &&
    isTextArray(cookies);
  if (!isValid) return internalServerError;
  if (headers["content-type"] === undefined && body !== "") {
    headers["content-type"] = "text/plain;charset=UTF-8";
  }
  return {
    status,
    headers,
    cookies,
    body: Buffer.from(body, answer["isBase64Encoded"] === true ? "base64" : "utf8"),
  };
}

function bareResponse(answer: unknown): HttpResponse {
  const body = typeof answer === "string" ? answer : JSON.stringify(answer);
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    cookies: [],
    body: Buffer.from(body),
  };
}

/** Set by the gateway or by Node for the connection itself: a function cannot. */
const ownHeaders = new Set(["content-length", "connection", "transfer-encoding", "keep-alive"]);

function readHeaders(headers: unknown): Record<string, string> | undefined {
  if (headers === undefined || headers === null) return {};
  if (!isRecord(headers)) return undefined;
  const read: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
      return undefined;
    if (!ownHeaders.has(name.toLowerCase())) read[name.toLowerCase()] = String(value);
  }
  return read;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
