import { createServer, type IncomingMessage } from "node:http";

export interface Loopback {
  readonly url: string;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

export interface StoreAnswer {
  readonly status: number;
  readonly body: string;
  /** Beside the content type, or in its place. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An endpoint on a free loopback port that answers as told, as DynamoDB does where nothing else is said. */
export async function serveStore(
  answer: (request: IncomingMessage, body: string) => StoreAnswer | Promise<StoreAnswer>,
): Promise<Loopback> {
  const server = createServer((request, response) => {
    bodyOf(request)
      .then((body) => answer(request, body))
      .catch(
        (error: unknown): StoreAnswer => ({
          status: 500,
          body: JSON.stringify({ __type: "InternalServerError", message: String(error) }),
        }),
      )
      .then(({ status, body, headers }) => {
        response.writeHead(status, { "content-type": "application/x-amz-json-1.0", ...headers }).end(body);
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the store has no port");
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
