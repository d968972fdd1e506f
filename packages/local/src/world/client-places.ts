/** Where clients are, by their subnet: addresses of documentation (RFC 5737), since a laptop has no neighbourhoods. */
import { regions as regionEntries } from "@antipode/core";
import { defaultLagMs } from "../links/region-lag.ts";
import type { ClientLocation } from "../services/route53/client.ts";
import type { ClientEntry } from "../services/route53/client-table.ts";

const subnetPrefixLength = 26;
const subnetAddresses = 64;

/** Addresses near a region: 203.0.113.0/26 is near the first, 203.0.113.64/26 near the second, and so on to the fourth. */
export function subnetNear(regions: readonly string[], region: string): string {
  return `203.0.113.${regions.indexOf(region) * subnetAddresses}/${subnetPrefixLength}`;
}

/** Round trips as the links are without faults: Route 53 measures over weeks, and knows nothing of today's. */
export function clientNear(regions: readonly string[], region: string): ClientLocation {
  const continent = regionEntries.find(({ name }) => name === region)?.continent;
  return {
    ...(continent === undefined ? {} : { continent }),
    latencyMsByRegion: Object.fromEntries(regions.map((to) => [to, 2 * defaultLagMs(region, to)])),
  };
}

/** Who asks from elsewhere is near the first region, and on no continent: as a client whose place nobody knows. */
export function clientElsewhere(regions: readonly string[]): ClientLocation {
  const { latencyMsByRegion } = clientNear(regions, regions[0] ?? "");
  return { latencyMsByRegion };
}

export function clientEntries(regions: readonly string[]): readonly ClientEntry[] {
  return regions.map((region) => ({
    subnet: subnetNear(regions, region),
    location: clientNear(regions, region),
  }));
}
