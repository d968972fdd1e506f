/** One request of a drill's client, and all that can come of it. */

export interface ShopRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the root, query included. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface Answer {
  readonly type: "answer";
  readonly status: number;
  readonly headers: Headers;
  /** Read as JSON; nothing when there was none. */
  readonly body: unknown;
}

export type Reply =
  | Answer
  /** The connection broke: carried out or not, it is over. */
  | { readonly type: "cut" }
  /** No answer in time: it may be carried out yet. */
  | { readonly type: "gave-up" };

/** Above the api function's own limit of 10 s: what is given up on is a request that was never going to end. */
const answerWithinMs = 12_000;

export async function askShop(api: string, request: ShopRequest): Promise<Reply> {
  const { method, path, headers = {}, body } = request;
  try {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const text = await response.text();
    return {
      type: "answer",
      status: response.status,
      headers: response.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "TimeoutError") return { type: "gave-up" };
    // What undici says of a broken connection is a TypeError with a cause, before the head or within the body.
    if (error instanceof TypeError && error.cause !== undefined) return { type: "cut" };
    throw error;
  }
}

/**
 * Whether an answer leaves open what became of a request, so that a client sends it again: the region failed, or met other
 * writers so often that it gave up, perhaps after a part of it.
 */
export function leavesOpen({ status, body }: Answer): boolean {
  return status >= 500 || problemName(body) === "contended";
}

/** A cold region on a busy machine may let several requests time out. */
const patientTriesMax = 5;

/** Only for what is asked while nothing is broken, and may be asked again: anything but success ends the drill. */
export async function askUntilAnswered(api: string, request: ShopRequest): Promise<Answer> {
  for (let left = patientTriesMax; ; left -= 1) {
    const reply = await askShop(api, request);
    if (reply.type === "answer" && reply.status < 300) return reply;
    if (left > 1 && (reply.type !== "answer" || leavesOpen(reply))) continue;
    const what = reply.type === "answer" ? `${reply.status} ${JSON.stringify(reply.body)}` : reply.type;
    throw new Error(`${request.method} ${request.path}, with nothing broken: ${what}`);
  }
}

/** The last part of a problem's type, such as `not-covered`. */
export function problemName(body: unknown): string {
  const type = typeof body === "object" && body !== null && "type" in body ? body.type : undefined;
  return typeof type === "string" ? type.slice(type.lastIndexOf(":") + 1) : "no problem document";
}
