import { createServer, type IncomingHttpHeaders, type Server } from "node:http";

export interface FakeAwsRequest {
  readonly method: string;
  /** Path and query, as they arrived. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeAwsAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A loopback server that answers as a test says an AWS service would. */
export interface FakeAws {
  readonly endpoint: string;
  readonly requests: readonly FakeAwsRequest[];
  close(): void;
}

/** On a free loopback port. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the server has no port");
  }
  return `http://127.0.0.1:${address.port}`;
}

/** `answer` gives nothing for a request that is never answered, and `hang-up` for one whose connection breaks. */
export async function startFakeAws(
  answer: (request: FakeAwsRequest) => FakeAwsAnswer | "hang-up" | undefined,
): Promise<FakeAws> {
  const requests: FakeAwsRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: string[] = [];
    incoming.setEncoding("utf8");
    for await (const chunk of incoming) {
      chunks.push(String(chunk));
    }
    const { method = "", url = "", headers } = incoming;
    const request = { method, url, headers, body: chunks.join("") };
    requests.push(request);
    const reply = answer(request);
    if (reply === "hang-up") {
      outgoing.destroy();
    } else if (reply !== undefined) {
      outgoing.writeHead(reply.status, reply.headers).end(reply.body);
    }
  });
  const endpoint = await listen(server);
  return {
    endpoint,
    requests,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
