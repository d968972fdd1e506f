import type { LoopbackAddress, SecondAddress } from "../services/front/loopback-server.ts";
import { isAddressMissing, onPort } from "./regions.ts";

/** Something that names lead to. */
export interface NamedDoor {
  /** The address of its own. */
  readonly host: string;
  readonly listenAt: (address: LoopbackAddress) => Promise<SecondAddress>;
}

/** Where no port is asked for, one that is free at the first address may be taken at another. */
const triesMax = 20;

/**
 * Opens all that names lead to at one port, each at an address of its own. Nothing when this machine
 * has no such addresses: Linux has all of 127.0.0.0/8, macOS only what `ifconfig lo0 alias` gave it.
 */
export async function openNamedPort(
  doors: readonly NamedDoor[],
  port: number | undefined,
): Promise<number | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const opened: SecondAddress[] = [];
    try {
      let taken = port;
      for (const { host, listenAt } of doors) {
        const door = await onPort(taken, (at) => listenAt({ host, port: at.port ?? 0 }));
        opened.push(door);
        taken = door.port;
      }
      return taken;
    } catch (error) {
      for (const door of opened) await door.close();
      if (isAddressMissing(error)) return undefined;
      if (port !== undefined || attempt === triesMax) throw error;
    }
  }
}
