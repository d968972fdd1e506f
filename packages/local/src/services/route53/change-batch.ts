import { AwsError } from "../service.ts";
import { parseDnsName } from "./dns-name.ts";
import { invalidInput, notBuilt, numberIn } from "./input.ts";
import {
  type Alias,
  type GeoLocation,
  type HealthCheckId,
  type HostedZoneId,
  isRecordType,
  type RecordSet,
  type RecordValues,
  type Routing,
} from "./record-set.ts";
import { childOf, childrenOf, textOf, type XmlElement } from "./xml.ts";
import type { Change } from "./zone.ts";

const ttlSecondsMax = 2_147_483_647; // RFC 2181, 8
const weightMax = 255;
const policyFields = [
  "Weight",
  "Region",
  "Failover",
  "GeoLocation",
  "MultiValueAnswer",
  "GeoProximityLocation",
  "CidrRoutingConfig",
];
/** What Route 53 has and this one has not: taking it in silence would be a lie. */
const unbuiltFields = [
  "MultiValueAnswer",
  "GeoProximityLocation",
  "CidrRoutingConfig",
  "TrafficPolicyInstanceId",
];

/** The changes of a request. Throws `InvalidInput` as Route 53 does, when their form is wrong. */
export function readChanges(body: XmlElement): readonly Change[] {
  const changes = childrenOf(childOf(childOf(body, "ChangeBatch"), "Changes"), "Change");
  if (changes.length === 0) throw invalidInput("Invalid request: Missing field 'Changes' in ChangeBatch");
  return changes.map(readChange);
}

function readChange(change: XmlElement): Change {
  const action = textOf(change, "Action");
  if (action !== "CREATE" && action !== "UPSERT" && action !== "DELETE") {
    throw invalidInput(`Invalid request: ${action} is no action: CREATE, DELETE or UPSERT`);
  }
  const set = childOf(change, "ResourceRecordSet");
  const [nameText, type] = [textOf(set, "Name") ?? "", textOf(set, "Type") ?? ""];
  const where = `in Change with [Action=${action}, Name=${nameText}, Type=${type}, SetIdentifier=${textOf(set, "SetIdentifier") ?? null}]`;
  const unbuilt = unbuiltFields.find((field) => childOf(set, field) !== undefined);
  if (set === undefined || unbuilt !== undefined)
    throw notBuilt(unbuilt ?? "a change without ResourceRecordSet");
  const name = parseDnsName(nameText);
  if (!name.ok) {
    throw new AwsError(
      "InvalidChangeBatch",
      `[FATAL problem: DomainLabelBadChars encountered with '${nameText}']`,
    );
  }
  if (!isRecordType(type)) throw notBuilt(`record sets of type ${type}`);
  const healthCheckId = textOf(set, "HealthCheckId");
  return {
    action,
    recordSet: {
      name: name.value,
      type,
      routing: readRouting(set, where),
      content: readContent(set, where),
      ...(healthCheckId === undefined ? {} : { healthCheckId: healthCheckId as HealthCheckId }),
    },
  };
}

function readRouting(set: XmlElement, where: string): Routing {
  const setIdentifier = textOf(set, "SetIdentifier");
  const given = policyFields.filter((field) => childOf(set, field) !== undefined);
  if (setIdentifier === undefined) {
    if (given.length > 0) throw invalidInput(`Invalid request: Missing field 'SetIdentifier' ${where}`);
    return { policy: "simple" };
  }
  if (given.length !== 1) {
    const expected = `[${policyFields.slice(0, -1).join(", ")}, or ${policyFields.at(-1)}]`;
    const found = given.length === 0 ? "none" : "more than one";
    throw invalidInput(`Invalid request: Expected exactly one of ${expected}, but found ${found} ${where}`);
  }
  const region = textOf(set, "Region");
  if (region !== undefined) return { policy: "latency", setIdentifier, region };
  const location = childOf(set, "GeoLocation");
  if (location !== undefined)
    return { policy: "geolocation", setIdentifier, location: readLocation(location) };
  const role = textOf(set, "Failover");
  if (role === undefined) {
    return { policy: "weighted", setIdentifier, weight: numberIn(set, "Weight", 0, weightMax) ?? 0 };
  }
  if (role !== "PRIMARY" && role !== "SECONDARY")
    throw invalidInput(`Invalid request: ${role} is no failover role`);
  return { policy: "failover", setIdentifier, role };
}

function readLocation(location: XmlElement): GeoLocation {
  const [continent, country] = [textOf(location, "ContinentCode"), textOf(location, "CountryCode")];
  if (childOf(location, "SubdivisionCode") !== undefined) throw notBuilt("geolocation by SubdivisionCode");
  if ((continent === undefined) === (country === undefined)) {
    throw invalidInput("Invalid request: a GeoLocation has either a ContinentCode or a CountryCode");
  }
  if (continent !== undefined) return { type: "continent", code: continent };
  return country === "*" ? { type: "default" } : { type: "country", code: country ?? "" };
}

function readContent(set: XmlElement, where: string): RecordSet["content"] {
  const alias = childOf(set, "AliasTarget");
  const values = childrenOf(childOf(set, "ResourceRecords"), "ResourceRecord").map(
    (one) => textOf(one, "Value") ?? "",
  );
  const ttlSeconds = numberIn(set, "TTL", 0, ttlSecondsMax);
  if (alias === undefined && ttlSeconds !== undefined && values.length > 0) {
    return { type: "values", ttlSeconds, values } satisfies RecordValues;
  }
  if (alias !== undefined && ttlSeconds === undefined && values.length === 0) return readAlias(alias);
  const found = alias === undefined ? "none" : "more than one";
  throw invalidInput(
    `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${found} ${where}`,
  );
}

function readAlias(alias: XmlElement): Alias {
  const target = parseDnsName(textOf(alias, "DNSName") ?? "");
  const zoneId = textOf(alias, "HostedZoneId");
  const evaluates = textOf(alias, "EvaluateTargetHealth");
  if (!target.ok || zoneId === undefined || evaluates === undefined) {
    throw invalidInput("Invalid request: an AliasTarget has HostedZoneId, DNSName and EvaluateTargetHealth");
  }
  return {
    type: "alias",
    zoneId: zoneId as HostedZoneId,
    target: target.value,
    evaluateTargetHealth: evaluates === "true",
  };
}
