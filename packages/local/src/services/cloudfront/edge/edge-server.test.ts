import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createWallScheduler } from "../../../links/scheduler.ts";
import { createLoopbackServer, type LoopbackServer } from "../../front/loopback-server.ts";
import { policies, shopConfig } from "../testing/distribution.ts";
import { createEdgeLocation } from "./edge-location.ts";
import { createEdgeServer, type EdgeServer } from "./edge-server.ts";
import { createLoopbackOrigins } from "./loopback-origin.ts";

type Serve = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: Buffer | "too-large",
) => Promise<void>;

const running: { close(): Promise<void> | void }[] = [];
let ports: Record<string, number> = {};

afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
  ports = {};
});

async function startOrigin(id: string, serve: Serve): Promise<LoopbackServer> {
  const origin = await createLoopbackServer({ bodyBytesMax: 10_000_000, serve });
  running.push(origin);
  ports[id] = origin.port;
  return origin;
}

async function startEdge(config = shopConfig): Promise<EdgeServer> {
  const origins = createLoopbackOrigins(({ id }) => {
    const port = ports[id];
    return port === undefined ? undefined : { host: "127.0.0.1", port };
  });
  const location = createEdgeLocation({
    pop: "DUB1-L1",
    policies,
    scheduler: createWallScheduler(),
    cacheBytesMax: 1_000_000,
    distributionOf: () => ({ id: "E1", domainName: "d1.cloudfront.net", config }),
    send: origins.send,
  });
  const bugs: unknown[] = [];
  const edge = await createEdgeServer({ location, onBug: (error) => bugs.push(error) });
  running.push(origins, edge, { close: () => expect(bugs).toEqual([]) });
  return edge;
}

const echo: Serve = async (incoming, outgoing, body) => {
  outgoing.setHeader("set-cookie", ["a=1", "b=2"]);
  outgoing.end(`${incoming.method} ${incoming.url} ${incoming.headers.host} ${String(body).length}`);
};

describe("an edge location over real sockets", () => {
  it("passes a write on, body and all, to the origin by the origin's own name", async () => {
    await startOrigin("api", echo);
    const edge = await startEdge();
    const body = "x".repeat(3_000_000);
    const answer = await fetch(`${edge.url}/v1/carts?a=1`, { method: "POST", body });
    expect(await answer.text()).toBe("POST /v1/carts?a=1 api.shop.test 3000000");
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  });

  it("serves from its cache, and says of a HEAD what a GET would bring", async () => {
    let asked = 0;
    await startOrigin("near", async (_, outgoing) => {
      asked += 1;
      outgoing
        .writeHead(200, { "cache-control": "max-age=50", "content-type": "text/plain" })
        .end("products");
    });
    const edge = await startEdge();
    const plain = { headers: { "accept-encoding": "identity" } }; // `fetch` says another for a HEAD
    await (await fetch(`${edge.url}/v1/products`, plain)).text();
    const again = await fetch(`${edge.url}/v1/products`, plain);
    expect([await again.text(), again.headers.get("x-cache"), asked]).toEqual([
      "products",
      "Hit from cloudfront",
      1,
    ]);
    const head = await fetch(`${edge.url}/v1/products`, { method: "HEAD", ...plain });
    expect(head.headers.get("content-length")).toBe("8");
  });

  it.each<[string, Serve]>([
    ["resets connections", async (incoming) => void incoming.socket.resetAndDestroy()],
    ["says 503", async (_, outgoing) => void outgoing.writeHead(503).end()],
    ["breaks off", async (_, outgoing) => void outgoing.socket?.end("HTTP/1.1 nonsense\r\n\r\n")],
  ])("asks the second origin when the first %s", async (_, serve) => {
    await startOrigin("near", serve);
    await startOrigin("far", async (_incoming, outgoing) => void outgoing.end("far"));
    const edge = await startEdge();
    for (const id of [1, 2]) expect(await (await fetch(`${edge.url}/v1/products/${id}`)).text()).toBe("far");
  });

  it("asks the second origin when nobody listens at the first, or its name leads nowhere", async () => {
    const gone = await startOrigin("near", echo);
    await gone.close();
    await startOrigin("far", async (_incoming, outgoing) => void outgoing.end("far"));
    const edge = await startEdge();
    expect(await (await fetch(`${edge.url}/v1/products/1`)).text()).toBe("far");
    delete ports["near"];
    expect(await (await fetch(`${edge.url}/v1/products/2`)).text()).toBe("far");
  });

  it("does not leave the origin at work for a viewer that went", async () => {
    let isGone: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => {
      isGone = resolve;
    });
    await startOrigin("api", async (_incoming, outgoing) => {
      outgoing.once("close", () => isGone?.());
      outgoing.write("half");
    });
    const edge = await startEdge();
    const asking = request(`${edge.url}/v1/events`, (answer) => answer.once("data", () => asking.destroy()));
    asking.on("error", () => {});
    asking.end();
    await gone;
  });

  it("answers nothing whole when the origin breaks off a body that is passed on", async () => {
    await startOrigin("api", async (_incoming, outgoing) => {
      outgoing.writeHead(200, { "content-length": "100" }).write("half");
      setTimeout(() => outgoing.destroy(), 20);
    });
    const edge = await startEdge();
    await expect(fetch(`${edge.url}/v1/carts`).then((answer) => answer.text())).rejects.toThrow();
  });

  it("takes 32,768 bytes of request line and headers, and no more", async () => {
    await startOrigin("near", async (_incoming, outgoing) => void outgoing.end("near"));
    const edge = await startEdge();
    const ask = (bytes: number) =>
      fetch(`${edge.url}/v1/products`, { headers: { "x-large": "x".repeat(bytes) } });
    expect((await ask(32_000)).status).toBe(200);
    const raw = await new Promise<string>((resolve) => {
      const socket = connect(edge.port, "127.0.0.1");
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("close", () => resolve(text));
      socket.write(`GET /v1/products HTTP/1.1\r\nhost: shop.test\r\nx-large: ${"x".repeat(40_000)}\r\n\r\n`);
    });
    expect(raw).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("answers at one more address", async () => {
    await startOrigin("near", async (_incoming, outgoing) => void outgoing.end("near"));
    const edge = await startEdge();
    const { port } = await edge.listenAt({ host: "127.0.0.1", port: 0 });
    expect(await (await fetch(`http://127.0.0.1:${port}/v1/products`)).text()).toBe("near");
  });
});
