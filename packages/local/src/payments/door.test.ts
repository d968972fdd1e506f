import { createServer, type IncomingMessage, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFaults } from "../faults/faults.ts";
import { createRandom } from "../links/random.ts";
import { createWallScheduler } from "../links/scheduler.ts";
import { createLinks } from "../links/world-links.ts";
import { createDoor, type Door } from "./door.ts";

const region = "eu-west-1";
const faults = createFaults({ regions: [region], otherPlaces: ["payments"] });
const links = createLinks({ faults, random: createRandom(1), scheduler: createWallScheduler() });

let server: Server;
let door: Door;
let seen: { readonly incoming: IncomingMessage; readonly body: string }[];
let bugs: unknown[];
let answer: RequestListener;

beforeEach(async () => {
  [seen, bugs] = [[], []];
  answer = (_, outgoing) => {
    outgoing.writeHead(402, { "request-id": "req_1", "content-type": "application/json" });
    outgoing.end('{"error":"declined"}');
  };
  server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      seen.push({ incoming, body: Buffer.concat(chunks).toString() });
      answer(incoming, outgoing);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  door = await createDoor({
    from: region,
    to: "payments",
    links,
    target: () => target,
    onBug: (bug) => bugs.push(bug),
  });
});
afterEach(async () => {
  faults.apply({ type: "heal" });
  faults.apply({ type: "up", region });
  await door.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const post = () =>
  fetch(`${door.url}/v1/payment_intents?a=%2F`, {
    method: "POST",
    headers: { authorization: "Bearer k", "idempotency-key": "o#1", "content-type": "text/plain" },
    body: "amount=100",
  });

describe("a door", () => {
  it("hands a request on as it is, and its answer back", async () => {
    const response = await post();
    expect([response.status, response.headers.get("request-id"), await response.json()]).toEqual([
      402,
      "req_1",
      { error: "declined" },
    ]);
    const [one] = seen;
    expect([one?.incoming.method, one?.incoming.url, one?.body]).toEqual([
      "POST",
      "/v1/payment_intents?a=%2F",
      "amount=100",
    ]);
    expect(one?.incoming.headers).toMatchObject({
      authorization: "Bearer k",
      "idempotency-key": "o#1",
      "content-type": "text/plain",
      "content-length": "10",
    });
  });

  it("hands on a request without a body", async () => {
    expect((await fetch(`${door.url}/v1/balance`)).status).toBe(402);
    expect(seen[0]?.body).toBe("");
  });

  it("lets nothing through while the link is cut or the region down", async () => {
    faults.apply({ type: "cut", from: region, to: "payments" });
    await expect(post()).rejects.toThrow("fetch failed");
    faults.apply({ type: "heal" });
    faults.apply({ type: "down", region });
    await expect(post()).rejects.toThrow("fetch failed");
    expect(seen).toEqual([]);
  });

  it("loses the answer when the region goes down meanwhile: the request was carried out", async () => {
    answer = (_, outgoing) => {
      faults.apply({ type: "down", region });
      outgoing.end("done");
    };
    await expect(post()).rejects.toThrow("fetch failed");
    expect([seen.length, bugs]).toEqual([1, []]);
  });

  it("shows an answer that the other side breaks off as a reset connection", async () => {
    answer = (incoming) => incoming.socket.destroy();
    await expect(post()).rejects.toThrow("fetch failed");
    expect(bugs).toEqual([]);
  });

  it("breaks off an answer that is broken off in its middle", async () => {
    answer = (incoming, outgoing) => {
      outgoing.writeHead(200, { "content-length": "100" });
      outgoing.write("half", () => incoming.socket.destroy());
    };
    await expect(post()).rejects.toThrow("fetch failed");
    expect(bugs).toEqual([]);
  });

  it("closes while a request is under way", async () => {
    answer = () => {};
    const aborted = new Promise((resolve) => {
      const sent = request(door.url, { agent: false }, resolve);
      sent.on("error", resolve).end();
    });
    await expect.poll(() => seen.length).toBe(1);
    await door.close();
    expect(await aborted).toBeInstanceOf(Error);
  });
});
