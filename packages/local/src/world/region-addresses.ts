import type { AliasTarget } from "../provision/alias-targets.ts";
import type { ForeignValues } from "../services/route53/answer.ts";
import type { RecordType } from "../services/route53/record-set.ts";

/** Beside 127.0.0.1 and far from what systems use (127.0.0.53); 101 is the first region, as its API is at port 4101. */
const firstAddress = 101;

/** How long an answer for an alias to an API or a CDN may be kept: AWS does not let one choose. */
const aliasTtlSeconds = 60;

/** No CDN runs here: addresses of documentation, at which nobody answers (RFC 5737, RFC 3849). */
const cdnAddresses: Readonly<Partial<Record<RecordType, string>>> = { A: "192.0.2.1", AAAA: "2001:db8::1" };

/** The address of a region's API at the port that all regions share: 127.0.0.101, .102, in the order of the regions. */
export function addressOf(regions: readonly string[], region: string): string {
  return `127.0.0.${firstAddress + regions.indexOf(region)}`;
}

/** The region of an address that names lead to. */
export function regionAt(regions: readonly string[], address: string): string | undefined {
  return regions.find((region) => addressOf(regions, region) === address);
}

/** What names of AWS's own zones stand for on this machine. */
export function createForeignValues(
  regions: readonly string[],
  aliasTargets: readonly AliasTarget[],
): ForeignValues {
  return ({ zoneId, target }, type) => {
    const found = aliasTargets.find((one) => one.zoneId === zoneId && one.target === target);
    const value = found === undefined ? undefined : addressFor(found, type, regions);
    return value === undefined ? undefined : { type: "values", ttlSeconds: aliasTtlSeconds, values: [value] };
  };
}

/** A regional API has addresses of version 4 only. */
function addressFor(
  { leadsTo }: AliasTarget,
  type: RecordType,
  regions: readonly string[],
): string | undefined {
  if (leadsTo.type === "cdn") return cdnAddresses[type];
  return type === "A" ? addressOf(regions, leadsTo.region) : undefined;
}
