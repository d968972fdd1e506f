import { err, ok, type Result } from "@antipode/core";
import { decodeBase64 } from "hono/utils/encode";
import { isToken, PlainHeaders } from "./plain-headers.ts";

/** What is read of a request as API Gateway hands it to a function: payload format 2.0. */
export interface HttpEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly domainName: string;
    readonly http: { readonly method: string };
  };
}

/** Fetch §4.2: methods whose spelling does not matter, and those that no web request has. */
const normalMethod = /^(?:DELETE|GET|HEAD|OPTIONS|POST|PUT)$/i;
const forbiddenMethod = /^(?:CONNECT|TRACE|TRACK)$/i;

function readMethod(given: string): string {
  if (!isToken(given) || forbiddenMethod.test(given)) {
    throw new TypeError(`no method: ${JSON.stringify(given)}`);
  }
  return normalMethod.test(given) ? given.toUpperCase() : given;
}

function readUrl({ rawPath, rawQueryString, requestContext }: HttpEvent): string {
  const query = rawQueryString === "" ? "" : `?${rawQueryString}`;
  const url = new URL(`https://${requestContext.domainName}${rawPath}${query}`);
  if (url.username !== "" || url.password !== "") {
    throw new TypeError("an address with a name in it");
  }
  return url.href;
}

/** The gateway passes bytes on as the characters of UTF-8; a header can only hold bytes. */
function asciiValue(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has them
  return /[^\x00-\x7F]/.test(value) ? encodeURIComponent(value) : value;
}

function readHeaders(event: HttpEvent): PlainHeaders {
  const headers = new PlainHeaders();
  if (event.cookies !== undefined) {
    headers.set("cookie", event.cookies.join("; "));
  }
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined && value !== "") {
      headers.set(name, asciiValue(value));
    }
  }
  return headers;
}

function readBody({ body, isBase64Encoded }: HttpEvent): Uint8Array | undefined {
  if (body === undefined || body === "") {
    return undefined;
  }
  return isBase64Encoded ? decodeBase64(body) : new TextEncoder().encode(body);
}

class PlainRequest implements Pick<Request, "method" | "url" | "arrayBuffer"> {
  readonly method: string;
  readonly url: string;
  readonly headers: PlainHeaders;
  readonly #body: Uint8Array | undefined;

  constructor(method: string, url: string, headers: PlainHeaders, body: Uint8Array | undefined) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.#body = body;
  }

  /** A copy, in a buffer of just its length. */
  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.#body ?? []).buffer;
  }
}

/** Why an event is no request. */
export interface NotARequest {
  readonly reason: string;
}

/**
 * The event as a web `Request`, as far as Hono's router and the API read one, unless it is none that HTTP allows. A real
 * `Request` would load Node's HTTP client: see `plainResponse`.
 */
export function eventToRequest(event: HttpEvent): Result<Request, NotARequest> {
  try {
    const method = readMethod(event.requestContext.http.method);
    const url = readUrl(event);
    const headers = readHeaders(event);
    const body = readBody(event);
    if (body !== undefined) {
      if (method === "GET" || method === "HEAD") {
        return err({ reason: `a ${method} with a body` });
      }
      headers.set("content-length", String(body.length));
    }
    return ok(new PlainRequest(method, url, headers, body) as unknown as Request);
  } catch (error) {
    return err({ reason: String(error) }); // of URL, atob and encodeURIComponent too, which cannot be asked beforehand
  }
}
