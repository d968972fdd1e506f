import type { RegionPorts } from "../world/regions.ts";

/** Every port that a person meets, from one: a world beside another is a matter of one number. */
export interface WorldPorts {
  readonly control: number;
  readonly regions: Readonly<Record<string, RegionPorts>>;
  readonly payments: number;
}

/** There are fewer regions than ten, so neither row reaches the next. */
const apisAt = 1;
const endpointsAt = 11;
const paymentsAt = 21;

export function portsFrom(base: number, regions: readonly string[]): WorldPorts {
  const pairs = regions.map(
    (region, index) =>
      [region, { api: base + apisAt + index, endpoint: base + endpointsAt + index }] as const,
  );
  return { control: base, regions: Object.fromEntries(pairs), payments: base + paymentsAt };
}

/** One of each, for whoever looks whether they are free. */
export function allPorts({ control, regions, payments }: WorldPorts): readonly number[] {
  return [control, ...Object.values(regions).flatMap(({ api, endpoint }) => [api, endpoint]), payments];
}
