import type { SecondAddress } from "../services/front/loopback-server.ts";
import { addressOf } from "./region-addresses.ts";
import { isAddressMissing, onPort, type Regions } from "./regions.ts";

/** Where no port is asked for, one that is free at the first address may be taken at another. */
const triesMax = 20;

/**
 * Opens every region's API at one port, each at an address of its own, as names lead to them. Nothing when this machine
 * has no such addresses: Linux has all of 127.0.0.0/8, macOS only what `ifconfig lo0 alias` gave it.
 */
export async function openNamedPort(
  names: readonly string[],
  regions: Pick<Regions, "listenAt">,
  port: number | undefined,
): Promise<number | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const opened: SecondAddress[] = [];
    try {
      let taken = port;
      for (const region of names) {
        const door = await onPort(taken, (at) =>
          regions.listenAt(region, { host: addressOf(names, region), port: at.port ?? 0 }),
        );
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
