import { createServer, request } from "node:http";
import { listen } from "./fake-aws.ts";

/** A loopback way to a service on which answers get lost. */
export interface LosingProxy {
  readonly endpoint: string;
  /** The next request of that operation is carried out; its caller sees the connection break. */
  loseNext(operation: string): void;
  close(): void;
}

export async function startLosingProxy(target: string): Promise<LosingProxy> {
  const losses: string[] = [];
  /** Takes the loss that is due for this request, if one is. */
  function isLost(header: string | string[] | undefined): boolean {
    const index = losses.findIndex((operation) => header?.toString().endsWith(`.${operation}`));
    return index >= 0 && losses.splice(index, 1).length > 0;
  }
  const server = createServer((incoming, outgoing) => {
    const lost = isLost(incoming.headers["x-amz-target"]);
    const { method, headers, url = "/" } = incoming;
    const onward = request(new URL(url, target), { method, headers, agent: false }, (answer) => {
      if (lost) {
        answer.resume().on("end", () => outgoing.destroy());
      } else {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  const endpoint = await listen(server);
  return {
    endpoint,
    loseNext: (operation) => void losses.push(operation),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
