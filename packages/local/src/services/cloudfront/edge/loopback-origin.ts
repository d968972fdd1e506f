import { Agent, type ClientRequest, type IncomingMessage, request as send } from "node:http";
import type { Origin } from "../distribution-config.ts";
import { type OriginAnswer, OriginError, type RequestBody, type SendToOrigin } from "./ask-origins.ts";
import { drained } from "./drained.ts";
import type { HeaderFields } from "./header-fields.ts";
import { targetAt } from "./origin-requests.ts";

/** Where an origin is on this machine; nothing when its name leads nowhere. */
export type LocateOrigin = (origin: Origin) => { readonly host: string; readonly port: number } | undefined;

export interface LoopbackOrigins {
  readonly send: SendToOrigin;
  close(): void;
}

/**
 * Asks origins over loopback, where HTTPS is plain HTTP: the local world has no certificates. Connections are kept as long
 * as the origin's settings say.
 */
export function createLoopbackOrigins(locate: LocateOrigin): LoopbackOrigins {
  const agents = new Map<number, Agent>();
  const agentOf = ({ keepaliveTimeoutSeconds: seconds }: Origin): Agent => {
    const known = agents.get(seconds);
    if (known !== undefined) return known;
    const agent = new Agent({ keepAlive: true, timeout: seconds * 1_000 });
    agents.set(seconds, agent);
    return agent;
  };
  return {
    async send(origin, request, { signal, onConnected, body }) {
      const address = locate(origin);
      if (address === undefined) throw new OriginError("origin-unresolved");
      const asking = send({
        ...address,
        method: request.method,
        path: targetAt(origin, request),
        headers: { ...mutable(request.headers), host: origin.domainName },
        agent: agentOf(origin),
        signal,
      });
      return answerOf(asking, onConnected, body);
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

function answerOf(
  asking: ClientRequest,
  onConnected: () => void,
  body: RequestBody | undefined,
): Promise<OriginAnswer> {
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const connected = () => {
      isConnected = true;
      onConnected();
    };
    asking.once("socket", (socket) => {
      if (socket.connecting) socket.once("connect", connected);
      else connected();
    });
    asking.on("error", () => reject(new OriginError(isConnected ? "origin-broken" : "origin-unreachable")));
    asking.once("response", (incoming) => resolve(toAnswer(incoming)));
    if (body === undefined) asking.end();
    else pour(body, asking).catch(() => asking.destroy());
  });
}

/** Slowly enough for whoever takes it. */
async function pour(body: RequestBody, asking: ClientRequest): Promise<void> {
  for await (const chunk of body) {
    if (asking.destroyed) return;
    if (!asking.write(chunk)) await drained(asking);
  }
  asking.end();
}

function toAnswer(incoming: IncomingMessage): OriginAnswer {
  return {
    status: incoming.statusCode ?? 502,
    headers: headersOf(incoming),
    body: incoming,
    discard: () => void incoming.destroy(),
  };
}

/** Several headers of one name are one list, but for cookies. */
export function headersOf(incoming: IncomingMessage): HeaderFields {
  return Object.fromEntries(
    Object.entries(incoming.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

export function mutable(headers: HeaderFields): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
  );
}
