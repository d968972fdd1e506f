import { expect, test } from "vitest";
import type { LoopbackAddress, SecondAddress } from "../services/front/loopback-server.ts";
import { openNamedPort } from "./named-port.ts";
import { PortTakenError } from "./regions.ts";

const hosts = ["127.0.0.101", "127.0.0.111"];

/** Doors whose addresses fail as told; free ports count up from 5001. */
function bench(failure: (address: LoopbackAddress, tries: number) => string | undefined) {
  const open = new Set<string>();
  let tries = 0;
  let free = 5_000;
  async function listenAt(address: LoopbackAddress): Promise<SecondAddress> {
    tries += 1;
    const code = failure(address, tries);
    if (code !== undefined) throw Object.assign(new Error(code), { code });
    if (address.port === 0) free += 1;
    const port = address.port || free;
    const label = `${address.host}:${port}`;
    open.add(label);
    return {
      port,
      close: async () => {
        open.delete(label);
      },
    };
  }
  return { open, doors: hosts.map((host) => ({ host, listenAt })) };
}

test("each door answers at its own address, all at one port", async () => {
  const { open, doors } = bench(() => undefined);
  expect(await openNamedPort(doors, 4180)).toBe(4180);
  expect([...open]).toEqual(["127.0.0.101:4180", "127.0.0.111:4180"]);
});

test("where no port is asked for, one that is taken at a later address is given up for another", async () => {
  const { open, doors } = bench(({ port }) => (port === 5_001 ? "EADDRINUSE" : undefined));
  expect(await openNamedPort(doors, undefined)).toBe(5_002);
  expect([...open]).toEqual(["127.0.0.101:5002", "127.0.0.111:5002"]);
});

test("a port that was asked for and is taken is named, and nothing stays open", async () => {
  const { open, doors } = bench((_, tries) => (tries === 2 ? "EADDRINUSE" : undefined));
  await expect(openNamedPort(doors, 4180)).rejects.toEqual(new PortTakenError(4180));
  expect([...open]).toEqual([]);
});

test("a machine without the addresses does without, and nothing stays open", async () => {
  const { open, doors } = bench((_, tries) => (tries === 2 ? "EADDRNOTAVAIL" : undefined));
  expect(await openNamedPort(doors, 4180)).toBeUndefined();
  expect([...open]).toEqual([]);
});
