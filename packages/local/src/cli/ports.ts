import type { NamePorts } from "../world/names.ts";
import { addressOf, edgeAddressOf } from "../world/region-addresses.ts";
import type { RegionPorts } from "../world/regions.ts";

/** Every port that a person meets, from one: a world beside another is a matter of one number. */
export interface WorldPorts {
  readonly control: number;
  readonly regions: Readonly<Record<string, RegionPorts>>;
  readonly payments: number;
  /** The CDN's edge location near each region. */
  readonly edges: Readonly<Record<string, number>>;
  readonly names: NamePorts;
}

/** There are fewer regions than ten, so no row reaches the next. */
const apisAt = 1;
const endpointsAt = 11;
const paymentsAt = 21;
const edgesAt = 31;
/** As the ports that DNS and HTTP have. */
const dnsAt = 53;
const namedAt = 80;

export function portsFrom(base: number, regions: readonly string[]): WorldPorts {
  const pairs = regions.map(
    (region, index) =>
      [region, { api: base + apisAt + index, endpoint: base + endpointsAt + index }] as const,
  );
  return {
    control: base,
    regions: Object.fromEntries(pairs),
    payments: base + paymentsAt,
    edges: Object.fromEntries(regions.map((region, index) => [region, base + edgesAt + index])),
    names: { dns: base + dnsAt, named: base + namedAt },
  };
}

/** Where the world will listen. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  readonly transport: "tcp" | "udp";
}

const here = "127.0.0.1";

/** One of each, for whoever looks whether they are free. */
export function allListening({ control, regions, payments, edges, names }: WorldPorts): readonly Listening[] {
  const pairs = Object.values(regions).flatMap(({ api, endpoint }) => [api, endpoint]);
  const all = Object.keys(regions);
  return [
    ...[control, ...pairs, payments, ...Object.values(edges), names.dns].map(
      (port) => ({ host: here, port, transport: "tcp" }) as const,
    ),
    { host: here, port: names.dns, transport: "udp" },
    ...[addressOf, edgeAddressOf].flatMap((address) =>
      all.map((region) => ({ host: address(all, region), port: names.named, transport: "tcp" }) as const),
    ),
  ];
}
