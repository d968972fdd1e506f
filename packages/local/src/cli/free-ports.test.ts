import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { PortTakenError } from "../world/regions.ts";
import { requireFree } from "./free-ports.ts";

const host = "127.0.0.1";

test("a port that is taken is named, for the transport that it is taken for", async () => {
  const tcp = createServer().listen(0, host);
  const udp = createSocket("udp4").bind(0, host);
  await Promise.all([once(tcp, "listening"), once(udp, "listening")]);
  const [tcpPort, udpPort] = [(tcp.address() as AddressInfo).port, udp.address().port];
  const look = (port: number, transport: "tcp" | "udp") => requireFree([{ host, port, transport }]);
  await expect(look(tcpPort, "tcp")).rejects.toEqual(new PortTakenError(tcpPort));
  await expect(look(udpPort, "udp")).rejects.toEqual(new PortTakenError(udpPort));
  udp.close();
  await once(udp, "close");
  await look(udpPort, "udp");
  tcp.close();
  await once(tcp, "close");
  await look(tcpPort, "tcp");
  await look(tcpPort, "tcp"); // it was only looked at
});

test("an address that this machine has not is none that is taken", async () => {
  await requireFree([{ host: "203.0.113.7", port: 4180, transport: "tcp" }]);
});
