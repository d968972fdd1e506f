import type { IncomingMessage, ServerResponse } from "node:http";
import type { Links } from "../../links/links.ts";
import { LinkError } from "../../links/links.ts";
import type { Denial } from "../iam/evaluate.ts";
import { firstDenial } from "../iam/evaluate.ts";
import type { Principal } from "../iam/statement.ts";
import type { AwsService, ServiceRequest, ServiceResponse } from "../service.ts";
import { AwsError } from "../service.ts";
import { createLoopbackServer } from "./loopback-server.ts";
import { credentialScope } from "./signature.ts";

/** Enough for any DynamoDB call (16 MiB) and for the objects of failed batches, small enough for a laptop. */
const bodyBytesMax = 64 * 1024 * 1024;

export interface FrontOptions {
  /** The region whose functions use this front. */
  readonly region: string;
  readonly services: readonly AwsService[];
  readonly principals: (accessKeyId: string) => Principal | undefined;
  readonly links: Links;
  /** A loopback port; a free one when left out. */
  readonly port?: number;
  /** Told of each refused request: a missing permission is worth a line in the world's log. */
  readonly onDenied?: (denial: Denial) => void;
  /** Told of errors that no service meant to throw. The caller gets a 500. */
  readonly onBug?: (error: unknown) => void;
}

export interface Front {
  readonly region: string;
  readonly port: number;
  /** For `AWS_ENDPOINT_URL`. An IP address, because the S3 client then uses path-style addresses. */
  readonly url: string;
  /** A region that is down cuts every connection, at once and until it is up again. */
  setDown(down: boolean): void;
  close(): Promise<void>;
}

/**
 * The one door from a region's functions to AWS: an HTTP server on loopback that routes by the credential scope of
 * the request, crosses the links when another region is asked, and evaluates the caller's permissions.
 * Rejects when the port is taken.
 */
export async function createFront(options: FrontOptions): Promise<Front> {
  const serviceByName = new Map(options.services.map((service) => [service.signingName, service]));
  /** Throws `LinkError` when the request or its answer was lost; in the second case the effect has happened. */
  async function route(incoming: IncomingMessage, body: Buffer): Promise<ServiceResponse> {
    const { path, query } = splitUrl(incoming.url ?? "/");
    const scope = credentialScope(incoming.headers, query);
    if (scope === undefined) {
      return genericError(
        new AwsError("MissingAuthenticationTokenException", "Request is missing Authentication Token", 403),
      );
    }
    const service = serviceByName.get(scope.service);
    if (service === undefined) {
      const message = `The local world has no service that signs as ${scope.service}`;
      return genericError(new AwsError("UnknownServiceException", message, 501));
    }
    const request: ServiceRequest = {
      region: scope.region,
      method: incoming.method ?? "GET",
      path,
      query,
      headers: joinedHeaders(incoming),
      body,
    };
    const isRemote = scope.region !== options.region;
    if (isRemote) await options.links.cross(options.region, scope.region, "request");
    const response = await ask(service, request, options.principals(scope.accessKeyId));
    if (isRemote) await options.links.cross(scope.region, options.region, "request");
    return response;
  }

  async function ask(service: AwsService, request: ServiceRequest, principal: Principal | undefined) {
    try {
      if (principal === undefined) {
        throw new AwsError(
          "UnrecognizedClientException",
          "The security token included in the request is invalid.",
        );
      }
      if (!isDecodable(request.path)) {
        throw new AwsError("InvalidRequest", `The path is not valid percent-encoding: ${request.path}`);
      }
      const denial = firstDenial(principal, service.needs(request));
      if (denial !== undefined) {
        options.onDenied?.(denial);
        throw new AwsError("AccessDeniedException", denial.message);
      }
      return await service.handle(request);
    } catch (error) {
      if (error instanceof LinkError) throw error;
      if (error instanceof AwsError) return service.fail(error, request);
      options.onBug?.(error);
      const message = `The local world failed: ${error instanceof Error ? error.message : String(error)}`;
      return service.fail(new AwsError("InternalServerError", message, 500), request);
    }
  }

  const { port, url, setDown, close } = await createLoopbackServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.onBug === undefined ? {} : { onBug: options.onBug }),
    bodyBytesMax,
    async serve(incoming, outgoing, body) {
      const tooLarge = new AwsError("RequestEntityTooLargeException", "Request too large", 413);
      write(outgoing, body === "too-large" ? genericError(tooLarge) : await route(incoming, body));
    },
  });
  return { region: options.region, port, url, setDown, close };
}

function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const mark = url.indexOf("?");
  if (mark < 0) return { path: url, query: new URLSearchParams() };
  return { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function joinedHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

function write(outgoing: ServerResponse, response: ServiceResponse): void {
  if (outgoing.destroyed) return;
  const length = { "content-length": String(Buffer.byteLength(response.body)) };
  // A service that gives the length itself answers a HEAD: the length of what a GET would send.
  outgoing.writeHead(response.status, { ...length, ...response.headers });
  outgoing.end(response.body);
}

/** For requests of which not even the service is known. */
function genericError(error: AwsError): ServiceResponse {
  return {
    status: error.status,
    headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-errortype": error.code },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}
