import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Socket } from "node:net";
import { LinkError } from "../../links/links.ts";

/** A message that is lost shows as a reset connection after this long: a hang would only slow drills down. */
const resetDelayMs = 20;
/** Longer than clients keep an idle connection, so that they never write into one that just closed. */
const keepAliveMs = 120_000;

export interface LoopbackServerOptions {
  /** A free port when left out. */
  readonly port?: number;
  /** Request line and headers together. */
  readonly headerBytesMax?: number;
  readonly bodyBytesMax: number;
  /** Answers a request whose body was read. A `LinkError` resets the connection, as a network would. */
  readonly serve: (
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    body: Buffer | "too-large",
  ) => Promise<void>;
  /** Told of what `serve` throws beyond that. The connection is reset then, too. */
  readonly onBug?: (error: unknown) => void;
}

export interface LoopbackAddress {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
}

/** One more address of a server. It closes with the server, or before. */
export interface SecondAddress {
  readonly port: number;
  close(): Promise<void>;
}

export interface LoopbackServer {
  readonly server: Server;
  readonly port: number;
  /** With an IP address, because the S3 client uses path-style addresses for those. */
  readonly url: string;
  /** Answers at one more address too. Rejects when it is taken, or is none of this machine's. */
  listenAt(address: LoopbackAddress): Promise<SecondAddress>;
  /** While down, every connection is cut at once. */
  setDown(down: boolean): void;
  close(): Promise<void>;
}

/** An HTTP server that only this machine reaches and that can fall silent. Rejects when the port is taken. */
export async function createLoopbackServer(options: LoopbackServerOptions): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  let down = false;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readBody(incoming, options.bodyBytesMax);
    if (body !== "aborted") await options.serve(incoming, outgoing, body);
  }

  const headerLimit = options.headerBytesMax === undefined ? {} : { maxHeaderSize: options.headerBytesMax };
  const server = createServer(headerLimit, (incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => {
      if (!(error instanceof LinkError)) options.onBug?.(error);
      setTimeout(() => incoming.socket.resetAndDestroy(), resetDelayMs).unref();
    });
  });
  server.keepAliveTimeout = keepAliveMs;
  server.on("connection", (socket) => {
    if (down) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const others: SecondAddress[] = [];

  return {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    async listenAt(address) {
      const other = await openSecondAddress(server, address);
      others.push(other);
      return other;
    },
    setDown(isDown) {
      down = isDown;
      if (down) for (const socket of sockets) socket.destroy();
    },
    async close() {
      const closing = others.map((other) => other.close());
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, ...closing]);
    },
  };
}

/** Hands connections to the server as if they were its own: it cuts and counts them like the others. */
export async function openSecondAddress(
  server: Server,
  { host, port }: LoopbackAddress,
): Promise<SecondAddress> {
  const door = createSocketServer((socket) => server.emit("connection", socket));
  await new Promise<void>((resolve, reject) => {
    door.once("error", reject);
    door.listen(port, host, resolve);
  });
  return {
    port: (door.address() as AddressInfo).port,
    close: () => new Promise((resolve) => door.close(() => resolve())),
  };
}

async function readBody(
  incoming: IncomingMessage,
  bytesMax: number,
): Promise<Buffer | "too-large" | "aborted"> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // What is beyond the limit is still read, so that the client gets to read the answer.
    for await (const chunk of incoming) {
      size += chunk.length;
      if (size <= bytesMax) chunks.push(chunk);
    }
  } catch {
    return "aborted"; // the client went away: there is nobody to answer
  }
  return size > bytesMax ? "too-large" : Buffer.concat(chunks);
}
