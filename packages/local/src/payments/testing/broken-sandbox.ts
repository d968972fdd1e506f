/** Stands in for a payment sandbox that does not do what it should; its key says which way. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const [, way] = /--api-key (\S+)/.exec(process.argv.join(" ")) ?? [];

switch (way) {
  case "complains":
    console.error("no good:\n  reasons");
    process.exit(3);
    break;
  case "babbles":
    console.log("hello");
    setInterval(() => {}, 1_000);
    break;
  default: {
    // Serves one request, and ends with it; or never ends by itself, whatever it is told.
    if (way === "stays") process.on("SIGTERM", () => {});
    const server = createServer((request) => {
      if (way === "dies") process.exit(1);
      request.socket.destroy();
    });
    server.listen(0, "127.0.0.1", () => {
      console.log(JSON.stringify({ port: (server.address() as AddressInfo).port, pid: process.pid }));
    });
  }
}
