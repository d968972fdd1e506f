import { PlainHeaders } from "./plain-headers.ts";

interface PlainInit {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A web `Response` of a text or of nothing, as far as Hono, the adapter and a client in the same process read it. */
class PlainResponse implements Pick<Response, "status" | "text" | "json"> {
  readonly status: number;
  readonly headers: PlainHeaders;
  readonly body: string | null;

  constructor(body: string | null, { status, headers }: PlainInit) {
    this.status = status;
    this.headers = new PlainHeaders(Object.entries(headers));
    this.body = body;
  }

  async text(): Promise<string> {
    return this.body ?? "";
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.body ?? "");
  }

  clone(): PlainResponse {
    return new PlainResponse(this.body, {
      status: this.status,
      headers: Object.fromEntries(this.headers),
    });
  }
}

/**
 * An answer for Hono to pass on. The first `new Response` of a process loads Node's whole HTTP client (undici), a fifth
 * of the API's cold start; and each one costs more than all of Hono.
 */
export function plainResponse(body: string | null, init: PlainInit): Response {
  return new PlainResponse(body, init) as unknown as Response;
}
