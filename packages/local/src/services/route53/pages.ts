import { type DnsName, parseDnsName, printedName, reversedLabels } from "./dns-name.ts";
import { invalidInput } from "./input.ts";
import { compareRecordSets, setIdentifierOf, type Zone } from "./record-set.ts";
import { hostedZoneXml, recordSetXml } from "./wire.ts";
import type { XmlContent } from "./xml.ts";

/** What Route 53 returns at most in one page. */
const recordSetsMax = 300;
const zonesMax = 100;

/** `ListResourceRecordSets`: from the set that is named on. Throws `InvalidInput`. */
export function recordSetPage(zone: Zone, query: URLSearchParams): XmlContent {
  const [name, type, identifier] = [query.get("name"), query.get("type"), query.get("identifier")];
  if (name === null && type !== null)
    throw invalidInput("Invalid request: a type needs a name to start with");
  const from = name === null ? "" : reversedLabels(nameIn(name));
  const sets = [...zone.recordSets].sort(compareRecordSets).filter((set) => {
    const labels = reversedLabels(set.name);
    if (labels !== from) return labels > from;
    if (type === null || set.type !== type) return type === null || set.type > type;
    return identifier === null || (setIdentifierOf(set) ?? "") >= identifier;
  });
  const max = maxItems(query, recordSetsMax);
  const next = sets[max];
  return [
    [
      "ResourceRecordSets",
      sets.slice(0, max).map((set) => ["ResourceRecordSet", recordSetXml(set)] as const),
    ],
    ["IsTruncated", next !== undefined],
    ["NextRecordName", next && printedName(next.name)],
    ["NextRecordType", next?.type],
    ["NextRecordIdentifier", next && setIdentifierOf(next)],
    ["MaxItems", max],
  ];
}

/** `ListHostedZonesByName`: from the name, and the zone of that name, on. Throws `InvalidInput`. */
export function hostedZonePage(zones: readonly Zone[], query: URLSearchParams): XmlContent {
  const [name, id] = [query.get("dnsname"), query.get("hostedzoneid")];
  const from = name === null ? "" : reversedLabels(nameIn(name));
  const key = (zone: Zone) => `${reversedLabels(zone.name)} ${zone.id}`;
  const listed = zones
    .filter((zone) => key(zone) >= `${from} ${id ?? ""}`)
    .sort((left, right) => (key(left) < key(right) ? -1 : 1));
  const max = maxItems(query, zonesMax);
  const next = listed[max];
  return [
    ["HostedZones", listed.slice(0, max).map((zone) => ["HostedZone", hostedZoneXml(zone)] as const)],
    ["DNSName", name ?? undefined],
    ["HostedZoneId", id ?? undefined],
    ["IsTruncated", next !== undefined],
    ["NextDNSName", next?.name],
    ["NextHostedZoneId", next?.id],
    ["MaxItems", max],
  ];
}

function nameIn(text: string): DnsName {
  const name = parseDnsName(text);
  if (!name.ok) throw invalidInput(`Invalid request: ${text} is no domain name`);
  return name.value;
}

function maxItems(query: URLSearchParams, limit: number): number {
  const wanted = Number(query.get("maxitems") ?? limit);
  if (!Number.isInteger(wanted) || wanted < 1)
    throw invalidInput("Invalid request: MaxItems is a whole number above 0");
  return Math.min(wanted, limit);
}
