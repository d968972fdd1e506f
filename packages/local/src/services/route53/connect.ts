import { type ClientRequest, request } from "node:http";
import { connect as openSocket, type Socket } from "node:net";

/** What a checker reaches for. */
export interface Endpoint {
  readonly type: "HTTP" | "HTTPS";
  readonly host: string;
  readonly port: number;
}

export interface EndpointAnswer {
  readonly status: number;
  /** The words behind the status. */
  readonly reason: string;
}

export interface Connection {
  /** Rejects when the connection breaks, or the signal says so. */
  get(path: string, signal: AbortSignal): Promise<EndpointAnswer>;
  close(): void;
}

/** Connects, in two steps because each has its own time limit. Rejects when that fails, or the signal says so. */
export type Connect = (endpoint: Endpoint, signal: AbortSignal) => Promise<Connection>;

/** Where an endpoint is on this machine; nothing when its name leads nowhere. */
export type LocateEndpoint = (
  endpoint: Endpoint,
) => { readonly host: string; readonly port: number } | undefined;

/**
 * Connects over loopback, where HTTPS is plain HTTP: the local world has no certificates. The request carries the name
 * that the check has, as behind SNI.
 */
export function createLoopbackConnect(locate: LocateEndpoint): Connect {
  return async (endpoint, signal) => {
    const address = locate(endpoint);
    if (address === undefined) throw new Error(`no address for ${endpoint.host}`);
    const socket = await connected(address, signal);
    return {
      get: (path, answerSignal) => get(socket, endpoint, path, answerSignal),
      close: () => socket.destroy(),
    };
  };
}

function connected(
  address: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = openSocket({ ...address, signal });
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.on("error", () => {}); // the request on it tells
      resolve(socket);
    });
    socket.once("error", reject);
  });
}

function get(socket: Socket, { host }: Endpoint, path: string, signal: AbortSignal): Promise<EndpointAnswer> {
  return new Promise((resolve, reject) => {
    const headers = {
      host,
      "user-agent": "Amazon-Route53-Health-Check-Service (local)",
      connection: "close",
    };
    const asking: ClientRequest = request(
      { path, headers, signal, createConnection: () => socket },
      (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode ?? 0, reason: answer.statusMessage ?? "" });
      },
    );
    asking.once("error", reject);
    asking.end();
  });
}
