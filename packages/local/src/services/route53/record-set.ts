import type { Brand } from "@antipode/core";
import { type DnsName, reversedLabels } from "./dns-name.ts";

export type HostedZoneId = Brand<"HostedZoneId">;
export type HealthCheckId = Brand<"HealthCheckId">;

/** What the infrastructure uses; a set of another type is refused by name. */
export const recordTypes = ["A", "AAAA", "CNAME", "TXT", "NS", "SOA"] as const;
export type RecordType = (typeof recordTypes)[number];

export function isRecordType(text: string): text is RecordType {
  return recordTypes.some((type) => type === text);
}

export type GeoLocation =
  | { readonly type: "continent"; readonly code: string }
  | { readonly type: "country"; readonly code: string }
  | { readonly type: "default" };

/** How Route 53 chooses among the sets of one name and type. Every policy but `simple` tells its sets apart by an id. */
export type Routing =
  | { readonly policy: "simple" }
  | { readonly policy: "weighted"; readonly setIdentifier: string; readonly weight: number }
  | { readonly policy: "latency"; readonly setIdentifier: string; readonly region: string }
  | { readonly policy: "failover"; readonly setIdentifier: string; readonly role: "PRIMARY" | "SECONDARY" }
  | { readonly policy: "geolocation"; readonly setIdentifier: string; readonly location: GeoLocation };

export interface RecordValues {
  readonly type: "values";
  readonly ttlSeconds: number;
  /** As Route 53 takes them: a TXT value with its quotes. */
  readonly values: readonly string[];
}

export interface Alias {
  readonly type: "alias";
  /** The zone that holds the target: the own one, or one of AWS such as CloudFront's. */
  readonly zoneId: HostedZoneId;
  readonly target: DnsName;
  readonly evaluateTargetHealth: boolean;
}

export interface RecordSet {
  readonly name: DnsName;
  readonly type: RecordType;
  readonly routing: Routing;
  readonly content: RecordValues | Alias;
  readonly healthCheckId?: HealthCheckId;
}

export interface Zone {
  readonly id: HostedZoneId;
  readonly name: DnsName;
  readonly recordSets: readonly RecordSet[];
}

export function setIdentifierOf(set: RecordSet): string | undefined {
  return set.routing.policy === "simple" ? undefined : set.routing.setIdentifier;
}

/** The sets that answer for one name and type, among which the policy chooses. */
export function groupOf(zone: Zone, name: DnsName, type: RecordType): readonly RecordSet[] {
  return zone.recordSets.filter((set) => set.name === name && set.type === type);
}

export function isSameGroup(left: RecordSet, right: RecordSet): boolean {
  return left.name === right.name && left.type === right.type;
}

export function hasSameKey(left: RecordSet, right: RecordSet): boolean {
  return isSameGroup(left, right) && setIdentifierOf(left) === setIdentifierOf(right);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The order in which Route 53 lists a zone. */
export function compareRecordSets(left: RecordSet, right: RecordSet): number {
  return (
    compareText(reversedLabels(left.name), reversedLabels(right.name)) ||
    compareText(left.type, right.type) ||
    compareText(setIdentifierOf(left) ?? "", setIdentifierOf(right) ?? "")
  );
}
