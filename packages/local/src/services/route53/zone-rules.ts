import { isIPv4, isIPv6 } from "node:net";
import { type DnsName, isWithin, parseDnsName } from "./dns-name.ts";
import {
  groupOf,
  type HostedZoneId,
  hasSameKey,
  isSameGroup,
  type RecordSet,
  type Routing,
  setIdentifierOf,
  type Zone,
} from "./record-set.ts";
import { txtStrings } from "./txt-value.ts";

const txtBytesMax = 255; // RFC 1035, 3.3: a string's length is one byte

type IsForeignTarget = (zoneId: HostedZoneId, target: DnsName) => boolean;

/**
 * What Route 53 would not take in this state of a zone, in its words as far as they are known. Only `written` sets are
 * looked at, each beside all others: an alias whose target is deleted later stays, and answers with nothing.
 */
export function zoneFaults(
  zone: Zone,
  written: readonly RecordSet[],
  isForeignTarget: IsForeignTarget,
): readonly string[] {
  return [...written.flatMap((set) => faultsOfSet(zone, set, isForeignTarget)), ...faultsOfTop(zone)];
}

function faultsOfSet(zone: Zone, set: RecordSet, isForeignTarget: IsForeignTarget): readonly string[] {
  if (!isWithin(set.name, zone.name)) {
    return [`RRSet with DNS name ${set.name} is not permitted in zone ${zone.name}`];
  }
  return [
    ...faultsOfValues(set),
    ...faultsOfCname(zone, set),
    ...faultsOfGroup(zone, set),
    ...faultsOfTarget(zone, set, isForeignTarget),
  ];
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html */
function faultsOfValues({ type, content }: RecordSet): readonly string[] {
  if (content.type === "alias") return [];
  const { values } = content;
  const faults = values.flatMap((value) => {
    const fault = faultOfValue(type, value);
    return fault === undefined ? [] : [`Invalid Resource Record: '${fault} encountered with '${value}''`];
  });
  if (new Set(values).size < values.length) faults.push(`Duplicate Resource Record: '${values.join(", ")}'`);
  return faults;
}

function faultOfValue(type: RecordSet["type"], value: string): string | undefined {
  switch (type) {
    case "A":
      if (isIPv4(value)) return undefined;
      return "FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)";
    case "AAAA":
      if (isIPv6(value)) return undefined;
      return "FATAL problem: AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)";
    case "CNAME":
    case "NS":
      if (parseDnsName(value).ok) return undefined;
      return "FATAL problem: DomainLabelBadChars (Domain label has bad characters)";
    case "TXT": {
      const strings = txtStrings(value);
      if (strings === undefined) {
        return "FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks)";
      }
      if (strings.every((text) => Buffer.byteLength(text) <= txtBytesMax)) return undefined;
      return "FATAL problem: CharacterStringTooLong (Value is too long)";
    }
    case "SOA":
      return undefined;
  }
}

/** A CNAME stands alone at its name, and never at the top of a zone. */
function faultsOfCname(zone: Zone, set: RecordSet): readonly string[] {
  const beside = zone.recordSets.filter((other) => other.name === set.name && other.type !== set.type);
  if (set.type === "CNAME") {
    if (set.name === zone.name) {
      return [`RRSet of type CNAME with DNS name ${set.name} is not permitted at apex in zone ${zone.name}`];
    }
    if (set.content.type === "values" && set.content.values.length > 1) {
      return [`CNAME RRSet with DNS name ${set.name} must have exactly one value`];
    }
    if (beside.length === 0) return [];
    return [
      `RRSet of type CNAME with DNS name ${set.name} is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}`,
    ];
  }
  if (!beside.some((other) => other.type === "CNAME")) return [];
  return [
    `RRSet of type ${set.type} with DNS name ${set.name} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${zone.name}`,
  ];
}

/** All sets of one name and type follow one policy, and no two of them answer for the same. */
function faultsOfGroup(zone: Zone, set: RecordSet): readonly string[] {
  const others = zone.recordSets.filter((other) => isSameGroup(other, set) && !hasSameKey(other, set));
  const { policy } = set.routing;
  const label = `RRSet with DNS name ${set.name}, type ${set.type}`;
  const identified = `${label}, SetIdentifier ${setIdentifierOf(set)}`;
  if (policy === "simple") {
    return others.length === 0
      ? []
      : [`${label} cannot be created as other RRSets exist with the same name and type.`];
  }
  if (others.some((other) => other.routing.policy !== policy)) {
    const sort = policy === "weighted" ? "non-weighted" : `non-${policy}`;
    return [`${identified} cannot be created as a ${sort} set exists with the same name and type.`];
  }
  const place = placeOf(set.routing);
  if (place !== undefined && others.some((other) => placeOf(other.routing)?.text === place.text)) {
    return [
      `${identified}, and ${place.text} cannot be created because a ${policy} RRSet with the same name, type and ${place.noun} already exists.`,
    ];
  }
  return faultsOfPolicy(set, others, identified);
}

function faultsOfPolicy(set: RecordSet, others: readonly RecordSet[], identified: string): readonly string[] {
  const { content, routing } = set;
  if (routing.policy === "failover" && routing.role === "PRIMARY") {
    if (content.type === "alias" || set.healthCheckId !== undefined) return [];
    return ["A non-alias primary ResourceRecordSet must have an associated health check. No changes made."];
  }
  if (routing.policy === "weighted" && content.type === "values") {
    const isSameTtl = ({ content: other }: RecordSet) =>
      other.type === "alias" || other.ttlSeconds === content.ttlSeconds;
    return others.every(isSameTtl)
      ? []
      : [`${identified} cannot be created as weighted sets must contain the same TTL.`];
  }
  return [];
}

/** What at most one set of a group may have. Weights may repeat. */
function placeOf(routing: Routing): { readonly text: string; readonly noun: string } | undefined {
  switch (routing.policy) {
    case "latency":
      return { text: `Region Name=${routing.region}`, noun: "region" };
    case "failover":
      return { text: `Failover=${routing.role}`, noun: "failover role" };
    case "geolocation": {
      const { location } = routing;
      const text = location.type === "default" ? "country *" : `${location.type} ${location.code}`;
      return { text: `GeoLocation=${text}`, noun: "geolocation" };
    }
    case "simple":
    case "weighted":
      return undefined;
  }
}

function faultsOfTarget(zone: Zone, set: RecordSet, isForeignTarget: IsForeignTarget): readonly string[] {
  if (set.content.type === "values") return [];
  const { target, zoneId } = set.content;
  const tried = `Tried to create an alias that targets ${target}, type ${set.type} in zone ${zoneId}`;
  if (zoneId !== zone.id)
    return isForeignTarget(zoneId, target) ? [] : [`${tried}, but that target was not found`];
  const outside = isWithin(target, zone.name)
    ? []
    : [`${tried}, but the alias target name does not lie within the target zone`];
  if (groupOf(zone, target, set.type).length > 0) return outside;
  return [...outside, `${tried}, but that target was not found`];
}

function faultsOfTop(zone: Zone): readonly string[] {
  const faults: string[] = [];
  if (groupOf(zone, zone.name, "SOA").length !== 1)
    faults.push("A HostedZone must contain exactly one SOA record.");
  if (groupOf(zone, zone.name, "NS").length === 0) {
    faults.push("A HostedZone must contain at least one NS record for the zone itself.");
  }
  return faults;
}
