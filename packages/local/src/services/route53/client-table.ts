import { BlockList, isIPv4 } from "node:net";
import type { ClientLocation } from "./client.ts";

export interface ClientEntry {
  /** `203.0.113.0/24`, `2001:db8::/32` */
  readonly subnet: string;
  readonly location: ClientLocation;
}

export interface LocatedClient {
  readonly location: ClientLocation;
  /** Of the subnet that was found; 0 when the address is in none. */
  readonly prefixLength: number;
}

export type LocateClient = (address: string) => LocatedClient;

/** Finds an address in the longest subnet that holds it. Throws when a subnet is none. */
export function createClientTable(entries: readonly ClientEntry[], elsewhere: ClientLocation): LocateClient {
  const subnets = entries
    .map(({ subnet, location }) => {
      const [address = "", length = ""] = subnet.split("/");
      const list = new BlockList();
      list.addSubnet(address, Number(length), familyOf(address));
      return { list, location, prefixLength: Number(length) };
    })
    .sort((left, right) => right.prefixLength - left.prefixLength);
  return (address) => {
    const found = subnets.find(({ list }) => list.check(address, familyOf(address)));
    return { location: found?.location ?? elsewhere, prefixLength: found?.prefixLength ?? 0 };
  };
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv4(address) ? "ipv4" : "ipv6";
}
