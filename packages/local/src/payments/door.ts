import { type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from "node:http";
import { LinkError, type Links, type Place } from "../links/links.ts";
import { createLoopbackServer } from "../services/front/loopback-server.ts";

/** Above all that a provider or a webhook sends; API Gateway takes no more. */
const bodyBytesMax = 10 * 1024 * 1024;

/** As long as API Gateway waits; whoever asked has given up by then. */
const answerWithinMs = 30_000;

/** Of one connection alone: the next one has its own. */
const hopHeaders = ["connection", "keep-alive", "transfer-encoding", "host", "content-length"];

export interface DoorOptions {
  readonly from: Place;
  readonly to: Place;
  readonly links: Links;
  /** Whom requests go on to, once they have crossed. Asked each time: it may be made later. */
  readonly target: () => Promise<string> | string;
  readonly onBug: (error: unknown) => void;
}

export interface Door {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A loopback address that stands for something at the other end of a link: each request crosses the link there, and its
 * answer back, headers and body as they are. One that does not get through shows as a reset connection.
 */
export async function createDoor({ from, to, links, target, onBug }: DoorOptions): Promise<Door> {
  async function serve(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    body: Buffer | "too-large",
  ): Promise<void> {
    if (body === "too-large") {
      outgoing.writeHead(413).end();
      return;
    }
    await links.cross(from, to, "request");
    const answer = await forward(await target(), incoming, body).catch(() => {
      throw new LinkError(to, from, "lost"); // it ended, or it was told to lose its answer
    });
    await links.cross(to, from, "request");
    if (outgoing.destroyed) return;
    outgoing.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length });
    outgoing.end(answer.body);
  }
  return createLoopbackServer({ bodyBytesMax, serve, onBug });
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** On a connection of its own: one that was kept could be closed by the other side at the moment it is used. */
function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(incoming.url ?? "/", target),
      {
        method: incoming.method ?? "GET",
        headers: { ...endToEnd(incoming.headers), "content-length": body.length },
        agent: false,
        signal: AbortSignal.timeout(answerWithinMs),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 502,
            headers: endToEnd(response.headers),
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function endToEnd(headers: IncomingMessage["headers"]): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.includes(name)));
}
