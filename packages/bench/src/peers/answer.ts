export interface PeerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A refusal in the API's own form. */
export function refusal(status: number, name: string): PeerAnswer {
  return {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
    body: { type: `urn:antipode:problem:${name}`, title: name, status },
  };
}

export function found(body: object, headers: Readonly<Record<string, string>>): PeerAnswer {
  return { status: 200, headers: { "content-type": "application/json", ...headers }, body };
}

/** What the API adds to every answer, and the peers too. */
export function everyHeader(region: string, requestId: string): Readonly<Record<string, string>> {
  return {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Location, Request-Id, Retry-After, Served-By",
    "request-id": requestId,
    "served-by": region,
  };
}

/** One line of log for each request, as the API writes it. */
export function logServed(method: string, path: string, status: number, startedMs: number): void {
  const tookMs = Date.now() - startedMs;
  const timestamp = new Date().toISOString();
  console.log(JSON.stringify({ level: "INFO", message: "served", timestamp, method, path, status, tookMs }));
}
