import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { isAddressInUse, isAddressMissing, PortTakenError } from "../world/regions.ts";
import type { Listening } from "./ports.ts";

/** Looked at before anything is built: a person should not wait for a refusal. Rejects with `PortTakenError`. */
export async function requireFree(all: readonly Listening[]): Promise<void> {
  for (const { host, port, transport } of all) {
    try {
      await (transport === "tcp" ? tryTcp(host, port) : tryUdp(host, port));
    } catch (error) {
      if (isAddressInUse(error)) throw new PortTakenError(port);
      if (!isAddressMissing(error)) throw error; // a world does without an address that this machine has not
    }
  }
}

async function tryTcp(host: string, port: number): Promise<void> {
  const probe = createServer();
  probe.listen(port, host);
  await once(probe, "listening");
  await new Promise((resolve) => probe.close(resolve));
}

async function tryUdp(host: string, port: number): Promise<void> {
  const probe = createSocket("udp4");
  try {
    probe.bind(port, host);
    await once(probe, "listening");
  } finally {
    probe.close();
  }
}
