import type { AliasTarget } from "../provision/alias-targets.ts";
import type { ForeignValues } from "../services/route53/answer.ts";
import type { ClientLocation } from "../services/route53/client.ts";

/** Beside 127.0.0.1 and far from what systems use (127.0.0.53); 101 is the first region, as its API is at port 4101. */
const firstAddress = 101;

/** How long an answer for an alias to an API or a CDN may be kept: AWS does not let one choose. */
const aliasTtlSeconds = 60;

/** The CDN's edge locations follow, one near each region: 111 is near the first. */
const firstEdgeAddress = 111;

/** The address of a region's API at the port that all regions share: 127.0.0.101, .102, in the order of the regions. */
export function addressOf(regions: readonly string[], region: string): string {
  return `127.0.0.${firstAddress + regions.indexOf(region)}`;
}

/** The address of the CDN's edge location near a region: 127.0.0.111, .112, at the port that all names lead to. */
export function edgeAddressOf(regions: readonly string[], region: string): string {
  return `127.0.0.${firstEdgeAddress + regions.indexOf(region)}`;
}

/** The region of an address that names lead to. */
export function regionAt(regions: readonly string[], address: string): string | undefined {
  return regions.find((region) => addressOf(regions, region) === address);
}

/** What names of AWS's own zones stand for on this machine. All of it has addresses of version 4 only. */
export function createForeignValues(
  regions: readonly string[],
  aliasTargets: readonly AliasTarget[],
): ForeignValues {
  return ({ zoneId, target }, type, client) => {
    const found = aliasTargets.find((one) => one.zoneId === zoneId && one.target === target);
    if (found === undefined || type !== "A") return undefined;
    const { leadsTo } = found;
    const value =
      leadsTo.type === "api"
        ? addressOf(regions, leadsTo.region)
        : edgeAddressOf(regions, nearestRegion(regions, client));
    const dependsOnClient = leadsTo.type === "cdn";
    return { type: "values", ttlSeconds: aliasTtlSeconds, values: [value], dependsOnClient };
  };
}

/** Of which nobody knows where it is, is near the first. */
function nearestRegion(regions: readonly string[], { latencyMsByRegion }: ClientLocation): string {
  const latency = (region: string) => latencyMsByRegion[region] ?? Number.POSITIVE_INFINITY;
  const [first = "", ...others] = regions;
  return others.reduce((best, region) => (latency(region) < latency(best) ? region : best), first);
}
