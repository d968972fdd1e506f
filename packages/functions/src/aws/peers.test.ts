import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { err, ok } from "@antipode/core";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, expect, test, vi } from "vitest";
import { askPeer } from "../peer/ask-peer.ts";
import { type FakeAws, startFakeAws } from "../testing/fake-aws.ts";
import { createLambdaPeers } from "./peers.ts";

let server: FakeAws | undefined;
afterEach(() => {
  server?.close();
  vi.unstubAllEnvs();
});

const request = {
  type: "deliver",
  operationId: "01K742SG000000000000000008",
  sku: "LAMP",
  quantity: 2,
} as never;

async function asking(answer: Parameters<typeof startFakeAws>[0], timeoutMs = 5_000) {
  server = await startFakeAws(answer);
  const { endpoint } = server;
  const peers = createLambdaPeers({
    functionNames: { "eu-west-1": "antipode-prod-eu-west-1-Peer" },
    createClient: (region) =>
      new LambdaClient({
        region,
        endpoint,
        maxAttempts: 1,
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
      }),
  });
  return { peers, ask: (region: string) => askPeer<"deliver">(peers, region, request, timeoutMs) };
}

const answering = (body: unknown) => () => ({ status: 200, body: JSON.stringify(body) });
const away = (reason: RegExp) =>
  err({ type: "peer-away", region: "eu-west-1", reason: expect.stringMatching(reason) });
const failing = (reason: RegExp) => ({ ok: false, error: { ...away(reason).error, reached: true } });

test("a peer's function is invoked once, and its answer read by the protocol", async () => {
  const { ask } = await asking(answering({ type: "delivered" }));
  expect(await ask("eu-west-1")).toEqual(ok({ type: "delivered" }));
  expect(server?.requests).toMatchObject([
    {
      url: "/2015-03-31/functions/antipode-prod-eu-west-1-Peer/invocations",
      headers: { "x-amz-invocation-type": "RequestResponse" },
      body: JSON.stringify(request),
    },
  ]);
});

test("an answer of another protocol is no answer", async () => {
  const { ask } = await asking(answering({ type: "granted", grants: [] }));
  expect(await ask("eu-west-1")).toEqual(failing(/not understood/));
});

test.each<[string, Parameters<typeof startFakeAws>[0], unknown]>([
  ["breaks the connection", () => "hang-up", away(/socket|ECONNRESET/i)],
  ["answers what is no JSON", () => ({ status: 200, body: "<html>" }), failing(/not JSON/)],
  [
    "fails",
    () => ({ status: 200, headers: { "x-amz-function-error": "Unhandled" }, body: '{"errorMessage":"no"}' }),
    failing(/Unhandled.*no/),
  ],
  [
    "may not be invoked",
    () => ({
      status: 403,
      headers: { "x-amzn-errortype": "AccessDeniedException" },
      body: '{"Message":"no"}',
    }),
    away(/AccessDenied/),
  ],
])("one that %s is away, and what was reached says so", async (_what, answer, told) => {
  const { ask } = await asking(answer);
  expect(await ask("eu-west-1")).toEqual(told);
});

test("one that does not answer in time is away, and one that is none is not asked", async () => {
  const { ask } = await asking(() => undefined, 50);
  expect(await ask("eu-west-1")).toEqual(away(/abort/i));
  expect(await ask("mars-1")).toMatchObject({ error: { type: "peer-away", reason: "not a peer" } });
  expect(server?.requests).toHaveLength(1);
});

/** By the client that the shop runs with. */
async function askByDefault(endpoint: string) {
  vi.stubEnv("AWS_ENDPOINT_URL_LAMBDA", endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  const peers = createLambdaPeers({ functionNames: { "eu-west-1": "antipode-prod-eu-west-1-Peer" } });
  return askPeer<"deliver">(peers, "eu-west-1", request, 10_000);
}

test("a peer that fails is not asked again by the client", async () => {
  server = await startFakeAws(() => ({ status: 503, body: "{}" }));
  expect(await askByDefault(server.endpoint)).toEqual(away(/./));
  expect(server.requests).toHaveLength(1);
});

/** Takes connections until its queue is full, and never looks at them: a further one gets no handshake. */
function listenAndSleep(): Worker {
  const code = `
    const { createServer } = require("node:net");
    const { parentPort } = require("node:worker_threads");
    const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    });`;
  return new Worker(code, { eval: true });
}

test("a region that does not shake hands within a second is away, however long its answer may take", async () => {
  const worker = listenAndSleep();
  const [port] = await once(worker, "message");
  const waiting = Array.from({ length: 8 }, () => connect(Number(port), "127.0.0.1").on("error", () => {}));
  await setTimeout(300);
  const begun = performance.now();
  expect(await askByDefault(`http://127.0.0.1:${port}`)).toEqual(away(/timeout|timed out/i));
  expect(performance.now() - begun).toBeLessThan(3_000);
  for (const socket of waiting) {
    socket.destroy();
  }
  await worker.terminate();
});
