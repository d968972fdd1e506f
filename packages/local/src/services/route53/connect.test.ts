import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createLoopbackServer, type LoopbackServer } from "../front/loopback-server.ts";
import { createLoopbackConnect, type Endpoint } from "./connect.ts";

const endpoint: Endpoint = { type: "HTTPS", host: "eu-west-1.shop.test", port: 443 };
const open = new AbortController().signal;
let running: LoopbackServer | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function serve(answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void): Promise<number> {
  running = await createLoopbackServer({
    bodyBytesMax: 1_000,
    serve: async (incoming, outgoing) => answer(incoming, outgoing),
  });
  return running.port;
}

const connectTo = (port: number) =>
  createLoopbackConnect(({ host }) => (host === endpoint.host ? { host: "127.0.0.1", port } : undefined));

describe("a connection over loopback", () => {
  it("asks for the path by the endpoint's own name and brings the status", async () => {
    const seen: unknown[] = [];
    const port = await serve((incoming, outgoing) => {
      seen.push([incoming.method, incoming.url, incoming.headers.host]);
      outgoing.writeHead(302, "Found", { location: "/elsewhere" }).end("x".repeat(100_000));
    });
    const connection = await connectTo(port)(endpoint, open);
    expect(await connection.get("/health?deep=1", open)).toEqual({ status: 302, reason: "Found" });
    expect(seen).toEqual([["GET", "/health?deep=1", "eu-west-1.shop.test"]]);
    connection.close();
  });

  it("is refused where nobody listens, and nowhere for a name without an address", async () => {
    const port = await serve(() => {});
    await running?.close();
    await expect(connectTo(port)(endpoint, open)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await expect(connectTo(port)({ ...endpoint, host: "gone.test" }, open)).rejects.toThrow(
      "no address for gone.test",
    );
  });

  it("breaks when the other side does, or what comes is not HTTP", async () => {
    const port = await serve((incoming) => incoming.socket.resetAndDestroy());
    const connection = await connectTo(port)(endpoint, open);
    await expect(connection.get("/health", open)).rejects.toMatchObject({ code: "ECONNRESET" });

    const talker = createServer((socket) => socket.on("error", () => {}).end("220 mail.shop.test\r\n"));
    await new Promise<void>((resolve) => talker.listen(0, "127.0.0.1", resolve));
    const other = await connectTo((talker.address() as AddressInfo).port)(endpoint, open);
    await expect(other.get("/health", open)).rejects.toThrow("Parse Error");
    talker.close();
  });

  it("ends when its time is over", async () => {
    const port = await serve(() => {});
    const connection = await connectTo(port)(endpoint, open);
    await expect(connection.get("/health", AbortSignal.timeout(20))).rejects.toThrow("aborted");
    await expect(connectTo(port)(endpoint, AbortSignal.abort())).rejects.toThrow("aborted");
  });
});
