import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type LoopbackAddress, openSecondAddress, type SecondAddress } from "../../front/loopback-server.ts";
import type { RequestBody } from "./ask-origins.ts";
import { drained } from "./drained.ts";
import type { EdgeAnswer, EdgeLocation } from "./edge-location.ts";
import { errorPage } from "./error-page.ts";
import { headersOf, mutable } from "./loopback-origin.ts";
import type { ViewerRequest } from "./origin-requests.ts";

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html: all but the body. */
const requestBytesMax = 32_768;
/** As long as CloudFront keeps a viewer's connection that is idle, or longer than clients do. */
const keepAliveMs = 120_000;

export interface EdgeServerOptions {
  readonly location: Pick<EdgeLocation, "handle">;
  /** A loopback port; a free one when left out. */
  readonly port?: number;
  /** Told of errors that nothing here expected. The connection is cut then. */
  readonly onBug?: (error: unknown) => void;
}

export interface EdgeServer {
  readonly port: number;
  readonly url: string;
  /** Answers at one more address too. Rejects when it is taken, or is none of this machine's. */
  listenAt(address: LoopbackAddress): Promise<SecondAddress>;
  close(): Promise<void>;
}

/** An edge location's HTTP server on loopback. What viewers would send by HTTPS comes as plain HTTP. */
export async function createEdgeServer({ location, port, onBug }: EdgeServerOptions): Promise<EdgeServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ maxHeaderSize: requestBytesMax }, (incoming, outgoing) => {
    answer(location, incoming, outgoing).catch((error: unknown) => {
      onBug?.(error);
      incoming.socket.destroy();
    });
  });
  server.keepAliveTimeout = keepAliveMs;
  server.on("clientError", refuseUnreadable);
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port ?? 0, "127.0.0.1", resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  const others: SecondAddress[] = [];
  return {
    port: taken,
    url: `http://127.0.0.1:${taken}`,
    async listenAt(address) {
      const other = await openSecondAddress(server, address);
      others.push(other);
      return other;
    },
    async close() {
      const closing = [...others.map((other) => other.close()), closed(server)];
      for (const socket of sockets) socket.destroy();
      await Promise.all(closing);
    },
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

async function answer(
  location: Pick<EdgeLocation, "handle">,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = bodyOf(incoming);
  const given = await location.handle(toViewerRequest(incoming), body);
  if (outgoing.destroyed) {
    given.discard();
    return;
  }
  outgoing.writeHead(given.status, { ...lengthOf(given, incoming), ...mutable(given.headers) });
  if (Buffer.isBuffer(given.body)) outgoing.end(given.body);
  else await stream(given.body, given, outgoing);
  incoming.resume(); // what is left of a body that nobody read, so that the viewer gets to read the answer
}

/** As it comes, and no faster than the viewer takes it. One that breaks off breaks off here too. */
async function stream(
  body: AsyncIterable<Uint8Array>,
  { discard }: EdgeAnswer,
  outgoing: ServerResponse,
): Promise<void> {
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) discard();
  });
  try {
    for await (const chunk of body) {
      if (outgoing.destroyed) return;
      if (!outgoing.write(chunk)) await drained(outgoing);
    }
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
}

function lengthOf(
  { status, body, headers }: EdgeAnswer,
  { method }: IncomingMessage,
): Record<string, string> {
  const isWhole = Buffer.isBuffer(body) && method !== "HEAD" && status !== 304 && status !== 204;
  return isWhole && headers["content-length"] === undefined ? { "content-length": String(body.length) } : {};
}

function toViewerRequest(incoming: IncomingMessage): ViewerRequest {
  const target = incoming.url ?? "/";
  const mark = target.indexOf("?");
  return {
    method: incoming.method ?? "GET",
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? "" : target.slice(mark + 1),
    headers: headersOf(incoming),
    clientAddress: (incoming.socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, ""),
  };
}

/** Nothing for a request without one. */
function bodyOf(incoming: IncomingMessage): RequestBody | undefined {
  const { "content-length": length, "transfer-encoding": coding } = incoming.headers;
  return coding === undefined && Number(length ?? 0) === 0 ? undefined : incoming;
}

/** Node could not read the request: mostly because its headers are too large. */
function refuseUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable) return;
  const isLarge = error.code === "HPE_HEADER_OVERFLOW";
  const { status, body } = isLarge ? errorPage("too-large", "-") : { status: 400, body: Buffer.alloc(0) };
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "server: CloudFront",
    "content-type: text/html",
    `content-length: ${body.length}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body.toString()}`);
}
