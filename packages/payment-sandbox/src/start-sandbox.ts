import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SandboxOptions } from "./arguments.ts";
import { type ControlledParts, control } from "./control.ts";
import { createFaults } from "./provider/faults.ts";
import { createIdempotencyKeys } from "./provider/idempotency.ts";
import { createProvider } from "./provider/provider.ts";
import { type Chance, createChance } from "./provider/random.ts";
import { eventJson } from "./provider/wire.ts";
import { type ServedParts, serve, type WireAnswer } from "./serve.ts";
import { createSandboxTime, type SandboxTime } from "./time.ts";
import { createWebhooks } from "./webhooks/deliver.ts";

export interface RunningSandbox {
  readonly port: number;
  close(): Promise<void>;
}

/** More than any request of the shop has. */
const bodyBytesMax = 256 * 1024;

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > bodyBytesMax) {
      return undefined;
    }
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}

/** Answers, or breaks the connection. */
function reply(response: ServerResponse, answer: WireAnswer, requestId: string): void {
  if (answer.type === "broken") {
    response.destroy();
    return;
  }
  sendJson(response, answer.answer.status, answer.answer.body, {
    "request-id": requestId,
    ...(answer.replayed ? { "idempotent-replayed": "true" } : {}),
  });
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Decides payments that are processing when it is time, though nobody asks: their webhooks wait for it. */
function createDecider({ provider, time }: Pick<Parts, "provider" | "time">) {
  let cancel = () => {};
  const plan = (): void => {
    cancel();
    const dueMs = provider.decideDue();
    if (dueMs !== undefined) {
      cancel = time.after(Math.max(1, dueMs - time.nowMs()), plan);
    }
  };
  return { plan, stop: () => cancel() };
}

type Parts = ControlledParts &
  Omit<ServedParts, "apiKey" | "wait"> & { readonly chance: Chance; readonly time: SandboxTime };

function createParts(options: SandboxOptions): Parts {
  // faults draw from a chance of their own: names stay the same whatever is told
  const chance = createChance(options.seed);
  const faults = createFaults(createChance(options.seed ^ 0x5bd1e995));
  const time = createSandboxTime(options.time);
  const { nowMs } = time;
  const webhooks = createWebhooks({ secret: options.webhookSecret, faults, time, fetch: globalThis.fetch });
  webhooks.sendTo(options.webhookAddresses);
  const provider = createProvider({
    chance,
    nowMs,
    processingMs: options.processingMs,
    onEvent: (happened) => webhooks.send(JSON.stringify(eventJson(chance.id("evt"), happened, nowMs()))),
  });
  return {
    provider,
    faults,
    webhooks,
    chance,
    keys: createIdempotencyKeys(nowMs),
    underWay: [],
    time,
    passTime: time.pass,
  };
}

/** The sandbox over HTTP, on this machine only. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const parts = createParts(options);
  const decider = createDecider(parts);
  const served: ServedParts = { ...parts, apiKey: options.apiKey, wait: parts.time.wait };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://sandbox");
    const body = await readBody(request);
    const method = request.method ?? "GET";
    if (body === undefined) {
      return sendJson(response, 413, "{}");
    }
    if (url.pathname.startsWith("/sandbox/")) {
      const answer = control(parts, { method, url, body });
      return sendJson(response, answer.status, JSON.stringify(answer.body));
    }
    const answer = await serve(served, {
      method,
      url,
      body,
      authorization: request.headers.authorization ?? "",
      idempotencyKey: headerText(request.headers["idempotency-key"]),
    });
    decider.plan();
    return reply(response, answer, parts.chance.id("req"));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // a client that went away is nothing; anything else is a bug, and the answer says so
      if (!response.destroyed && !response.headersSent) {
        sendJson(response, 500, JSON.stringify({ error: { type: "api_error", message: String(error) } }));
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  return {
    port: portOf(server.address()),
    async close() {
      decider.stop();
      parts.webhooks.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") {
    throw new Error("the sandbox listens on no port");
  }
  return address.port;
}
